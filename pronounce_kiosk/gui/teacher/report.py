"""The results as a PDF of A4 pages, drawn with QPainter. Usable in any thread."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Self

from PyQt5.QtCore import QBuffer, QByteArray, QMarginsF, QRectF, Qt
from PyQt5.QtGui import QColor, QFontMetrics, QPageLayout, QPageSize, QPainter, QPdfWriter

from pronounce_kiosk.core.grades import shown
from pronounce_kiosk.gui import theme
from pronounce_kiosk.gui.messages import animal_name, translate
from pronounce_kiosk.gui.teacher.chart import confusion_text, paint_days
from pronounce_kiosk.gui.widgets.drawing import draw_text
from pronounce_kiosk.history.records import (
    Confusion,
    DayRow,
    LearnerRow,
    MissedUnit,
    Scope,
    SentenceRow,
)
from pronounce_kiosk.history.store import HistoryStore

_DPI = 150
_MARGIN_MM = 15.0
_SCALE = _DPI / 100
"""Painter units per screen pixel."""
MOST_ROWS = 200
MOST_MISSED = 20
LEAST_TIMES = 3
"""Minimum number of times a unit was said to be listed as missed: 1 of 1 is chance."""
PERIODS_DAYS = (0, 1, 7, 30)
"""Periods on offer, in days up to today; 0 is all time."""


@dataclass(frozen=True)
class Results:
    """The class's results in a period, for the pages and the report."""

    learners: tuple[LearnerRow, ...] = ()
    sentences: tuple[SentenceRow, ...] = ()
    missed: tuple[MissedUnit, ...] = ()
    days: tuple[DayRow, ...] = ()
    attempts: int = 0
    confusions: tuple[Confusion, ...] = ()
    period_days: int = 0
    group: str = ""
    groups: Mapping[int, str] = field(default_factory=dict)
    """Class groups by learner id."""

    @classmethod
    def of(
        cls, history: HistoryStore, period_days: int = 0, group: str = "", today: date | None = None
    ) -> Self:
        """Read the results of one of `PERIODS_DAYS` and of a class group, "" for everybody.

        history: a store of the calling thread. today: the period's last day; None for the clock's.
        """
        scope = Scope(first_day(period_days, today), group)
        days = history.days(scope)
        return cls(
            history.learners_overview(scope),
            history.sentences_overview(scope),
            _often(history.missed_units(scope)),
            days,
            sum(row.attempts for row in days),
            history.confusions(scope),
            period_days,
            group,
            history.groups(),
        )


def first_day(period_days: int, today: date | None = None) -> str:
    """Return a period's first day, ``YYYY-MM-DD``; "" for all time."""
    if not period_days:
        return ""
    return ((today or date.today()) - timedelta(period_days - 1)).isoformat()


def attempt_rows(
    history: HistoryStore, period_days: int = 0, group: str = ""
) -> Iterator[dict[str, str]]:
    """Yield the attempts of a period and a group in the form of `HistoryStore.export_rows`."""
    return history.export_rows(Scope(first_day(period_days), group))


def _often(units: Sequence[MissedUnit]) -> tuple[MissedUnit, ...]:
    return tuple(unit for unit in units if unit.times >= LEAST_TIMES)[:MOST_MISSED]


def period_text(days: int) -> str:
    """Name a period of `PERIODS_DAYS`."""
    if days == 1:
        return translate("Teacher", "Today")
    if days:
        return translate("Teacher", "{n} days").format(n=days)
    return translate("Teacher", "All time")


def learner_name(row: LearnerRow) -> str:
    """Return the nickname, or the animal where there is none; one name for all guests."""
    if row.learner is None or row.learner.guest:
        return translate("Teacher", "Guests")
    return row.learner.numbered(row.learner.nickname or animal_name(row.learner.animal))


def number_text(value: float | None) -> str:
    """Format a score without decimals; a dash for none."""
    return "–" if value is None else str(shown(value))


def pdf_report(results: Results, now: datetime) -> bytes:
    """Return the report as a PDF."""
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QBuffer.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(_DPI)
    writer.setPageSize(QPageSize(QPageSize.A4))
    writer.setPageMargins(QMarginsF(*[_MARGIN_MM] * 4), QPageLayout.Millimeter)
    writer.setTitle(translate("Teacher", "Results"))
    painter = QPainter(writer)
    try:
        _Report(writer, painter).write(results, now)
    finally:
        painter.end()
    buffer.close()
    return bytes(data)


class _Report:
    def __init__(self, writer: QPdfWriter, painter: QPainter) -> None:
        self._writer, self._painter = writer, painter
        self._width, self._height = writer.width(), writer.height()
        self._y = 0.0

    def write(self, results: Results, now: datetime) -> None:
        self._line(translate("Teacher", "Pronunciation practice: results"), 30, bold=True)
        text = translate("Teacher", "{date}, attempts: {n}")
        text = text.format(date=f"{now:%Y-%m-%d %H:%M}", n=results.attempts)
        parts = (text, period_text(results.period_days), results.group)
        self._line("  ·  ".join(part for part in parts if part), 18)
        self._heading(translate("Teacher", "Over time"))
        chart = QRectF(0, self._y, self._width, 220 * _SCALE)
        paint_days(self._painter, chart, results.days[-30:], _SCALE)
        self._y = chart.bottom()
        times, learners = translate("Teacher", "Times"), translate("Teacher", "Learners")
        attempts, mean = translate("Teacher", "Attempts"), translate("Teacher", "Mean")
        best = translate("Teacher", "Best")
        self._table(
            learners,
            (translate("Teacher", "Name"), attempts, mean, best),
            [
                (learner_name(r), r.attempts, number_text(r.mean), number_text(r.best))
                for r in results.learners[:MOST_ROWS]
            ],
        )
        self._table(
            translate("Teacher", "Most missed"),
            (translate("Teacher", "Syllable or word"), times, translate("Teacher", "Missed"), mean),
            [
                (unit.text, unit.times, f"{unit.share:.0%}", number_text(unit.mean))
                for unit in results.missed[:MOST_ROWS]
            ],
        )
        self._table(
            translate("Teacher", "Sounds"),
            (translate("Teacher", "Sound to say → sound heard"), times, learners),
            [(confusion_text(c), c.times, c.learners) for c in results.confusions[:MOST_MISSED]],
        )
        self._table(
            translate("Teacher", "Sentences"),
            (translate("Teacher", "Sentence"), attempts, mean, best),
            [
                (r.sentence.text, r.attempts, number_text(r.mean), number_text(r.best))
                for r in results.sentences[:MOST_ROWS]
            ],
        )

    def _room_for(self, height: float) -> None:
        if self._y + height > self._height:
            self._writer.newPage()
            self._y = 0.0

    def _line(self, text: str, size_px: int, bold: bool = False) -> None:
        size_px = round(size_px * _SCALE)
        height = QFontMetrics(theme.font(size_px, bold), self._writer).height() * 1.25
        self._room_for(height)
        box = QRectF(0, self._y, self._width, height)
        draw_text(self._painter, box, text, size_px, bold=bold, align=Qt.AlignLeft)
        self._y += height

    def _heading(self, text: str) -> None:
        self._room_for(120 * _SCALE)
        self._y += 14 * _SCALE
        self._line(text, 22, bold=True)

    def _table(self, title: str, header: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
        if rows:
            self._heading(title)
            self._row(header, bold=True)
            for row in rows:
                self._row([str(cell) for cell in row])

    def _row(self, cells: Sequence[str], bold: bool = False) -> None:
        size_px = round(15 * _SCALE)
        metrics = QFontMetrics(theme.font(size_px, bold), self._writer)
        height = metrics.height() * 1.5
        self._room_for(height)
        narrow = self._width * 0.14
        first = self._width - narrow * (len(cells) - 1)
        x = 0.0
        for number, cell in enumerate(cells):
            width = narrow if number else first
            shown = metrics.elidedText(cell, Qt.ElideRight, round(width - 8 * _SCALE))
            box = QRectF(x, self._y, width, height)
            align = Qt.AlignRight if number else Qt.AlignLeft
            draw_text(self._painter, box, shown, size_px, bold=bold, align=align)
            x += width
        self._painter.setPen(QColor(theme.colour("line")))
        line = round(self._y + height)
        self._painter.drawLine(0, line, self._width, line)
        self._y += height
