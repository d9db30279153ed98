"""Attempts that wait for a disk that refuses: tried once per score, kept once, in order."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import numpy as np
import pytest

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.core.errors import HistoryError
from pronounce_kiosk.core.score import Score, Verdict
from pronounce_kiosk.history.database import FILE_NAME
from pronounce_kiosk.history.records import Attempt, Learner, NewAttempt, SentenceName
from pronounce_kiosk.history.store import HistoryStore
from pronounce_kiosk.history.unsaved import MOST, UnsavedAttempt, UnsavedAttempts

TAKE = AudioClip.from_array(np.linspace(-0.5, 0.5, 1600, dtype=np.float32), 16_000)
NAME = SentenceName("l", "1", "가", "ko")


class CountingStore(HistoryStore):
    """Counts how often it is asked to keep an attempt."""

    tries = 0

    def add(self, attempt: NewAttempt) -> Attempt:
        self.tries += 1
        return super().add(attempt)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[CountingStore]:
    with CountingStore(tmp_path, busy_s=0.01) as store:
        yield store


@pytest.fixture
def owl(store: HistoryStore) -> Learner:
    return store.add_learner("", "owl")


@contextmanager
def busy(folder: Path) -> Iterator[None]:
    """Another process writes meanwhile, and does not come to an end."""
    with closing(sqlite3.connect(folder / FILE_NAME, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


def unsaved(learner: Learner | None, points: float, name: SentenceName = NAME) -> UnsavedAttempt:
    return UnsavedAttempt(learner, 1, name, Score(Verdict.SCORED, points), TAKE, 10**9)


def takes(store: HistoryStore) -> list[Path]:
    return list(store.takes_dir.glob("*")) if store.takes_dir.exists() else []


def test_a_busy_disk_is_tried_once_per_score(
    store: CountingStore, owl: Learner, tmp_path: Path
) -> None:
    queue = UnsavedAttempts()
    with busy(tmp_path):
        for points in range(20):
            with pytest.raises(HistoryError):
                queue.save(store, unsaved(owl, points))
    assert store.tries == 20
    assert takes(store) == []
    assert queue.save(store, unsaved(owl, 20)) == owl
    assert len(queue) == 0
    kept = store.attempts()
    assert [one.score.score for one in kept] == list(range(20, -1, -1))
    assert {store.takes_dir / one.take_file for one in kept} == set(takes(store))


def test_what_is_kept_is_not_kept_again(
    store: CountingStore, owl: Learner, monkeypatch: pytest.MonkeyPatch,
    expected_log: Callable[[str], None],
) -> None:  # fmt: skip
    """Room for takes cannot be made after the attempt was kept."""
    expected_log("WARNING pronounce_kiosk.history.unsaved: old takes cannot be deleted")
    queue = UnsavedAttempts()

    def refuse(*_: object) -> int:
        raise HistoryError("Attempts cannot be kept.")

    monkeypatch.setattr(store, "bound_takes", refuse)
    for points in range(3):
        queue.save(store, unsaved(owl, points))
    assert (len(queue), store.count(), len(takes(store))) == (0, 3, 3)


def test_an_attempt_that_can_never_be_kept_holds_up_no_other(
    store: CountingStore, owl: Learner, tmp_path: Path, expected_log: Callable[[str], None]
) -> None:
    expected_log("ERROR pronounce_kiosk.history.unsaved: an attempt is lost")
    queue = UnsavedAttempts()
    impossible = SentenceName("l", "1", "half a character: \ud800", "ko")
    with busy(tmp_path), pytest.raises(HistoryError):
        queue.save(store, unsaved(owl, 1, impossible))
    queue.save(store, unsaved(owl, 2))
    with pytest.raises(HistoryError):
        queue.save(store, unsaved(owl, 3, impossible))
    assert (len(queue), store.count(), len(takes(store))) == (0, 1, 1)


def test_a_guest_is_one_learner_for_a_visit(store: CountingStore, tmp_path: Path) -> None:
    queue = UnsavedAttempts()
    store.count()
    with pytest.raises(HistoryError), busy(tmp_path):
        queue.save(store, unsaved(None, 1))
    guest = queue.save(store, unsaved(None, 2))
    assert {one.learner_id for one in store.attempts()} == {guest.id}


def test_more_than_a_lesson_s_worth_is_not_held(
    store: CountingStore, owl: Learner, tmp_path: Path, expected_log: Callable[[str], None]
) -> None:
    expected_log("ERROR pronounce_kiosk.history.unsaved: an attempt is lost: too many")
    queue = UnsavedAttempts()
    with busy(tmp_path):
        for points in range(MOST + 1):
            with pytest.raises(HistoryError):
                queue.save(store, unsaved(owl, points))
    queue.save_waiting(store)
    assert [one.score.score for one in store.attempts(limit=500)] == list(range(MOST, 0, -1))
