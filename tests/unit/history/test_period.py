"""What a class has done since a day, and which sounds it confuses."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pronounce_kiosk.core.score import (
    BundleInfo,
    PhoneScore,
    ReferenceInfo,
    Score,
    UnitScore,
    Verdict,
)
from pronounce_kiosk.history.records import Confusion, NewAttempt, Scope, SentenceName
from pronounce_kiosk.history.statistics import confusion_rows
from pronounce_kiosk.history.store import HistoryStore

BUNDLE, ESPEAK = BundleInfo("aligned-2", "ab" * 32), ReferenceInfo("espeak", "ko")
START = datetime(2026, 3, 2, 9, tzinfo=UTC)


class Class:
    """Three learners and two guests who practise on three days, each a week after the other."""

    def __init__(self, folder: Path) -> None:
        self.at = START
        self.store = HistoryStore(folder, lambda: self.at, lambda: True)
        self.chance = random.Random(7)

    def practise(self) -> None:
        learners = [self.store.add_learner(name, "fox") for name in ("민준", "가람", "=1+1")]
        learners += [self.store.add_guest(), self.store.add_guest()]
        for _ in range(3):
            for learner in learners:
                for text in ("국물", "달"):
                    for _ in range(self.chance.randint(0, 3)):
                        self.say(learner.id, text)
            self.at += timedelta(7)

    def say(self, learner_id: int, text: str) -> None:
        points = self.chance.uniform(0, 100)
        units = tuple(
            UnitScore(one, 0.0, 0.2, self.chance.uniform(40, 100), self.chance.random() < 0.8)
            for one in text
        )
        score = Score(
            Verdict.SCORED, points, points, points, points, units, reference=ESPEAK, bundle=BUNDLE
        )
        if self.chance.random() < 0.2:
            score = Score(Verdict.SILENCE)
        self.store.add(NewAttempt(learner_id, SentenceName("ko", text, text, "ko"), score))


@pytest.fixture
def school(tmp_path: Path) -> Iterator[Class]:
    school = Class(tmp_path)
    school.practise()
    yield school
    school.store.close()


def test_since_the_first_day_it_is_all_there_is(school: Class) -> None:
    """As the store's own overviews count it, which keep sums."""
    store = school.store
    since = "2026-01-01"
    rows = [replace(row, mean=None) for row in store.learners_overview(Scope(since))]
    expected = [replace(row, mean=None) for row in store.learners_overview() if row.attempts]
    assert rows == expected
    for row, other in zip(
        store.learners_overview(Scope(since)), store.learners_overview(), strict=True
    ):
        assert row.mean == pytest.approx(other.mean)
    assert {
        (r.sentence, r.attempts, r.learners) for r in store.sentences_overview(Scope(since))
    } == {(r.sentence, r.attempts, r.learners) for r in store.sentences_overview()}
    missed = {(u.text, u.times, u.missed) for u in store.missed_units(Scope(since))}
    assert missed == {(u.text, u.times, u.missed) for u in store.missed_units()}


def test_only_the_period_counts(school: Class) -> None:
    store = school.store
    days = school.store.days()
    assert len(days) == 3
    since_last = store.learners_overview(Scope(days[-1].day))
    assert sum(row.attempts for row in since_last) == days[-1].attempts
    assert sum(row.attempts for row in store.sentences_overview(Scope(days[1].day))) == (
        days[1].attempts + days[2].attempts
    )
    assert store.learners_overview(Scope("2027-01-01")) == ()
    assert store.missed_units(Scope("2027-01-01")) == ()


def test_which_sounds_are_taken_for_which(tmp_path: Path) -> None:
    with HistoryStore(tmp_path, lambda: START) as store:
        learners = [store.add_learner("가", "fox"), store.add_learner("나", "owl")]
        said = (("ㅃ", "ㅂ"), ("ㅃ", "ㅂ"), ("ㅓ", "ㅗ"), ("ㄴ", ""), ("ㅏ", None))
        for number, (target, heard) in enumerate(said):
            phones = (PhoneScore(target, 50.0, heard), PhoneScore("ㅣ", 90.0))
            unit = UnitScore("x", 0.0, 0.2, 60.0, phones=phones)
            score = Score(Verdict.SCORED, 60.0, units=(unit,))
            learner = learners[number % 2]
            store.add(NewAttempt(learner.id, SentenceName("ko", "1", "x", "ko"), score))
        found = store.confusions()
        assert found == (
            Confusion("ko", "ㅃ", "ㅂ", 2, 2),
            Confusion("ko", "ㄴ", "", 1, 1),
            Confusion("ko", "ㅓ", "ㅗ", 1, 1),
        )
        assert store.confusions(Scope("2026-03-03")) == ()
        assert next(iter(confusion_rows(found[1:])))["heard"] == "(left out)"


def test_a_group_is_seen_alone(school: Class) -> None:
    store = school.store
    first, second, third = store.learners()
    store.set_group(first.id, " 3-2 ")
    store.set_group(second.id, "3-2")
    store.set_group(third.id, "3-1")
    store.set_group(third.id, "")
    assert store.groups() == {first.id: "3-2", second.id: "3-2"}
    scope = Scope(group="3-2")
    rows = store.learners_overview(scope)
    assert {row.learner for row in rows} == {first, second}
    assert sum(row.attempts for row in store.days(scope)) == sum(row.attempts for row in rows)
    kept = [(row.day, row.attempts, round(row.mean or 0, 6), row.clock_set) for row in store.days()]
    counted = [
        (r.day, r.attempts, round(r.mean or 0, 6), r.clock_set)
        for r in store.days(Scope("2026-01-01"))
    ]
    assert counted == kept
    store.forget_learner(first.id)
    assert store.groups() == {second.id: "3-2"}
    store.forget_all()
    assert store.groups() == {}
