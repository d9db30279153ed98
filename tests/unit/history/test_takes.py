"""Kept takes, and room for everything else."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import numpy as np

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.audio.files import read_clip
from pronounce_kiosk.core.grades import Best
from pronounce_kiosk.core.score import Score, Verdict
from pronounce_kiosk.history.database import FILE_NAME
from pronounce_kiosk.history.records import NewAttempt, SentenceName
from pronounce_kiosk.history.schema import STEPS
from pronounce_kiosk.history.store import HistoryStore
from pronounce_kiosk.history.unsaved import keep_take

TAKE = AudioClip.from_array(np.linspace(-0.5, 0.5, 1600, dtype=np.float32), 16_000)


def test_a_take_is_written_under_a_name_of_its_own(tmp_path: Path) -> None:
    names = {keep_take(tmp_path / "takes", TAKE, 0) for _ in range(3)}
    assert len(names) == 3
    for name in names:
        assert read_clip(tmp_path / "takes" / name).duration_s == TAKE.duration_s


def test_a_nearly_full_disk_keeps_none(tmp_path: Path) -> None:
    assert keep_take(tmp_path, TAKE, room_to_leave=10**18) == ""
    assert not list(tmp_path.iterdir())


def test_a_disk_that_refuses_costs_the_take_only(
    tmp_path: Path, expected_log: Callable[[str], None]
) -> None:
    expected_log("WARNING pronounce_kiosk.history.unsaved: a take could not be kept")
    (tmp_path / "file").write_text("")
    assert keep_take(tmp_path / "file" / "takes", TAKE) == ""


def kept(store: HistoryStore, learner: int, size: int = 1000) -> str:
    """An attempt with a take of that size."""
    name = keep_take(store.takes_dir, TAKE, 0)
    (store.takes_dir / name).write_bytes(bytes(size))
    score = Score(Verdict.SCORED, 50.0)
    store.add(NewAttempt(learner, SentenceName("list", "s", "네.", "ko"), score, take_file=name))
    store.bound_takes(3500, name)
    return name


def test_the_oldest_takes_make_room_and_their_attempts_stay(tmp_path: Path) -> None:
    with HistoryStore(tmp_path) as store:
        learner = store.add_learner("민수", "owl").id
        names = [kept(store, learner) for _ in range(6)]
        left = sorted(path.name for path in store.takes_dir.iterdir())
        assert left == sorted(names[-3:])
        assert store.takes_bytes() == 3000
        attempts = store.attempts()
        assert len(attempts) == 6
        assert [one.take_file for one in attempts] == [*reversed(names[-3:]), "", "", ""]
        # Less room, and a file that no attempt names: it goes first.
        (store.takes_dir / "stray.wav").write_bytes(bytes(1000))
        assert store.bound_takes(2500) == 2
        assert sorted(path.name for path in store.takes_dir.iterdir()) == sorted(names[-2:])


def test_a_take_larger_than_the_room_is_kept_alone(tmp_path: Path) -> None:
    """What was said just now is not taken away before it could be heard."""
    with HistoryStore(tmp_path) as store:
        learner = store.add_learner("민수", "owl").id
        kept(store, learner)
        name = kept(store, learner, 9000)
        assert [path.name for path in store.takes_dir.iterdir()] == [name]


def test_deleted_by_hand_is_no_trouble(tmp_path: Path) -> None:
    with HistoryStore(tmp_path) as store:
        learner = store.add_learner("민수", "owl").id
        first = kept(store, learner)
        (store.takes_dir / first).unlink()
        names = [kept(store, learner) for _ in range(4)]
        assert sorted(path.name for path in store.takes_dir.iterdir()) == sorted(names[-3:])


FIRST_VERSION_ROWS = """
    INSERT INTO learners VALUES (1, '민수', 'owl', 0, 'x'), (2, '', '', 1, 'x');
    INSERT INTO prompts VALUES (1, 'list', 's', '네.', 'ko');
    INSERT INTO scorers VALUES (1, 'b', 'c', 'espeak', 'ko', '0');
    INSERT INTO attempts VALUES
        (1, 1, 1, 1, '2026-03-02T01:00:00.000Z', 1, '2026-03-02', 'scored', 40.0, 1, 1, 1, ''),
        (2, 1, 1, 1, '2026-03-03T01:00:00.000Z', 0, '2026-03-03', 'scored', 80.0, 1, 1, 1, ''),
        (3, 2, 1, 1, '2026-03-03T02:00:00.000Z', 1, '2026-03-03', 'silence', NULL, 1, 1, 1, '');
    INSERT INTO units VALUES (1, 0, '네', 0.1, 0.2, 60.0), (2, 0, '네', 0.1, 0.2, 40.0);
"""


def test_a_file_of_the_first_version_is_brought_up_to_date(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / FILE_NAME)) as connection:
        rows = f"BEGIN; {STEPS[0]} {FIRST_VERSION_ROWS} PRAGMA user_version = 1; COMMIT;"
        connection.executescript(rows)
    with HistoryStore(tmp_path) as store:
        named, guests = store.learners_overview()
        assert (named.attempts, named.mean, named.best) == (2, 60.0, 80.0)
        assert (guests.learner, guests.attempts, guests.mean) == (None, 1, None)
        (sentence,) = store.sentences_overview()
        assert (sentence.attempts, sentence.learners, sentence.mean) == (3, 2, 60.0)
        assert [(day.attempts, day.clock_set) for day in store.days()] == [(1, True), (2, False)]
        (best,) = store.best_scores(1).values()
        assert best == Best(80.0, 40.0)
        assert [unit.said for one in store.attempts() for unit in one.score.units] == [True] * 2
        kept(store, 1)
        assert store.learners_overview()[0].attempts == 3
    with closing(sqlite3.connect(tmp_path / FILE_NAME)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone()[0] == len(STEPS)
