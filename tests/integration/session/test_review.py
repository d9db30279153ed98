"""What was missed comes back after a while, sentences and sounds alike."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pronounce_kiosk.core.score import PhoneScore, Score, UnitScore, Verdict
from pronounce_kiosk.core.sentence import Sentence, SentenceList
from pronounce_kiosk.history.records import Learner, NewAttempt, SentenceName
from pronounce_kiosk.history.review import Sound
from pronounce_kiosk.history.store import HistoryStore
from pronounce_kiosk.session.progress import name_of
from pronounce_kiosk.session.review import ATTEMPTS_AT_ONCE, TODAY, catch_up, due_items, todays_ten
from pronounce_kiosk.session.sounds import sounds_of

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
TEXTS = ("나무", "바지", "고기", "우유", "포도", "구두", "가구", "머리", "나비", "모자", "하마")
LIST = SentenceList(
    "l", "l", "ko", tuple(Sentence(str(n), text, "ko") for n, text in enumerate(TEXTS))
)
OTHER = SentenceList("o", "o", "ko", (Sentence("0", "코", "ko"), Sentence("1", "고구마", "ko")))


class Lesson:
    """A learner in front of a kiosk whose clock can be turned."""

    def __init__(self, folder: Path) -> None:
        self.time = NOW
        self.is_set = True
        self.store = HistoryStore(folder, lambda: self.time, lambda: self.is_set)
        self.learner: Learner = self.store.add_learner("", "bear")

    def say(
        self, sentence: Sentence, points: float, phones: dict[str, float] | None = None
    ) -> None:
        phones = phones or {}
        unit = UnitScore(
            sentence.text,
            0.0,
            1.0,
            min([points, *phones.values()]),
            phones=tuple(PhoneScore(phone, value) for phone, value in phones.items()),
        )
        name = name_of(LIST, sentence)
        self.store.add(
            NewAttempt(self.learner.id, name, Score(Verdict.SCORED, points, units=(unit,)))
        )

    def due(self) -> list[SentenceName | Sound]:
        while catch_up(self.store, self.learner.id):
            pass
        return due_items(self.store.cards(self.learner.id), self.store.known_time())

    def ten(self) -> SentenceList | None:
        tried = {
            name: frozenset(Sound(name.language, one.phone) for one in phones)
            for name, phones in self.store.newest_phones(self.learner.id).items()
        }
        return todays_ten(self.due(), (LIST, OTHER), tried)

    def days_pass(self, days: float) -> None:
        self.time += timedelta(days=days)


@pytest.fixture
def lesson(tmp_path: Path) -> Iterator[Lesson]:
    lesson = Lesson(tmp_path)
    yield lesson
    lesson.store.close()


def test_a_missed_sentence_comes_back_another_day_and_less_often_once_it_is_right(
    lesson: Lesson,
) -> None:
    tree, trousers = LIST.sentences[:2]
    lesson.say(tree, 30.0)
    lesson.say(trousers, 85.0)
    assert lesson.due() == []
    lesson.days_pass(1)
    assert lesson.due() == [name_of(LIST, tree)]
    waits = []
    for _ in range(3):
        lesson.say(tree, 85.0)
        days = 0
        while not lesson.due():
            lesson.days_pass(1)
            days += 1
        waits.append(days)
    assert waits[0] >= 1
    assert waits == sorted(set(waits))


def test_a_due_sound_brings_a_sentence_that_holds_it(lesson: Lesson) -> None:
    milk = LIST.sentences[3]
    lesson.say(milk, 85.0, {"ㅜ": 90.0, "ㄱ": 10.0})
    lesson.say(milk, 85.0)
    lesson.days_pass(3)
    assert Sound("ko", "ㄱ") in lesson.due()
    ten = lesson.ten()
    assert ten is not None
    assert any(Sound("ko", "ㄱ") in sounds_of(sentence) for sentence in ten.sentences)
    # Of the list that was begun, and one sentence for one sound.
    assert set(ten.origins) == {"l"}
    assert len(ten.sentences) <= 2


def test_one_sentence_serves_several_due_sounds(lesson: Lesson) -> None:
    lesson.say(LIST.sentences[3], 85.0, {"ㅍ": 10.0, "ㄷ": 20.0, "ㅗ": 30.0})
    lesson.say(LIST.sentences[3], 85.0)
    lesson.days_pass(2)
    due = lesson.due()
    ten = todays_ten([one for one in due if isinstance(one, Sound)], (LIST,), {})
    assert ten is not None
    assert [sentence.text for sentence in ten.sentences] == ["포도"]


def test_english_sounds_bring_a_sentence_in_which_they_were_heard() -> None:
    english = SentenceList(
        "e", "e", "en", (Sentence("1", "I see.", "en"), Sentence("2", "Three", "en"))
    )
    tried = {name_of(english, english.sentences[1]): frozenset({Sound("en", "TH")})}
    ten = todays_ten([Sound("en", "TH"), Sound("en", "ZH")], (english,), tried)
    assert ten is not None
    assert ten.sentences == (english.sentences[1],)


def test_no_more_than_ten_the_most_forgotten_first_and_none_that_left_its_list(
    lesson: Lesson,
) -> None:
    for sentence in LIST.sentences:
        lesson.say(sentence, 30.0)
        lesson.days_pass(0.1)
    lesson.days_pass(2)
    ten = lesson.ten()
    assert ten is not None
    assert ten.sentences == LIST.sentences[:TODAY]
    shorter = SentenceList("l", "l", "ko", LIST.sentences[4:])
    left = todays_ten(lesson.due(), (shorter,), {})
    assert left is not None
    assert left.sentences == shorter.sentences
    assert todays_ten([], (LIST,), {}) is None


def test_without_a_clock_nothing_is_scheduled_and_the_missed_come_in_order(lesson: Lesson) -> None:
    one, two, three = LIST.sentences[:3]
    lesson.say(three, 30.0)
    lesson.days_pass(1)
    lesson.is_set = False
    lesson.time = NOW + timedelta(days=9000)
    for sentence in (one, two):
        lesson.say(sentence, 30.0)
    lesson.say(one, 90.0)
    assert lesson.due() == [name_of(LIST, three), name_of(LIST, two)]
    cards = lesson.store.cards(lesson.learner.id).sentences
    assert cards[name_of(LIST, two)].memory is None
    assert cards[name_of(LIST, three)].memory is not None
    # Set again: what has a date comes by it, what was missed meanwhile comes at once.
    lesson.is_set = True
    lesson.time = NOW
    assert lesson.due() == [name_of(LIST, two)]
    lesson.days_pass(1)
    assert set(lesson.due()) == {name_of(LIST, two), name_of(LIST, three)}


def test_a_clock_that_was_set_back_breaks_nothing(lesson: Lesson) -> None:
    sentence = LIST.sentences[0]
    lesson.say(sentence, 30.0)
    lesson.days_pass(-30)
    lesson.say(sentence, 90.0)
    assert lesson.due() == []
    memory = lesson.store.cards(lesson.learner.id).sentences[name_of(LIST, sentence)].memory
    assert memory is not None
    assert memory.due > NOW


def test_attempts_of_earlier_versions_are_caught_up_with_little_by_little(lesson: Lesson) -> None:
    for number in range(ATTEMPTS_AT_ONCE + 1):
        lesson.say(LIST.sentences[number % 5], 30.0)
    assert catch_up(lesson.store, lesson.learner.id)
    assert not catch_up(lesson.store, lesson.learner.id)
    lesson.days_pass(30)
    assert len(lesson.due()) == 5


def test_a_sound_s_points_follow_the_newest_attempts(lesson: Lesson) -> None:
    for points in (0.0, 0.0, *[100.0] * 12):
        lesson.say(LIST.sentences[2], 85.0, {"ㄱ": points})
    lesson.due()
    card = lesson.store.cards(lesson.learner.id).sounds[Sound("ko", "ㄱ")]
    assert card.times == 14
    assert 90 < card.points < 100


def test_the_summary_of_gathered_sentences_names_what_is_weak(lesson: Lesson) -> None:
    gathered = SentenceList("today", "", "ko", LIST.sentences[:2], origins=("l", "l"))
    lesson.say(LIST.sentences[0], 30.0)
    lesson.say(LIST.sentences[1], 90.0)
    summary = lesson.store.list_summary(
        lesson.learner.id, [name_of(gathered, one) for one in gathered.sentences]
    )
    assert (summary.sentences, summary.mean_best) == (2, 60.0)
    assert [unit.text for unit in summary.weak] == ["나무"]
    assert summary.weak[0].sentences == (name_of(LIST, LIST.sentences[0]),)
