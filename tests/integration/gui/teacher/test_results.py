"""A class's results: by child, sentence, syllable, sound and day; in a period; saved; deleted."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from pronounce_kiosk.core.score import (
    BundleInfo,
    PhoneScore,
    ReferenceInfo,
    Score,
    UnitScore,
    Verdict,
)
from pronounce_kiosk.gui.teacher.report import Results, scope_of
from pronounce_kiosk.gui.teacher.results import LearnerPage, ResultsPage
from pronounce_kiosk.history.records import NewAttempt, SentenceName
from pronounce_kiosk.history.store import HistoryStore
from tests.integration.gui.teacher.conftest import message


@pytest.fixture
def practised(desk):  # type: ignore[no-untyped-def]
    """A class of two and a guest."""
    said_by, bundle = ReferenceInfo("espeak", "ko"), BundleInfo("aligned-2", "0" * 64)
    with HistoryStore(desk.model.paths.data_dir) as history:
        learners = [history.add_learner("민준", "tiger"), history.add_learner("=1+1", "fox")]
        for who in (*learners, history.add_guest()):
            phones = (PhoneScore("ㄱ", 30.0, "ㄲ"), PhoneScore("ㅜ", 90.0))
            poor = UnitScore("국", 0, 0.2, 40.0, phones=phones)
            units = (poor, UnitScore("물", 0.2, 0.4, 90.0))
            numbers = (70.0, 70.0, 70.0, 70.0)
            score = Score(Verdict.SCORED, *numbers, units, reference=said_by, bundle=bundle)
            history.add(NewAttempt(who.id, SentenceName("반", "s", "국물", "ko"), score))
    desk.enter()
    desk.go("results")
    desk.wait_for(ResultsPage)
    desk.wait(lambda: desk.area.page.results is not None)
    return desk


def test_results_by_learner_sentence_and_syllable(practised) -> None:  # type: ignore[no-untyped-def]
    desk, page = practised, practised.area.page
    assert {row.title for row in page.rows.rows} == {"민준", "=1+1", "Guests"}
    desk.tap(page.choices.buttons["sentences"])
    assert [row.title for row in page.rows.rows] == ["국물"]
    desk.tap(page.choices.buttons["missed"])
    assert page.rows.rows[0].title == "국   100%"
    desk.tap(page.choices.buttons["days"])
    assert page.chart.isVisible()


def test_results_to_the_stick(practised) -> None:  # type: ignore[no-untyped-def]
    desk, page = practised, practised.area.page
    folder = desk.plug()
    desk.wait(lambda: bool(desk.model.sticks))
    desk.tap(page.csv_button)
    assert message(desk).endswith("is on the stick CLASS.")
    desk.tap(desk.area.page.buttons[-1])
    desk.tap(page.pdf_button)
    assert ".pdf" in message(desk)
    (csv,) = folder.glob("*.csv")
    lines = csv.read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == 4
    assert "'=1+1" in csv.read_text(encoding="utf-8-sig")  # nothing that a spreadsheet would run
    (pdf,) = folder.glob("*.pdf")
    assert pdf.read_bytes().startswith(b"%PDF-")
    assert len(pdf.read_bytes()) > 5_000


def test_results_when_the_stick_goes(practised) -> None:  # type: ignore[no-untyped-def]
    desk, page = practised, practised.area.page
    folder = desk.plug()
    desk.wait(lambda: bool(desk.model.sticks))
    folder.rmdir()
    desk.tap(page.pdf_button)
    assert message(desk).startswith("The stick was pulled out.")
    assert not folder.exists()


def test_delete_one_learner_then_all(practised) -> None:  # type: ignore[no-untyped-def]
    desk, page = practised, practised.area.page
    desk.tap_row(page.rows, "민준")
    desk.wait_for(LearnerPage)
    desk.tap(desk.area.page.forget_button)
    assert message(desk) == "Delete 민준, with their own results?"
    desk.tap(desk.area.page.buttons[0])
    desk.wait_for(ResultsPage)
    desk.wait(lambda: len(page.results.learners) == 2)
    desk.tap(page.forget_button)
    desk.tap(desk.area.page.buttons[-1])  # no
    assert page.results.attempts == 2
    desk.tap(page.forget_button)
    desk.tap(desk.area.page.buttons[0])
    assert message(desk) == "Attempts deleted: 2."
    with HistoryStore(desk.model.paths.data_dir) as history:
        assert history.count() == 0


def test_sounds_taken_for_others_are_a_picture_and_a_table(practised) -> None:  # type: ignore[no-untyped-def]
    desk, page = practised, practised.area.page
    folder = desk.plug()
    desk.wait(lambda: bool(desk.model.sticks))
    desk.tap(page.choices.buttons["sounds"])
    assert page.matrix.isVisible()
    assert page.matrix.accessibleName() == "ㄱ → ㄲ: 3"
    desk.tap(page.csv_button)
    assert "-sounds.csv is on the stick" in message(desk)
    (csv,) = folder.glob("*-sounds.csv")
    lines = csv.read_text(encoding="utf-8-sig").splitlines()
    assert lines == ["language,sound,heard,times,learners", "ko,ㄱ,ㄲ,3,3"]


def test_a_period_is_chosen_tap_by_tap(practised) -> None:  # type: ignore[no-untyped-def]
    desk, page = practised, practised.area.page
    seen = []
    for _ in range(4):
        desk.tap(page.period_button)
        desk.wait(lambda: page.results.period_days == page.period_days and not desk.model.busy)
        seen.append((page.period_button.text(), page.results.attempts))
    assert seen == [("Today", 3), ("7 days", 3), ("30 days", 3), ("All time", 3)]


def test_an_older_attempt_is_in_no_later_period(desk) -> None:  # type: ignore[no-untyped-def]
    old = datetime.now().astimezone() - timedelta(10)
    with HistoryStore(desk.model.paths.data_dir, lambda: old) as history:
        learner = history.add_learner("민준", "tiger")
        history.add(
            NewAttempt(learner.id, SentenceName("반", "s", "국", "ko"), Score(Verdict.SCORED, 70.0))
        )
        assert Results.of(history, 7).learners == ()
        assert len(Results.of(history, 30).learners) == 1
        assert list(history.export_rows(scope_of(7))) == []
        assert [row["learner"] for row in history.export_rows(scope_of(30))] == ["민준"]
        other = history.add_learner("서연", "fox")
        history.set_group(other.id, "3-2")
        assert list(history.export_rows(scope_of(0, "3-2"))) == []
        history.set_group(learner.id, "3-2")
        assert [row["learner"] for row in history.export_rows(scope_of(0, "3-2"))] == ["민준"]


def test_one_of_one_is_not_called_missed(desk) -> None:  # type: ignore[no-untyped-def]
    with HistoryStore(desk.model.paths.data_dir) as history:
        learner = history.add_learner("민준", "tiger")
        score = Score(Verdict.SCORED, 40.0, units=(UnitScore("국", 0, 0.2, 40.0),))
        for times in range(1, 4):
            history.add(NewAttempt(learner.id, SentenceName("반", "s", "국", "ko"), score))
            assert len(Results.of(history).missed) == (times >= 3)


def test_a_group_is_named_and_seen_alone(practised) -> None:  # type: ignore[no-untyped-def]
    desk, page = practised, practised.area.page
    assert not page.group_button.isVisible()
    desk.tap_row(page.rows, "민준")
    desk.wait_for(LearnerPage)
    desk.tap(desk.area.page.group_button)
    desk.area.page.keyboard.begin("3-2", "ko")
    desk.tap(desk.area.page.keyboard.enter_key)
    assert "3-2" in desk.area.title()
    desk.back()
    desk.wait(lambda: page.group_button.isVisible() and not desk.model.busy)
    desk.tap(page.group_button)
    desk.wait(lambda: page.results.group == "3-2" and not desk.model.busy)
    assert [row.title for row in page.rows.rows] == ["민준  ·  3-2"]
    desk.tap(page.group_button)
    desk.wait(lambda: page.results.group == "" and not desk.model.busy)
    assert len(page.rows.rows) == 3
