"""Today's ten, my progress and the lessons: what a learner with some days behind them meets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PyQt5.QtTest import QTest

from pronounce_kiosk import app
from pronounce_kiosk.app import build_engine, pronunciation
from pronounce_kiosk.core.paths import Paths
from pronounce_kiosk.core.score import PhoneScore, Score, UnitScore, Verdict
from pronounce_kiosk.core.sentence import Sentence, SentenceList
from pronounce_kiosk.core.settings import Settings
from pronounce_kiosk.history.records import Attempt, Learner, NewAttempt
from pronounce_kiosk.history.review import Card, Practice, Sound, SoundCard
from pronounce_kiosk.history.store import HistoryStore
from pronounce_kiosk.language.korean.jamo import jamo_phones
from pronounce_kiosk.language.units import split_units
from pronounce_kiosk.sentences.bundled import bundled_lists
from pronounce_kiosk.session.lessons import lesson_of
from pronounce_kiosk.session.progress import name_of
from pronounce_kiosk.session.sounds import SOUND_GROUPS
from pronounce_kiosk.session.states import State
from tests.integration.gui.conftest import Hands, spoken
from tests.integration.gui.test_layout import check, clipped_texts, hard_to_touch, nameless

LANGUAGES = ("ko", "en")
MISSED, RIGHT = 30.0, 95.0


@pytest.fixture(scope="session")
def lists() -> tuple[SentenceList, ...]:
    """All that ship: the lessons too."""
    return bundled_lists(Paths.default().assets_dir)


@pytest.fixture(autouse=True)
def _clock_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    def set_clock(folder: Path) -> HistoryStore:
        return HistoryStore(folder, clock_is_set=lambda: True)

    monkeypatch.setattr(app, "HistoryStore", set_clock)


def keep(
    found: SentenceList,
    points: dict[str, float],
    days_ago: float = 2.0,
    learner: Learner | None = None,
) -> Learner:
    """A learner, a new one where None, has said sentences some days ago; points: by their text."""
    at = datetime.now(UTC) - timedelta(days=days_ago)
    with HistoryStore(Paths.default().data_dir, lambda: at, lambda: True) as store:
        who = learner or store.add_learner("민수", "tiger")
        for sentence in found.sentences:
            if sentence.text in points:
                store.add(attempt_of(who, found, sentence, points[sentence.text]))
    return who


def attempt_of(who: Learner, found: SentenceList, sentence: Sentence, points: float) -> NewAttempt:
    units = tuple(
        UnitScore(
            unit.text,
            number * 0.2,
            number * 0.2 + 0.2,
            points,
            phones=tuple(PhoneScore(phone, points) for phone, _ in jamo_phones(unit.said)),
        )
        for number, unit in enumerate(split_units(sentence.text, sentence.language))
    )
    score = Score(Verdict.SCORED, points, points, points, points, units)
    return NewAttempt(who.id, name_of(found, sentence), score)


def kept() -> list[Attempt]:
    with HistoryStore(Paths.default().data_dir) as store:
        return [a for who in store.learners() for a in store.scored_after(who.id, 0, 999)]


def become(hands: Hands, who: Learner) -> None:
    hands.wait(lambda: who in hands.model.history.learners)
    hands.tap(hands.window.top_bar.learner_button)
    number = hands.model.history.learners.index(who)
    hands.tap(hands.window.sign_in.learners.cards[number])
    hands.wait(lambda: not hands.model.history.is_guest)
    # Until the cards have found their places.
    QTest.qWait(50)


def list_named(lists: tuple[SentenceList, ...], list_id: str) -> SentenceList:
    return next(found for found in lists if found.id == list_id)


def card_of(hands: Hands, found: SentenceList):  # type: ignore[no-untyped-def]
    return next(card for card in hands.window.home.cards if card.sentence_list.id == found.id)


def test_a_guest_is_offered_neither(make_hands: Callable) -> None:
    home = make_hands().window.home
    assert not home.today_card.isVisible()
    assert not home.progress_card.isVisible()


def test_what_was_missed_comes_back_and_counts_where_it_belongs(
    make_hands: Callable, lists: tuple[SentenceList, ...]
) -> None:
    everyday = list_named(lists, "ko-2-everyday")
    first, second = everyday.sentences[:2]
    who = keep(everyday, {second.text: RIGHT})
    with HistoryStore(
        Paths.default().data_dir, lambda: datetime.now(UTC) - timedelta(days=2)
    ) as store:
        missed = attempt_of(who, everyday, first, MISSED)
        # The untrained scorer of this test tells no sounds: they would stay due.
        units = tuple(replace(unit, phones=()) for unit in missed.score.units)
        store.add(replace(missed, score=replace(missed.score, units=units)))
    hands = make_hands(spoken(first))
    become(hands, who)
    home = hands.window.home
    hands.wait(home.today_card.isEnabled)
    ten = hands.window.review.standing.ten
    assert ten is not None
    assert first in ten.sentences
    before = hands.taps
    hands.tap(home.today_card)
    assert hands.model.state is State.PROMPT
    assert hands.model.sentence == ten.sentences[0] == first
    assert hands.window.top_bar.title.text().startswith("Today's ten")
    hands.tap(hands.window.practice.record_button)
    assert hands.taps - before == 2
    hands.wait_for(State.RESULT)
    newest = kept()[-1]
    assert newest.sentence == name_of(everyday, first)
    assert len(hands.model.past.bars) == 2
    # Back leads to the ten, then home; what was said again today is not due any more.
    hands.tap(hands.window.top_bar.back_button)
    assert hands.window.stack.currentWidget() is hands.window.sentences
    assert hands.window.sentences.model.rowCount() == len(ten.sentences)
    hands.tap(hands.window.top_bar.back_button)

    hands.wait(lambda: not home.today_card.isEnabled())
    # The next learner has nothing to repeat, and a guest no cards at all.
    hands.tap(hands.window.top_bar.learner_button)
    hands.tap(hands.window.sign_in.learners.guest_card)
    assert not home.today_card.isVisible()
    assert not home.progress_card.isVisible()


def test_the_ten_s_end_sums_up_its_sentences(
    make_hands: Callable, lists: tuple[SentenceList, ...]
) -> None:
    everyday = list_named(lists, "ko-2-everyday")
    hands = make_hands()
    become(hands, keep(everyday, {everyday.sentences[0].text: MISSED}))
    hands.wait(hands.window.home.today_card.isEnabled)
    hands.tap(hands.window.home.today_card)
    while hands.model.state is State.PROMPT:
        hands.tap(hands.window.practice.right_button)
    summary = hands.window.summary
    hands.wait(lambda: bool(summary.weak))
    assert summary.title_label.text() == "That was all for today. Well done!"
    hands.tap(summary.sentence_buttons[0][0])
    assert hands.model.sentence == everyday.sentences[0]


def test_my_progress_shows_days_sentences_and_every_sound(
    make_hands: Callable, lists: tuple[SentenceList, ...]
) -> None:
    everyday = list_named(lists, "ko-2-everyday")
    who = None
    for days_ago in (5, 4, 3):
        who = keep(everyday, {everyday.sentences[0].text: RIGHT}, days_ago, who)
    hands = make_hands()
    become(hands, who)
    hands.tap(hands.window.home.progress_card)
    screen = hands.window.progress
    assert hands.window.stack.currentWidget() is screen
    hands.wait(lambda: screen.numbers_label.text().startswith("3 days"))
    assert "1 sentence" in screen.numbers_label.text()
    said = {
        phone
        for unit in split_units(everyday.sentences[0].text, "ko")
        for phone, _ in jamo_phones(unit.said)
    }
    assert f"{len(said)} sounds in bloom" in screen.numbers_label.text()
    for language in ("en", "ko"):
        hands.tap(screen.language_buttons[language])
        phones = [phone for group in SOUND_GROUPS[language].values() for phone in group]
        assert [phone for phone, _ in screen.map.tiles()] == phones
    hands.tap(hands.window.top_bar.back_button)
    assert hands.window.stack.currentWidget() is hands.window.home


def test_a_lesson_passes_when_its_sounds_are_right(
    make_hands: Callable, lists: tuple[SentenceList, ...]
) -> None:
    codas = list_named(lists, "ko-0-codas")
    points = {sentence.text: RIGHT for sentence in codas.sentences}
    who = keep(codas, points)
    weak = keep(codas, points | dict.fromkeys(("수박", "책, 떡, 약.", "밥, 밖, 밭."), MISSED))
    hands = make_hands()
    become(hands, who)
    hands.wait(lambda: "passed" in card_of(hands, codas).accessibleName())
    become(hands, weak)
    hands.wait(lambda: "still" in card_of(hands, codas).accessibleName())
    assert "final ㄱ" in card_of(hands, codas).accessibleName()
    QTest.qWait(50)
    hands.tap(card_of(hands, codas))
    hands.tap_row(len(codas.sentences) - 1)
    hands.tap(hands.window.practice.right_button)
    summary = hands.window.summary
    hands.wait(lambda: "final ㄱ" in summary.advice_label.text())
    hands.tap(summary.sentence_buttons[0][0])
    assert hands.model.sentence.text in ("수박", "책, 떡, 약.", "밥, 밖, 밭.")


@pytest.mark.timeout(500)
def test_the_shipped_model_judges_a_lesson_a_guest_says(make_hands: Callable) -> None:
    sentence = Sentence("1", "토마토와 포도가 있어요.", "ko")
    lesson = SentenceList("lesson", "Lesson", "ko", (sentence,), "1", targets=("ㅌ", "ㅍ"))
    hands = make_hands(spoken(sentence), build=lambda: build_engine(Settings(), Paths.default()))
    hands.model.set_lists([lesson])
    QTest.qWait(50)
    hands.open_sentence(0)
    hands.tap(hands.window.practice.record_button)
    hands.wait_for(State.RESULT)
    learner = hands.model.history.learner
    hands.tap(hands.window.result.next_button)
    assert hands.model.state is State.SUMMARY
    with HistoryStore(Paths.default().data_dir) as store:
        expected = lesson_of(lesson, store.newest_phones(learner.id))
    assert expected.begun
    told = "Lesson passed" if expected.passed else "To pass"
    summary = hands.window.summary
    hands.wait(lambda: told in summary.title_label.text() + summary.advice_label.text())
    hands.tap(summary.home_button)
    told = "passed" if expected.passed else "still"
    hands.wait(lambda: told in hands.window.home.cards[0].accessibleName())


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_new_page_fits(
    make_hands: Callable, lists: tuple[SentenceList, ...], language: str
) -> None:
    codas = list_named(lists, "ko-0-codas")
    syllables = list_named(lists, "ko-0-syllables")
    who = keep(codas, {sentence.text: RIGHT for sentence in codas.sentences})
    keep(syllables, {s.text: MISSED for s in syllables.sentences[:20]}, learner=who)
    hands = make_hands(language=language)
    window = hands.window
    become(hands, who)
    hands.wait(window.home.today_card.isEnabled)
    QTest.qWait(100)
    # What is scrolled out of sight lies outside, as it must.
    assert not [*clipped_texts(window), *hard_to_touch(window), *nameless(window)]
    hands.model.set_lists([codas, syllables, *lists[-4:]])
    QTest.qWait(50)
    check(window, "home with a learner's cards")
    hands.tap(window.home.progress_card)
    sounds = {
        Sound(spoken_language, phone): SoundCard(Card(False, 1), 9, points)
        for spoken_language, groups in SOUND_GROUPS.items()
        for phones in groups.values()
        for phone, points in zip(phones, (30.0, 70.0, 95.0) * 9, strict=False)
    }
    for practice in (Practice(0, 0), Practice(None, 1), Practice(365, 1234)):
        window.progress.show_progress(practice, sounds)
        for spoken_language in SOUND_GROUPS:
            window.progress.show_language(spoken_language)
            check(window, f"progress, {spoken_language}, {practice}")
    hands.tap(window.top_bar.back_button)
    ten = window.review.standing.ten
    assert ten is not None
    for found in (codas, syllables, replace(ten)):
        window.open_list(found)
        hands.model.choose(found, len(found.sentences) - 1)
        hands.model.next()
        hands.wait(lambda: window.summary.celebration.isVisible())
        window.summary.celebration.hide()
        check(window, f"summary of {found.id}")
        hands.tap(window.summary.home_button)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_of_a_lesson_fits(
    make_hands: Callable, lists: tuple[SentenceList, ...], language: str
) -> None:
    hands = make_hands(language=language)
    practice = hands.window.practice
    hands.model.session.state = State.PROMPT
    hands.model.state_changed.emit()
    QTest.qWait(20)
    for found in lists:
        for sentence in found.sentences if found.targets else ():
            practice.show_sentence(sentence, pronunciation(sentence))
            for button in (None, practice.said_button, practice.meaning_button):
                if button is not None and button.isHidden():
                    continue
                if button is not None:
                    button.click()
                practice.layout().activate()
                practice.strip.layout().activate()
                assert not [*clipped_texts(practice)], sentence.id


def test_names_of_gathered_sentences_are_those_of_their_own_lists(
    lists: tuple[SentenceList, ...],
) -> None:
    first, second = lists[0].sentences[0], lists[1].sentences[0]
    gathered = SentenceList("today", "", "ko", (second, first), origins=(lists[1].id, lists[0].id))
    assert name_of(gathered, second) == name_of(lists[1], second)
    assert name_of(gathered, first) == name_of(lists[0], first)
