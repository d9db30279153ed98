"""The power is cut, the disk is full, the file is damaged: nothing kept is lost."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
import textwrap
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from pronounce_kiosk.core.errors import HistoryError
from pronounce_kiosk.core.score import Score, UnitScore, Verdict
from pronounce_kiosk.history import schema
from pronounce_kiosk.history.clock import clock_is_set, now
from pronounce_kiosk.history.database import damaged_files
from pronounce_kiosk.history.records import NewAttempt, Scope, SentenceName
from pronounce_kiosk.history.store import HistoryStore

SCORE = Score(Verdict.SCORED, 70.0, units=(UnitScore("가", 0.0, 0.2, 70.0),) * 1)

WRITER = """
    import sys
    from pathlib import Path
    from pronounce_kiosk.core.score import Score, UnitScore, Verdict
    from pronounce_kiosk.history.records import NewAttempt, Scope, SentenceName
    from pronounce_kiosk.history.store import HistoryStore

    store = HistoryStore(Path(sys.argv[1]))
    learner = store.add_learner("a", "bear")
    units = tuple(UnitScore(c, 0.0, 0.1, 50.0) for c in "가나다라마바사")
    score = Score(Verdict.SCORED, 70.0, units=units)
    while True:
        kept = store.add(NewAttempt(learner.id, SentenceName("l", "1", "가", "ko"), score))
        print(kept, flush=True)
"""


def writer(folder: Path, before: str = "") -> list[str]:
    program = textwrap.dedent(before) + textwrap.dedent(WRITER)
    return [sys.executable, "-c", program, str(folder)]


@pytest.mark.parametrize("wanted", [1, 7, 40])
def test_every_attempt_that_was_told_survives_kill_9(tmp_path: Path, wanted: int) -> None:
    with subprocess.Popen(writer(tmp_path), stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        told = [int(process.stdout.readline()) for _ in range(wanted)]
        process.send_signal(signal.SIGKILL)
        told += [int(line) for line in process.stdout.read().split("\n") if line.strip()]
    assert process.returncode == -signal.SIGKILL
    with HistoryStore(tmp_path) as store:
        kept = store.attempts(limit=100_000)
        assert {one.id for one in kept} >= set(told)
        assert all(len(one.score.units) == 7 for one in kept)
        # What is kept is whole: the sums have the attempts' units, no more and no fewer.
        assert {unit.times for unit in store.missed_units()} == {len(kept)}
    check = sqlite3.connect(tmp_path / "history.sqlite3")
    assert check.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert check.execute("PRAGMA foreign_key_check").fetchall() == []
    assert check.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    check.close()


def test_a_disk_that_takes_no_more(tmp_path: Path) -> None:
    """The kernel refuses to let the files grow, as it does on a full disk."""
    limit = """
        import resource, signal
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))
    """
    done = subprocess.run(
        writer(tmp_path, limit), capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 1
    assert "HistoryError: Attempts cannot be kept or read in" in done.stderr
    told = [int(line) for line in done.stdout.split()]
    assert told
    with HistoryStore(tmp_path) as store:
        assert store.count() == len(told)


def test_full_and_then_room_again(tmp_path: Path) -> None:
    with HistoryStore(tmp_path) as store:
        learner = store.add_learner("a", "bear")
        attempt = NewAttempt(learner.id, SentenceName("l", "1", "가", "ko"), SCORE)
        store.add(attempt)
        pages = store._connection().execute("PRAGMA page_count").fetchone()[0]
        store._connection().execute(f"PRAGMA max_page_count = {pages}")
        long = NewAttempt(learner.id, SentenceName("l", "1", "가" * 50_000, "ko"), SCORE)
        with pytest.raises(HistoryError, match="full"):
            store.add(long)
        # It still reads, and goes on as soon as there is room.
        assert store.count() == 1
        store._connection().execute("PRAGMA max_page_count = 100000")
        store.add(long)
        assert store.count() == 2


def test_no_place_at_all_is_said_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    store = HistoryStore(tmp_path / "file" / "data")
    with pytest.raises(HistoryError, match="check the disk"):
        store.learners()


def test_a_damaged_file_is_set_aside(tmp_path: Path, expected_log: Callable[[str], None]) -> None:
    expected_log("ERROR pronounce_kiosk.history.database: .* is damaged")
    (tmp_path / "history.sqlite3").write_bytes(b"no database at all, but long enough" * 100)
    with HistoryStore(tmp_path) as store:
        assert store.learners() == ()
        learner = store.add_learner("a", "bear")
        store.add(NewAttempt(learner.id, SentenceName("l", "1", "가", "ko"), SCORE))
        assert (tmp_path / "history.sqlite3.damaged-1").read_bytes().startswith(b"no database")
        (tmp_path / "history.sqlite3.damaged-1-wal").write_bytes(b"a nickname")
        assert len(damaged_files(tmp_path)) == 2
        store.forget_all()
        assert damaged_files(tmp_path) == ()


def test_forgetting_a_learner_reaches_the_files_that_were_set_aside(tmp_path: Path) -> None:
    """The other learners' attempts stay in them; files that SQLite cannot read are deleted."""
    with HistoryStore(tmp_path) as store:
        for nickname in ("mina", "jun"):
            learner = store.add_learner(nickname, "bear")
            for text in (f"{nickname} said this", "both said this"):
                store.add(NewAttempt(learner.id, SentenceName("l", text, text, "ko"), SCORE))
        # As a power cut leaves it: the rows lie in the log.
        for path in tmp_path.glob("history.sqlite3*"):
            aside = path.name.replace("sqlite3", "sqlite3.damaged-1")
            (tmp_path / aside).write_bytes(path.read_bytes())
        for name in ("damaged-2", "damaged-2-wal", "damaged-3-wal"):
            (tmp_path / f"history.sqlite3.{name}").write_bytes(b"mina" * 300)
        mina = next(one for one in store.learners() if one.nickname == "mina")
        store.forget_learner(mina.id)
    (left,) = damaged_files(tmp_path)
    assert b"mina" not in left.read_bytes()
    left.rename(tmp_path / "history.sqlite3")
    (tmp_path / "history.sqlite3-wal").unlink(missing_ok=True)
    with HistoryStore(tmp_path) as store:
        assert [one.nickname for one in store.learners()] == ["jun"]
        assert store.count() == 2


def test_a_file_set_aside_that_cannot_be_written_now_is_told_and_kept(tmp_path: Path) -> None:
    with HistoryStore(tmp_path) as store:
        learner = store.add_learner("mina", "bear")
    aside = tmp_path / "history.sqlite3.damaged-1"
    aside.write_bytes((tmp_path / "history.sqlite3").read_bytes())
    # A lock held by another program stands for a disk that refuses.
    with sqlite3.connect(aside) as other, HistoryStore(tmp_path) as store:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(HistoryError):
            store.forget_learner(learner.id)
        assert store.learners() == (learner,)
    other.close()
    assert aside.is_file()


def test_damage_met_in_use_is_said_and_then_set_aside(
    tmp_path: Path, expected_log: Callable[[str], None]
) -> None:
    expected_log("ERROR pronounce_kiosk.history.database: .* is damaged")
    with HistoryStore(tmp_path) as store:
        learner = store.add_learner("a", "bear")
        for _ in range(300):
            store.add(NewAttempt(learner.id, SentenceName("l", "1", "가", "ko"), SCORE))
    path = tmp_path / "history.sqlite3"
    content = bytearray(path.read_bytes())
    # In the middle: opening meets none of it, reading everything does.
    pages = len(content) // 4096
    start, end = pages * 2 // 3 * 4096, pages * 5 // 6 * 4096
    content[start:end] = b"\xa5" * (end - start)
    path.write_bytes(content)
    with HistoryStore(tmp_path) as store:
        with pytest.raises(HistoryError):
            store.attempts(limit=300)
        assert store.count() == 0
        assert (tmp_path / "history.sqlite3.damaged-1").stat().st_size == len(content)


def test_a_later_version_s_file_is_refused_and_left_alone(tmp_path: Path) -> None:
    with HistoryStore(tmp_path) as store:
        store.add_learner("a", "bear")
    later = sqlite3.connect(tmp_path / "history.sqlite3")
    later.execute(f"PRAGMA user_version = {len(schema.STEPS) + 1}")
    later.close()
    with HistoryStore(tmp_path) as store, pytest.raises(HistoryError, match="later version"):
        store.learners()
    assert not list(tmp_path.glob("*damaged*"))


def test_a_step_of_the_tables_is_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with HistoryStore(tmp_path) as store:
        learner = store.add_learner("a", "bear")
    good = "ALTER TABLE learners ADD COLUMN colour TEXT NOT NULL DEFAULT '';"
    monkeypatch.setattr(schema, "STEPS", (*schema.STEPS, good + "SELECT nonsense FROM nowhere;"))
    with HistoryStore(tmp_path) as store, pytest.raises(HistoryError):
        store.learners()
    monkeypatch.setattr(schema, "STEPS", (*schema.STEPS[:-1], good))
    with HistoryStore(tmp_path) as store:
        assert store.learners() == (learner,)
        version = store._connection().execute("PRAGMA user_version").fetchone()[0]
        assert version == len(schema.STEPS)
        columns = store._connection().execute("PRAGMA table_info(learners)").fetchall()
        assert "colour" in [column[1] for column in columns]


def test_several_threads_with_a_store_each(tmp_path: Path) -> None:
    with HistoryStore(tmp_path) as store:
        learner = store.add_learner("a", "bear")
    attempt = NewAttempt(learner.id, SentenceName("l", "1", "가", "ko"), SCORE)

    def write() -> None:
        # On a slow disk each waits for twenty commits of the others.
        with HistoryStore(tmp_path, busy_s=60.0) as own:
            for _ in range(20):
                own.add(attempt)

    threads = [threading.Thread(target=write) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with HistoryStore(tmp_path) as store:
        assert store.count() == 60
        assert store.missed_units() == ()


def test_the_safety_that_power_cuts_need_is_on(tmp_path: Path) -> None:
    with HistoryStore(tmp_path) as store:
        connection = store._connection()
        for pragma, value in (
            ("journal_mode", "wal"),
            ("synchronous", 2),
            ("foreign_keys", 1),
            ("secure_delete", 1),
        ):
            assert connection.execute(f"PRAGMA {pragma}").fetchone()[0] == value


def test_every_question_is_answered_from_an_index(tmp_path: Path) -> None:
    """100,000 attempts open at once: no question about one learner reads the others' rows."""
    with HistoryStore(tmp_path) as store:
        learner = store.add_learner("a", "bear")
        store.add(NewAttempt(learner.id, SentenceName("l", "1", "가", "ko"), SCORE))
        asked: list[str] = []
        store._connection().set_trace_callback(asked.append)
        name = next(iter(store.best_scores(learner.id)))
        store.past(learner.id, name)
        store.list_summary(learner.id, [name])
        store.sentences_overview(Scope(learner_id=learner.id))
        store.missed_units(Scope(learner_id=learner.id))
        store.days(Scope(learner_id=learner.id))
        store.attempts(learner.id)
        store._connection().set_trace_callback(None)
        plans = {
            query: [row[3] for row in store._connection().execute(f"EXPLAIN QUERY PLAN {query}")]
            for query in asked
        }
    assert len(plans) > 8
    for query, plan in plans.items():
        slow = [step for step in plan if step.startswith(("SCAN a", "SCAN u", "SCAN units"))]
        assert not slow, f"{query}: {plan}"


def test_the_clock(tmp_path: Path) -> None:
    mark = tmp_path / "synchronized"
    mark.touch()
    assert clock_is_set(mark)
    # Without systemd's mark the kernel is asked; whatever it says is an answer.
    assert clock_is_set(tmp_path / "missing") in (True, False)
    assert now().tzinfo is not None
    assert now().microsecond % 1000 == 0
