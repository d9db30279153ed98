"""A lesson passes when its target sounds are right, and names those that are not."""

from __future__ import annotations

from pronounce_kiosk.core.score import PhoneScore
from pronounce_kiosk.core.sentence import Sentence, SentenceList
from pronounce_kiosk.history.records import SentenceName
from pronounce_kiosk.session.lessons import lesson_of
from pronounce_kiosk.session.progress import name_of

TREE, HEAD, LEG, MEAT = (
    Sentence(str(n), text, "ko") for n, text in enumerate(("나무", "머리", "다리", "고기"))
)
LESSON = SentenceList("l", "l", "ko", (TREE, HEAD, LEG, MEAT), targets=("ㄹ", "ㄱ"))
Newest = dict[SentenceName, tuple[PhoneScore, ...]]


def said(points: dict[str, float]) -> tuple[PhoneScore, ...]:
    return tuple(PhoneScore(phone, value) for phone, value in points.items())


def test_nothing_said_is_not_passed() -> None:
    lesson = lesson_of(LESSON, {})
    assert not lesson.begun
    assert not lesson.passed
    first = lesson.missing[0]
    assert {unit.text for unit in lesson.missing} == {"ㄹ", "ㄱ"}
    assert [name.sentence_id for name in first.sentences] == ["1", "2"]


def test_it_passes_with_every_target_right_in_two_sentences_or_in_all_there_are() -> None:
    newest: Newest = {
        name_of(LESSON, HEAD): said({"ㄹ": 95.0}),
        name_of(LESSON, MEAT): said({"ㄱ": 90.0}),
    }
    assert [unit.text for unit in lesson_of(LESSON, newest).missing] == ["ㄹ"]
    newest[name_of(LESSON, LEG)] = said({"ㄹ": 81.0, "ㄷ": 10.0})
    assert lesson_of(LESSON, newest).passed


def test_a_target_that_went_wrong_is_named_with_its_sentences_worst_first() -> None:
    newest: Newest = {
        name_of(LESSON, HEAD): said({"ㄹ": 95.0}),
        name_of(LESSON, LEG): said({"ㄹ": 30.0}),
        name_of(LESSON, MEAT): said({"ㄱ": 90.0}),
    }
    lesson = lesson_of(LESSON, newest)
    assert lesson.begun
    (unit,) = lesson.missing
    assert [name.sentence_id for name in unit.sentences] == ["2", "1"]


def test_a_list_without_targets_has_nothing_to_miss() -> None:
    assert lesson_of(SentenceList("p", "p", "ko", (TREE,)), {}).passed
