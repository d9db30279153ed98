"""The results as a PDF of A4 pages, drawn with QPainter. Usable in any thread."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from html import escape
from typing import Self

from PyQt5.QtCore import QBuffer, QByteArray, QMarginsF, QRectF, QSize, QSizeF, Qt, QUrl
from PyQt5.QtGui import QImage, QPageLayout, QPageSize, QPainter, QPdfWriter, QTextDocument

from pronounce_kiosk.core.grades import shown
from pronounce_kiosk.gui import theme
from pronounce_kiosk.gui.messages import animal_name, translate
from pronounce_kiosk.gui.teacher.chart import confusion_text, paint_days
from pronounce_kiosk.history.records import (
    Confusion,
    DayRow,
    LearnerRow,
    MissedUnit,
    Scope,
    SentenceRow,
)
from pronounce_kiosk.history.store import HistoryStore

_MARGIN_MM = 15.0
_PAGE_DPI = 96
_CHART_PX = QSize(676, 220)
_SHARPNESS = 3
"""Pixels of the chart per pixel of the page."""
_STYLE = """
    h1 {{ font-size: 28px }} h2 {{ font-size: 21px }} p {{ font-size: 17px }}
    table {{ border-collapse: collapse; margin-top: 16px }} th {{ padding: 3px 0 }}
    td {{ border-top: 1px solid {line}; padding: 3px 0 }}
"""
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
        scope = scope_of(period_days, group, today)
        days, units = history.days(scope), history.missed_units(scope)
        return cls(
            history.learners_overview(scope),
            history.sentences_overview(scope),
            tuple(unit for unit in units if unit.times >= LEAST_TIMES)[:MOST_MISSED],
            days,
            sum(row.attempts for row in days),
            history.confusions(scope),
            period_days,
            group,
            history.groups(),
        )


def scope_of(period_days: int, group: str = "", today: date | None = None) -> Scope:
    """Return what counts in one of `PERIODS_DAYS` up to today, and in a group, "" for everybody."""
    if not period_days:
        return Scope(group=group)
    first_day = (today or date.today()) - timedelta(period_days - 1)
    return Scope(first_day.isoformat(), group)


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
    writer.setPageSize(QPageSize(QPageSize.A4))
    writer.setPageMargins(QMarginsF(*[_MARGIN_MM] * 4), QPageLayout.Millimeter)
    writer.setTitle(translate("Teacher", "Results"))
    document = QTextDocument()
    document.setDefaultFont(theme.font(14))
    document.setDefaultStyleSheet(_STYLE.format(line=theme.colour("line")))
    document.setPageSize(QSizeF(writer.pageLayout().paintRectPixels(_PAGE_DPI).size()))
    document.addResource(QTextDocument.ImageResource, QUrl("days"), _picture(results.days))
    document.setHtml("".join(_parts(results, now)))
    document.print_(writer)
    buffer.close()
    return bytes(data)


def _picture(days: Sequence[DayRow]) -> QImage:
    image = QImage(_CHART_PX * _SHARPNESS, QImage.Format_RGB32)
    image.fill(Qt.white)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.Antialiasing)
    paint_days(painter, QRectF(image.rect()), days[-30:], _SHARPNESS)
    painter.end()
    return image


def _parts(results: Results, now: datetime) -> Iterator[str]:
    """Yield the report's parts as HTML."""
    title = translate("Teacher", "Pronunciation practice: results")
    text = translate("Teacher", "{date}, attempts: {n}")
    text = text.format(date=f"{now:%Y-%m-%d %H:%M}", n=results.attempts)
    parts = (text, period_text(results.period_days), results.group)
    yield f"<h1>{title}</h1><p>{escape('  ·  '.join(part for part in parts if part))}</p>"
    over_time = translate("Teacher", "Over time")
    yield f'<h2>{over_time}</h2><p><img src="days" width="{_CHART_PX.width()}"></p>'
    times, learners = translate("Teacher", "Times"), translate("Teacher", "Learners")
    attempts, mean = translate("Teacher", "Attempts"), translate("Teacher", "Mean")
    best = translate("Teacher", "Best")
    yield _table(
        learners,
        (translate("Teacher", "Name"), attempts, mean, best),
        [(learner_name(row), *_numbers(row)) for row in results.learners[:MOST_ROWS]],
    )
    yield _table(
        translate("Teacher", "Most missed"),
        (translate("Teacher", "Syllable or word"), times, translate("Teacher", "Missed"), mean),
        [(u.text, u.times, f"{u.share:.0%}", number_text(u.mean)) for u in results.missed],
    )
    yield _table(
        translate("Teacher", "Sounds"),
        (translate("Teacher", "Sound to say → sound heard"), times, learners),
        [(confusion_text(c), c.times, c.learners) for c in results.confusions[:MOST_MISSED]],
    )
    yield _table(
        translate("Teacher", "Sentences"),
        (translate("Teacher", "Sentence"), attempts, mean, best),
        [(row.sentence.text, *_numbers(row)) for row in results.sentences[:MOST_ROWS]],
    )


def _numbers(row: LearnerRow | SentenceRow) -> tuple[object, ...]:
    return row.attempts, number_text(row.mean), number_text(row.best)


def _table(title: str, header: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Return a table as HTML, with title and header on every page; "" without rows."""
    if not rows:
        return ""
    head = f'<tr><th colspan="{len(header)}" align="left"><h2>{title}</h2></th></tr>'
    head += _row(header, "th")
    body = "".join(_row(row, "td") for row in rows)
    return f'<table width="100%"><thead>{head}</thead>{body}</table>'


def _row(cells: Sequence[object], tag: str) -> str:
    first, *others = (escape(str(cell)) for cell in cells)
    numbers = "".join(f'<{tag} width="14%" align="right">{cell}</{tag}>' for cell in others)
    return f'<tr><{tag} align="left">{first}</{tag}>{numbers}</tr>'
