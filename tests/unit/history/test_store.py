"""Attempts are kept, found, summed up and forgotten."""

from __future__ import annotations

import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pronounce_kiosk.core.errors import HistoryError, UsageError
from pronounce_kiosk.core.grades import Best, grade
from pronounce_kiosk.core.score import (
    BundleInfo,
    PhoneScore,
    ReferenceInfo,
    Score,
    UnitScore,
    Verdict,
)
from pronounce_kiosk.history.attempts import LAST
from pronounce_kiosk.history.records import (
    NICKNAME_LENGTH,
    Learner,
    NewAttempt,
    Scope,
    SentenceName,
    namesakes,
)
from pronounce_kiosk.history.store import HistoryStore

ESPEAK = ReferenceInfo("espeak", "ko")
BUNDLE = BundleInfo("aligned-2", "ab" * 32)
NAME = SentenceName("ko-1", "3", "국물", "ko")


def scored(points: float, units: dict[str, float | None] | None = None) -> Score:
    said = tuple(
        UnitScore(text, i * 0.2, i * 0.2 + 0.2, points)
        for i, (text, points) in enumerate((units or {}).items())
    )
    return Score(
        Verdict.SCORED, points, points, points, points, said, reference=ESPEAK, bundle=BUNDLE
    )


def attempt_of(
    learner: Learner, score: Score, name: SentenceName = NAME, take_file: str = ""
) -> NewAttempt:
    return NewAttempt(learner.id, name, score, take_file)


class Clock:
    def __init__(self) -> None:
        self.time = datetime(2026, 3, 2, 9, 0, 0, 250_000, tzinfo=UTC)
        self.is_set = True

    def now(self) -> datetime:
        return self.time


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Iterator[HistoryStore]:
    with HistoryStore(tmp_path / "data", clock.now, lambda: clock.is_set) as store:
        yield store


@pytest.fixture
def bear(store: HistoryStore) -> Learner:
    return store.add_learner("민수", "bear")


def test_an_attempt_comes_back_as_it_was(store: HistoryStore, bear: Learner, clock: Clock) -> None:
    clock.is_set = False
    said = scored(71.5, {"국": 55.25, "물": None})
    kept = store.add(attempt_of(bear, said))
    store.close()
    (found,) = store.attempts()
    assert (found.id, found.learner_id) == (kept, bear.id)
    assert (found.sentence, found.score) == (NAME, said)
    assert found.at == clock.time
    assert not found.clock_set
    assert found.score.units[1].score is None


def test_best_and_last_five(store: HistoryStore, bear: Learner) -> None:
    for points in (60, 90, 70, 90, 50, 40, 30):
        store.add(attempt_of(bear, scored(points)))
    store.add(attempt_of(bear, Score(Verdict.SILENCE)))
    store.add(attempt_of(bear, scored(100), SentenceName("ko-1", "3", "국물!", "ko")))
    store.add(attempt_of(store.add_guest(), scored(99)))
    past = store.past(bear.id, NAME)
    assert [one.score.score for one in past.last] == [30, 40, 50, 90, 70]
    assert len(past.last) == LAST
    assert past.best is not None
    # The newer of two equal ones.
    assert past.best.id == past.last[3].id
    assert store.past(bear.id, SentenceName("ko-1", "4", "국물", "ko")).last == ()
    assert store.best_scores(bear.id) == {
        NAME: Best(90, 90),
        SentenceName("ko-1", "3", "국물!", "ko"): Best(100, 100),
    }


def test_the_summary_names_the_weakest_units_of_the_newest_attempts(
    store: HistoryStore, bear: Learner
) -> None:
    other = SentenceName("ko-1", "4", "먹었어요", "ko")
    store.add(attempt_of(bear, scored(20, {"국": 1, "물": 1})))
    store.add(attempt_of(bear, scored(70, {"국": 50, "물": 95})))
    store.add(attempt_of(bear, scored(60, {"먹": 70, "었": 30, "국": 20, "요": 79}), other))
    elsewhere = SentenceName("ko-2", "4", "값", "ko")
    store.add(attempt_of(bear, scored(1, {"값": 1}), elsewhere))
    summary = store.list_summary(bear.id, [NAME, other])
    assert (summary.sentences, summary.mean_best) == (2, 65)
    assert [(unit.text, unit.mean) for unit in summary.weak] == [
        ("었", 30),
        ("국", 35),
        ("먹", 70),
        ("요", 79),
    ]
    assert summary.weak[1].sentences == (other, NAME)
    nothing = store.list_summary(store.add_guest().id, [NAME])
    assert (nothing.sentences, nothing.mean_best, nothing.weak) == (0, None, ())


def test_what_was_left_out_and_the_phones_are_kept(store: HistoryStore, bear: Learner) -> None:
    phones = (PhoneScore("ㄱ", 41.26, "ㅋ"), PhoneScore("ㅜ", 88.0), PhoneScore("ㄱ_", 3.0, ""))
    units = (UnitScore("국", 0.1, 0.3, 44.0, True, phones), UnitScore("물", 0.3, 0.3, None, False))
    store.add(attempt_of(bear, replace(scored(80), units=units)))
    store.close()
    (found,) = store.attempts()
    rounded = (PhoneScore("ㄱ", 41.0, "ㅋ"), *phones[1:])
    assert found.score.units == (replace(units[0], phones=rounded), units[1])
    # No point was earned by what was not said.
    assert [(one.text, one.missed, one.mean) for one in store.missed_units()] == [
        ("국", 1, 44.0),
        ("물", 1, 0.0),
    ]
    assert [one.text for one in store.list_summary(bear.id, [NAME]).weak] == ["물", "국"]
    (row,) = store.export_rows()
    assert row["units"] == "국=44.0 물=left_out"


def test_the_best_keeps_what_may_earn_a_third_star(store: HistoryStore, bear: Learner) -> None:
    store.add(attempt_of(bear, scored(98, {"국": 59.4})))
    assert store.best_scores(bear.id)[NAME] == Best(98, None)
    store.add(attempt_of(bear, scored(91.4, {"국": 59.5})))
    store.add(attempt_of(bear, scored(90.6, {"국": None})))
    assert store.best_scores(bear.id)[NAME] == Best(98, 91.4)


def test_of_attempts_shown_as_equal_the_newest_is_the_best(
    store: HistoryStore, bear: Learner
) -> None:
    for points in (91.4, 90.6):
        store.add(attempt_of(bear, scored(points)))
    best = store.past(bear.id, NAME).best
    assert best is not None
    assert best.score.score == 90.6


def test_learners(store: HistoryStore, bear: Learner) -> None:
    fox = store.add_learner("  지\n우  ", "fox")
    assert fox.nickname == "지우"
    assert store.add_learner("지우", "owl").id != fox.id
    store.add(attempt_of(bear, scored(50)))
    store.add_guest()
    # The one who practised last comes first; guests are not named.
    assert [one.animal for one in store.learners()] == ["bear", "owl", "fox"]
    assert store.learner(fox.id) == fox
    assert store.learner(999) is None
    with pytest.raises(UsageError):
        store.add_learner(" \u202e\n", "")
    assert len(store.add_learner("가" * 50, "").nickname) == NICKNAME_LENGTH
    # macOS writes Hangul in pieces.
    assert namesakes(store.learners(), "\u1106\u1175\u11ab\u1109\u116e", "bear") == (bear,)


def test_the_same_animal_without_a_name_is_another_learner(store: HistoryStore) -> None:
    tiger, second = store.add_learner("", "tiger"), store.add_learner(" ", "tiger")
    named = store.add_learner("지우", "tiger")
    assert [one.numbered("Tiger") for one in (tiger, second, named)] == [
        "Tiger",
        "Tiger 2",
        "Tiger",
    ]
    assert namesakes(store.learners(), "", "tiger") == (tiger, second)
    for learner, points in ((tiger, 40), (second, 90)):
        store.add(attempt_of(learner, scored(points)))
    assert store.best_scores(tiger.id)[NAME].points == 40
    assert [row["learner"] for row in store.export_rows()] == ["", "2"]
    store.forget_learner(second.id)
    assert store.best_scores(tiger.id)[NAME].points == 40


def test_every_overview_agrees_with_counting_by_hand(store: HistoryStore, clock: Clock) -> None:
    chance = random.Random(5)
    learners = [store.add_learner(f"l{n}", "cat") for n in range(3)]
    learners += [store.add_guest(), store.add_guest()]
    names = [SentenceName(f"list-{n % 2}", str(n), f"문장{n}", "ko") for n in range(6)]
    for _ in range(150):
        clock.time += timedelta(hours=3)
        units = {
            text: chance.choice([None, *range(0, 100, 7)])
            for text in chance.sample("가나다라마", 3)
        }
        score = scored(chance.randrange(100), units)
        if chance.random() < 0.2:
            score = Score(Verdict.TOO_QUIET, bundle=BUNDLE)
        store.add(attempt_of(chance.choice(learners), score, chance.choice(names)))
    store.forget_learner(learners.pop(1).id)
    _agree(store, learners)
    store.forget_guests()
    _agree(store, learners[:2])


def _agree(store: HistoryStore, learners: list[Learner]) -> None:
    every = store.attempts(limit=1000)
    assert {one.learner_id for one in every} == {one.id for one in learners}

    def numbers(attempts: list) -> tuple:  # type: ignore[type-arg]
        points = [one.score.score for one in attempts if one.score.score is not None]
        mean = pytest.approx(sum(points) / len(points)) if points else None
        return len(attempts), mean

    for row in store.learners_overview():
        ids = [one.id for one in learners if one.guest] if row.learner is None else [row.learner.id]
        theirs = [one for one in every if one.learner_id in ids]
        assert (row.attempts, row.mean) == numbers(theirs)
        assert row.last_at == max(one.at for one in theirs)
    for scope in (Scope(), Scope(learner_id=learners[0].id), Scope("2026-03-09")):
        chosen = [
            one
            for one in every
            if scope.learner_id in (None, one.learner_id)
            and one.at.astimezone().date().isoformat() >= scope.since_day
        ]
        by_text = defaultdict(list)
        for one in chosen:
            by_text[one.sentence.text].append(one)
        rows = store.sentences_overview(scope)
        assert {row.sentence.text for row in rows} == set(by_text)
        for row in rows:
            theirs = by_text[row.sentence.text]
            assert (row.attempts, row.mean) == numbers(theirs)
            assert row.learners == len({one.learner_id for one in theirs})
        units = [u for one in chosen for u in one.score.units if u.score is not None]
        times = Counter(unit.text for unit in units)
        missed = Counter(unit.text for unit in units if grade(unit.score) == "poor")
        found = store.missed_units(scope)
        assert {unit.text: (unit.times, unit.missed) for unit in found} == {
            text: (times[text], missed[text]) for text in missed
        }
        assert [unit.missed for unit in found] == sorted(missed.values(), reverse=True)
        days = store.days(scope)
        assert sum(day.attempts for day in days) == len(chosen)
        assert [day.day for day in days] == sorted(
            {one.at.astimezone().date().isoformat() for one in chosen}
        )
        assert len(list(store.export_rows(scope))) == len(chosen)
    assert store.count() == len(every)


def test_the_newest_come_first(store: HistoryStore, bear: Learner) -> None:
    kept = [store.add(attempt_of(bear, scored(n))) for n in range(7)]
    assert [one.id for one in store.attempts(bear.id, limit=4)] == kept[:2:-1]


def test_forgetting_leaves_no_trace_on_the_disk(store: HistoryStore, tmp_path: Path) -> None:
    secret = store.add_learner("비밀이름", "owl")
    other = store.add_learner("남는이름", "fox")
    sentence = SentenceName("l", "1", "비밀문장", "ko")
    store.takes_dir.mkdir(parents=True)
    for learner, name, file in ((secret, sentence, "1.wav"), (other, NAME, "2.wav")):
        (store.takes_dir / file).write_bytes(b"RIFF")
        store.add(attempt_of(learner, scored(50, {"비": 1}), name, file))
    assert store.forget_learner(secret.id) == 1
    files = [path for path in (tmp_path / "data").rglob("*") if path.is_file()]
    for path in files:
        content = path.read_bytes()
        assert "비밀".encode() not in content, path
    assert any("남는이름".encode() in path.read_bytes() for path in files)
    assert [path.name for path in store.takes_dir.iterdir()] == ["2.wav"]
    # Nobody's number is given again, so a score on its way to a forgotten learner is refused.
    with pytest.raises(HistoryError):
        store.add(attempt_of(secret, scored(50)))
    (store.takes_dir / "orphan.wav").write_bytes(b"RIFF")
    assert store.forget_all() == 1
    assert store.add_learner("", "cat").id > other.id
    store.forget_all()
    assert store.count() == 0
    assert store.learners() == ()
    assert store.missed_units() == ()
    assert not list(store.takes_dir.iterdir())
    assert not any("남는이름".encode() in path.read_bytes() for path in files if path.exists())


def test_a_take_s_name_leads_nowhere_else(store: HistoryStore, bear: Learner) -> None:
    outside = store.path.parent / "outside.wav"
    store.add(attempt_of(bear, scored(1), take_file="../outside.wav"))
    outside.write_bytes(b"RIFF")
    store.forget_all()
    assert outside.exists()


def test_a_day_is_local_and_says_whether_the_clock_was_set(
    store: HistoryStore, bear: Learner, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    import time

    monkeypatch.setenv("TZ", "Asia/Seoul")
    time.tzset()
    try:
        clock.time = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)
        store.add(attempt_of(bear, scored(50)))
        clock.is_set = False
        store.add(attempt_of(bear, scored(70)))
        (day,) = store.days()
        assert (day.day, day.attempts, day.mean, day.clock_set) == ("2026-03-02", 2, 60, False)
    finally:
        monkeypatch.undo()
        time.tzset()


def test_the_sums_are_what_the_attempts_say(tmp_path: Path) -> None:
    """After any attempts and any forgetting, each overview is what counting all would give."""
    chance = random.Random(4)
    days = [datetime(2026, 3, day, 9, tzinfo=UTC) for day in (2, 3, 4)]
    at = [days[0], True]
    with HistoryStore(tmp_path, now=lambda: at[0], clock_is_set=lambda: at[1]) as store:
        who = [store.add_learner(f"n{n}", "owl") for n in range(3)]
        who += [store.add_guest() for _ in range(3)]
        for step in range(120):
            if step in (60, 90):
                gone = who.pop(0)
                store.forget_learner(gone.id)
            if step == 100:
                store.forget_guests()
                who = [learner for learner in who if not learner.guest]
            at[:] = [chance.choice(days), chance.random() < 0.8]
            points = chance.choice([None, round(chance.uniform(0, 100), 1)])
            units = (UnitScore("가", 0.0, 0.1, chance.uniform(0, 100)),) if points else ()
            verdict = Verdict.SILENCE if points is None else Verdict.SCORED
            bundle = BundleInfo("b", chance.choice(["1", "2"]) * 64)
            score = Score(verdict, points, units=units, bundle=bundle)
            name = chance.choice("abc")
            store.add(NewAttempt(chance.choice(who).id, SentenceName("l", name, name, "ko"), score))
        connection = store._connection()

        def asked(query: str) -> list[tuple[object, ...]]:
            return [
                tuple(round(cell, 6) if isinstance(cell, float) else cell for cell in row)
                for row in connection.execute(query).fetchall()
            ]

        for table, key, more in (
            ("learner_sums", "learner_id", "max(at)"),
            ("class_prompt_sums", "prompt_id", "count(DISTINCT learner_id)"),
        ):
            assert asked(f"SELECT * FROM {table} ORDER BY 1") == asked(
                f"""SELECT {key}, count(*), count(score), total(score), max(score), {more}
                    FROM attempts GROUP BY 1 ORDER BY 1"""
            )
        assert asked("SELECT * FROM class_day_sums ORDER BY 1") == asked(
            """SELECT day, count(*), count(score), total(score), min(clock_set)
               FROM attempts GROUP BY 1 ORDER BY 1"""
        )
        assert asked("SELECT * FROM class_unit_sums ORDER BY 1, 2") == asked(
            """SELECT prompt_id, u.text, count(*), sum(u.score < 59.5), total(u.score)
               FROM units u JOIN attempts a ON a.id = u.attempt_id GROUP BY 1, 2 ORDER BY 1, 2"""
        )
        row = store.learners_overview()[0]
        assert row.mean is not None
        store.forget_all()
        assert store.learners_overview() == store.sentences_overview() == store.days() == ()
        assert store.missed_units() == ()


def test_no_overview_reads_all_attempts(tmp_path: Path) -> None:
    """What the teacher's results open with does not grow with the attempts."""
    asked: list[str] = []
    with HistoryStore(tmp_path) as store:
        learner = store.add_learner("a", "owl")
        score = Score(Verdict.SCORED, 50.0)
        store.add(NewAttempt(learner.id, SentenceName("l", "1", "가", "ko"), score))
        connection = store._connection()
        connection.set_trace_callback(asked.append)
        store.learners_overview()
        store.sentences_overview()
        store.missed_units()
        store.days()
        connection.set_trace_callback(None)
        queries = [query for query in asked if query.lstrip().startswith("SELECT")]
        assert len(queries) >= 4
        for query in queries:
            read = re.findall(r"\b(?:FROM|JOIN) (?:attempts|units)\b", query)
            # But for one learner's newest, from an index.
            assert not read or "WHERE a.learner_id = l.id" in query, query
