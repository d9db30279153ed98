"""Cards of what to say again are kept with the learner and go with the learner."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pronounce_kiosk.core.score import PhoneScore, Score, UnitScore, Verdict
from pronounce_kiosk.history.database import FILE_NAME
from pronounce_kiosk.history.records import Learner, NewAttempt, SentenceName
from pronounce_kiosk.history.review import Card, Cards, Memory, Sound, SoundCard
from pronounce_kiosk.history.store import HistoryStore

NAME = SentenceName("ko-1", "3", "국물", "ko")
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.time = NOW
        self.is_set = True

    def now(self) -> datetime:
        return self.time


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Iterator[HistoryStore]:
    with HistoryStore(tmp_path, clock.now, lambda: clock.is_set) as store:
        yield store


@pytest.fixture
def bear(store: HistoryStore) -> Learner:
    return store.add_learner("민수", "bear")


def say(store: HistoryStore, learner: Learner, points: float, name: SentenceName = NAME) -> int:
    phones = (PhoneScore("ㄱ", points), PhoneScore("ㅜ", 90.0), PhoneScore("ㅇ_", 20.0, "ㄱ_"))
    units = (
        UnitScore("국", 0.0, 0.2, points, phones=phones),
        UnitScore("물", 0.2, 0.4, 0.0, said=False, phones=(PhoneScore("ㅁ", 88.0),)),
    )
    score = Score(Verdict.SCORED, points, units=units)
    return store.add(NewAttempt(learner.id, name, score))


def cards_of(attempt_id: int) -> Cards:
    memory = Memory(1.5, 6.25, NOW + timedelta(days=2), NOW)
    return Cards(
        {NAME: Card(True, attempt_id, memory)},
        {Sound("ko", "ㄱ"): SoundCard(Card(False, attempt_id), 3, 71.5)},
    )


def test_cards_are_kept_whole_and_written_over(store: HistoryStore, bear: Learner) -> None:
    first = say(store, bear, 30.0)
    assert store.reviewed(bear.id) == 0
    store.keep_cards(bear.id, cards_of(first), first)
    assert store.cards(bear.id) == cards_of(first)
    assert store.reviewed(bear.id) == first
    second = say(store, bear, 50.0)
    assert [one.id for one in store.scored_after(bear.id, first, 9)] == [second]
    store.keep_cards(bear.id, cards_of(second), second)
    assert store.cards(bear.id) == cards_of(second)


def test_a_learner_s_cards_go_with_the_learner(
    store: HistoryStore, bear: Learner, tmp_path: Path
) -> None:
    owl = store.add_learner("", "owl")
    for learner in (bear, owl):
        attempt = say(store, learner, 30.0)
        store.keep_cards(learner.id, cards_of(attempt), attempt)
    store.forget_learner(bear.id)
    assert store.cards(bear.id) == Cards({}, {})
    assert store.cards(owl.id).sentences
    store.forget_all()
    with sqlite3.connect(tmp_path / FILE_NAME) as file:
        for table in ("reviewed", "sentence_cards", "sound_cards"):
            assert file.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)
    file.close()


def test_days_count_only_where_the_clock_was_set(
    store: HistoryStore, bear: Learner, clock: Clock
) -> None:
    assert store.practice(bear.id).days == 0
    clock.is_set = False
    say(store, bear, 80.0)
    assert store.practice(bear.id).days is None
    assert store.known_time() is None
    clock.is_set = True
    for day in (1, 1, 3):
        clock.time = NOW + timedelta(days=day)
        say(store, bear, 80.0)
    practice = store.practice(bear.id)
    assert (practice.days, practice.sentences) == (2, 1)
    assert store.known_time() == clock.time


def test_the_newest_phones_of_each_sentence(store: HistoryStore, bear: Learner) -> None:
    other = SentenceName("ko-1", "4", "국물", "ko")
    for points, name in ((10.0, NAME), (70.0, other), (90.0, NAME)):
        say(store, bear, points, name)
    newest = store.newest_phones(bear.id)
    assert set(newest) == {NAME, other}
    first, _, coda, left_out = newest[NAME]
    assert first == PhoneScore("ㄱ", 90.0)
    assert coda.heard == "ㄱ_"
    assert left_out == PhoneScore("ㅁ", 0.0)
