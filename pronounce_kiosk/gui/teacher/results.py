"""Results by learner, sentence, missed and confused sounds, and over time."""

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from PyQt5.QtCore import Qt
from PyQt5.QtWidgets import QStackedWidget, QWidget

from pronounce_kiosk.batch.results import write_results
from pronounce_kiosk.core.atomic import write_atomically
from pronounce_kiosk.core.score import Score, Verdict
from pronounce_kiosk.gui.layouts import hbox
from pronounce_kiosk.gui.messages import translate
from pronounce_kiosk.gui.teacher.chart import ConfusionMatrix, DayChart
from pronounce_kiosk.gui.teacher.edit import NamePage
from pronounce_kiosk.gui.teacher.navigation import Page, PageStack
from pronounce_kiosk.gui.teacher.page_widgets import ActionBar, Choices, Row, RowsView
from pronounce_kiosk.gui.teacher.report import (
    PERIODS_DAYS,
    Results,
    learner_name,
    number_text,
    pdf_report,
    period_text,
    scope_of,
)
from pronounce_kiosk.gui.teacher.sticks import save_to_stick
from pronounce_kiosk.history.records import Attempt, LearnerRow, Scope
from pronounce_kiosk.history.statistics import CONFUSION_COLUMNS, confusion_rows
from pronounce_kiosk.history.store import HistoryStore

T = TypeVar("T")
VIEWS = ("learners", "sentences", "missed", "sounds", "days")


class ResultsPage(Page):
    """Shows the results of the class; saves and deletes them."""

    def __init__(self, area: PageStack) -> None:
        super().__init__(area, lambda: translate("Teacher", "Results"))
        self.results: Results | None = None
        self.view = "learners"
        self.period_days = 0
        self.group = ""
        self.choices = Choices(self.show_view, self, VIEWS, height_px=56)
        self.rows = RowsView(keeps_choice=False, parent=self)
        self.rows.tapped.connect(self._on_tapped)
        self.chart = DayChart(self)
        self.matrix = ConfusionMatrix(self)
        self.stack = QStackedWidget(self)
        for view in (self.rows, self.chart, self.matrix):
            self.stack.addWidget(view)
        self.bar = ActionBar(self)
        self.period_button = self.bar.add("results", self._next_period)
        self.group_button = self.bar.add("person", self._next_group)
        self.csv_button = self.bar.add("export", self._save_csv)
        self.pdf_button = self.bar.add("file", self._save_pdf)
        self.forget_button = self.bar.add("delete", self._forget_all)
        self.lay_out(self.choices, (self.stack, 1), self.bar)

    def shown(self) -> None:
        """Read the results again: they may have changed."""
        super().shown()
        days, group = self.period_days, self.group
        self.model.with_history(
            "results", lambda history: Results.of(history, days, group), self.here(self._got)
        )

    def show_view(self, name: str) -> None:
        """Show one of `VIEWS`."""
        self.view = name
        self._retranslate()

    def _got(self, results: Results) -> None:
        # An older answer may arrive after another period or group was chosen.
        if (results.period_days, results.group) == (self.period_days, self.group):
            self.results = results
            self._retranslate()

    def _next_period(self) -> None:
        self.period_days = _next_of(PERIODS_DAYS, self.period_days)
        self.shown()

    def _next_group(self) -> None:
        """Show the next group; everybody follows the last."""
        self.group = _next_of(("", *self._group_names()), self.group)
        self.shown()

    def _group_names(self) -> list[str]:
        return sorted(set(self.results.groups.values())) if self.results is not None else []

    def _on_tapped(self, row: LearnerRow) -> None:
        group = "" if self.results is None else group_of(row, self.results)
        self.area.push(LearnerPage(self.area, row, group))

    def _save_csv(self) -> None:
        """Write the attempts of period and group, or the shown confusions, to a stick."""
        days, group, results = self.period_days, self.group, self.results
        if self.view == "sounds" and results is not None:
            rows = list(confusion_rows(results.confusions))
            self._save("-sounds.csv", lambda _, path: write_results(path, rows, CONFUSION_COLUMNS))
        else:
            scope = scope_of(days, group)
            self._save(".csv", lambda h, path: write_results(path, h.export_rows(scope)))

    def _save_pdf(self) -> None:
        days, group = self.period_days, self.group

        def write(history: HistoryStore, path: Path) -> None:
            data = pdf_report(Results.of(history, days, group), datetime.now())
            if not path.parent.is_dir():
                raise FileNotFoundError(2, "the stick is not there", str(path))
            write_atomically(path, data)

        self._save(".pdf", write)

    def _save(self, suffix: str, write: Callable[[HistoryStore, Path], object]) -> None:
        data_dir = self.model.paths.data_dir

        def write_file(path: Path) -> None:
            with HistoryStore(data_dir) as history:
                write(history, path)

        # Never over an older file: it may hold learners deleted since.
        save_to_stick(self.area, f"results-{datetime.now():%Y-%m-%d}{suffix}", write_file)

    def _forget_all(self) -> None:
        def forget() -> None:
            self.results = None
            self._retranslate()
            self.rows.set_rows((), translate("Teacher", "Deleting…"))
            self.model.with_history("forget", lambda h: h.forget_all(), self.here(self._forgotten))

        self.area.ask(
            lambda: translate("Teacher", "Delete all learners and all their results?"),
            lambda: translate("Teacher", "Delete all"),
            forget,
            detail=lambda: translate(
                "Teacher", "This cannot be undone. Save them to a stick first."
            ),
        )

    def _forgotten(self, count: int) -> None:
        self.shown()
        text = translate("Teacher", "Attempts deleted: {n}.")
        self.area.show_message(lambda: text.format(n=count))

    def _retranslate(self) -> None:
        texts = {
            "learners": translate("Teacher", "Learners"),
            "sentences": translate("Teacher", "Sentences"),
            "missed": translate("Teacher", "Most missed"),
            "sounds": translate("Teacher", "Sounds"),
            "days": translate("Teacher", "Over time"),
        }
        self.choices.show_choices(texts, self.view)
        self.rows.name(texts[self.view])
        results = self.results
        some = results is not None and results.attempts > 0
        known = results is not None and bool(results.learners)
        self.period_button.set_face(period_text(self.period_days))
        self.group_button.set_face(self.group or translate("Teacher", "Everybody"))
        # Shown where there are groups; also where the chosen group has just become empty.
        self.group_button.setVisible(bool(self._group_names() or self.group))
        self.csv_button.set_face(translate("Teacher", "Save CSV"), some)
        self.pdf_button.set_face(translate("Teacher", "Save PDF"), some)
        self.forget_button.set_face(translate("Teacher", "Delete all"), known)
        if results is None:
            self.rows.set_rows((), translate("Teacher", "Reading…"))
            return
        pictures: dict[str, QWidget] = {"days": self.chart, "sounds": self.matrix}
        self.stack.setCurrentWidget(pictures.get(self.view, self.rows))
        self.chart.set_days(results.days)
        self.matrix.set_confusions(results.confusions)
        empty = translate("Teacher", "No attempt yet.")
        if self.view == "missed" and some:
            empty = translate("Teacher", "No sound was missed so far.")
        make = {"learners": learner_rows, "sentences": sentence_rows, "missed": missed_rows}
        if self.view in make:
            self.rows.set_rows(make[self.view](results), empty)


def _next_of(values: Sequence[T], value: T) -> T:
    """Return the value that follows; the first follows the last and an unknown one."""
    place = values.index(value) if value in values else 0
    return values[(place + 1) % len(values)]


def group_of(row: LearnerRow, results: Results) -> str:
    """Return a learner's class group; "" for none."""
    return "" if row.learner is None else results.groups.get(row.learner.id, "")


def learner_rows(results: Results) -> list[Row]:
    """Return a row for each learner."""
    rows = []
    for row in results.learners:
        title = [learner_name(row), group_of(row, results)]
        under = [counts_text(row.attempts, row.best)]
        if row.last_at is not None:
            under.append(f"{row.last_at.astimezone():%Y-%m-%d}")
        rows.append(Row(row, _joined(title), _joined(under), "person", number_text(row.mean)))
    return rows


def sentence_rows(results: Results) -> list[Row]:
    """Return a row for each sentence."""
    text = translate("Teacher", "Attempts: {n}, learners: {learners}")
    return [
        Row(
            None,
            row.sentence.text,
            text.format(n=row.attempts, learners=row.learners),
            trailing=number_text(row.mean),
        )
        for row in results.sentences
    ]


def missed_rows(results: Results) -> list[Row]:
    """Return a row for each unit that is often missed."""
    text = translate("Teacher", "missed {missed} of {times} times")
    rows = []
    for unit in results.missed:
        said = text.format(missed=unit.missed, times=unit.times)
        under = _joined([said, *(sentence.text for sentence in unit.sentences[:1])])
        mean = number_text(unit.mean)
        rows.append(Row(None, f"{unit.text}   {unit.share:.0%}", under, trailing=mean))
    return rows


def _joined(parts: Sequence[str]) -> str:
    return "  ·  ".join(part for part in parts if part)


class LearnerPage(Page):
    """Shows one learner over time; sets the class group; deletes the learner."""

    def __init__(self, area: PageStack, row: LearnerRow, group: str = "") -> None:
        super().__init__(area)
        self._row, self._group = row, group
        self.chart = DayChart(self)
        self.rows = RowsView(parent=self)
        self.bar = ActionBar(self)
        self.group_button = self.bar.add("person", self._name_group)
        self.forget_button = self.bar.add("delete", self._forget)
        self.bar.setFixedWidth(200)
        # Side by side, because the page would be too high otherwise.
        upper = hbox((self.chart, 1), (self.bar, 0, Qt.AlignRight))
        self.lay_out((upper, 2), (self.rows, 3))
        for widget in (self.chart, self.group_button):
            widget.setVisible(row.learner is not None)

    def title(self) -> str:
        """Return name, group and numbers."""
        counts = counts_text(self._row.attempts, self._row.best)
        return _joined([learner_name(self._row), self._group, counts])

    def shown(self) -> None:
        """Read the learner's attempts."""
        super().shown()
        if (learner := self._row.learner) is None:
            return
        ask, scope = self.model.with_history, Scope(learner_id=learner.id)
        ask("days", lambda history: history.days(scope), self.here(self.chart.set_days))
        ask("attempts", lambda h: h.attempts(learner.id, limit=50), self.here(self._got))

    def _got(self, attempts: Sequence[Attempt]) -> None:
        rows = [_attempt_row(attempt) for attempt in attempts]
        self.rows.set_rows(rows, translate("Teacher", "No attempt yet."))

    def _name_group(self) -> None:
        if (learner := self._row.learner) is None:
            return

        name = learner_name(self._row)

        def keep(group: str) -> None:
            self._group = group
            self.model.with_history("group", lambda history: history.set_group(learner.id, group))
            self.area.title_changed.emit()

        page = NamePage(
            self.area,
            lambda: translate("Teacher", "Class group of {name}").format(name=name),
            self._group,
            self.area.language.current,
            keep,
            may_be_empty=True,
        )
        self.area.push(page)

    def _forget(self) -> None:
        learner, name = self._row.learner, learner_name(self._row)

        def forget() -> None:
            self.forget_button.setEnabled(False)
            self.rows.set_rows((), translate("Teacher", "Deleting…"))
            self.model.with_history(
                "forget",
                lambda h: h.forget_guests() if learner is None else h.forget_learner(learner.id),
                self.here(lambda _: self.area.close_page(self)),
            )

        def question() -> str:
            if learner is None:
                return translate("Teacher", "Delete all guests' results?")
            return translate("Teacher", "Delete {name}, with their own results?").format(name=name)

        self.area.ask(
            question,
            lambda: translate("Teacher", "Delete"),
            forget,
            detail=lambda: translate("Teacher", "This cannot be undone."),
        )

    def _retranslate(self) -> None:
        self.rows.name(translate("Teacher", "Attempts"))
        self.forget_button.set_face(translate("Teacher", "Delete"))
        self.group_button.set_face(translate("Teacher", "Group"))


def _attempt_row(attempt: Attempt) -> Row:
    at = f"{attempt.at.astimezone():%Y-%m-%d %H:%M}" + ("" if attempt.clock_set else " ?")
    return Row(None, attempt.sentence.text, at, trailing=attempt_text(attempt.score))


def attempt_text(score: Score) -> str:
    """Format the score, or the reason why there is none."""
    if score.score is not None:
        return number_text(score.score)
    return {
        Verdict.SILENCE: translate("Teacher", "silent"),
        Verdict.TOO_QUIET: translate("Teacher", "too quiet"),
        Verdict.CLIPPED: translate("Teacher", "too loud"),
        Verdict.NOISY: translate("Teacher", "noisy"),
        Verdict.TOO_SHORT: translate("Teacher", "too short"),
        Verdict.TOO_LONG: translate("Teacher", "too long"),
        Verdict.DIFFERENT_SENTENCE: translate("Teacher", "another sentence"),
    }.get(score.verdict, number_text(None))


def counts_text(attempts: int, best: float | None) -> str:
    """Format number of attempts and best score."""
    text = translate("Teacher", "Attempts: {n}, best: {best}")
    return text.format(n=attempts, best=number_text(best))
