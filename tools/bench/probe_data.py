"""Measurements of `rows_data`, in a process of their own."""

from __future__ import annotations

import sqlite3
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from pronounce_kiosk.core.paths import Paths
from pronounce_kiosk.core.score import ReferenceInfo, Score, UnitScore, Verdict

LEARNERS, SENTENCES, UNITS = 30, 160, 6


def import_list(lines: int, rounds: int) -> list[float]:
    """Measure the seconds to import a list of that many sentences anew, in each round."""
    from pronounce_kiosk.sentences.commands import import_file, open_store

    paths = Paths.default()
    paths.cache_dir.mkdir(parents=True, exist_ok=True)
    file = paths.cache_dir / "long-list.csv"
    rows = (f"s{n},오늘은 책을 {n} 쪽 읽었습니다.,ko,I read page {n}.\n" for n in range(lines))
    file.write_text("id,text,language,translation\n" + "".join(rows), encoding="utf-8-sig")
    seconds = []
    for number in range(rounds):
        store = open_store(paths)
        start = time.perf_counter()
        said, done = import_file(store, file, name=f"long {number}")
        seconds.append(time.perf_counter() - start)
        if not done:
            raise RuntimeError(" ".join(said[-3:]))
    return seconds


def open_results(attempts: int, rounds: int) -> dict[str, Any]:
    """Measure the seconds to open a class's results, with the file, and of each query alone."""
    from pronounce_kiosk.history.store import HistoryStore

    folder = Paths.default().data_dir
    with HistoryStore(folder) as store:
        _begin(store)
        file = store.path
    _fill(file, attempts)
    seconds, each = [], []
    for _ in range(rounds):
        start = time.perf_counter()
        with HistoryStore(folder) as store:
            found = {}
            for name in ("learners_overview", "sentences_overview", "missed_units", "days"):
                begin = time.perf_counter()
                getattr(store, name)()
                found[name] = time.perf_counter() - begin
            seconds.append(time.perf_counter() - start)
            count = store.count()
        each.append(found)
    if count < attempts:
        raise RuntimeError(f"only {count} attempts were kept")
    return {"seconds": seconds, "each_s": each, "attempts": count, "mb": file.stat().st_size / 1e6}


def _begin(store: Any) -> None:
    """Store one attempt of every learner and sentence, as the kiosk does."""
    from pronounce_kiosk.history.records import ANIMALS, NewAttempt, SentenceName

    units = tuple(UnitScore(f"단{n}", 0.1 * n, 0.1 * n + 0.1, 50.0 + n) for n in range(UNITS))
    said_by = ReferenceInfo("espeak", "ko")
    score = Score(Verdict.SCORED, 80.0, 80.0, 80.0, 80.0, units, reference=said_by)
    learners = [store.add_learner(f"학생{n}", ANIMALS[n % 12]) for n in range(LEARNERS)]
    for number in range(SENTENCES):
        learner = learners[number % LEARNERS]
        store.add(
            NewAttempt(
                learner.id, SentenceName("list", f"s{number}", f"문장 {number}", "ko"), score
            )
        )


def _fill(file: Path, attempts: int) -> None:
    """Write many more attempts straight into the tables: the store flushes each to the disk."""
    from pronounce_kiosk.history.schema import RECOUNT

    random_state = 12345
    rows = []
    began = datetime(2026, 3, 2, tzinfo=UTC)
    for number in range(attempts):
        random_state = (1103515245 * random_state + 12345) % 2**31
        at = began + timedelta(minutes=3 * number)
        points = 40.0 + random_state % 6000 / 100.0
        rows.append(
            (
                1 + random_state // 7 % LEARNERS,
                1 + random_state // 211 % SENTENCES,
                at.isoformat(),
                at.date().isoformat(),
                *(4 * [points]),
            )
        )
    connection = sqlite3.connect(file)
    with connection:
        connection.executemany(
            "INSERT INTO attempts (learner_id, prompt_id, scorer_id, at, clock_set, day, verdict,"
            " score, accuracy, fluency, prosody, take_file)"
            " VALUES (?, ?, 1, ?, 1, ?, 'scored', ?, ?, ?, ?, '')",
            rows,
        )
        connection.execute(
            "INSERT OR IGNORE INTO unit_sums SELECT DISTINCT a.learner_id, a.prompt_id, u.text, 9,"
            " 3, 540.0 FROM attempts a, (SELECT DISTINCT text FROM unit_sums) u"
        )
        connection.executescript(
            "DELETE FROM learner_sums;"
            "INSERT INTO learner_sums SELECT learner_id, count(*), count(score), total(score),"
            " max(score), max(at) FROM attempts GROUP BY learner_id;" + RECOUNT
        )
    connection.close()
