"""Bars, dots and rings: an aspect, a level, a list's progress and difficulty, a score."""

from PyQt5.QtCore import QPointF, QRectF, Qt
from PyQt5.QtGui import QColor, QHideEvent, QPainter, QShowEvent
from PyQt5.QtWidgets import QWidget

from pronounce_kiosk.gui import theme
from pronounce_kiosk.gui.timers import make_timer
from pronounce_kiosk.gui.view_models import SILENT, LevelView
from pronounce_kiosk.gui.widgets.drawing import Drawn, draw_box, draw_picture, draw_text, pen
from pronounce_kiosk.session.progress import Progress

_ASPECT_BAR_PX = 12
_METER_BARS, _METER_GAP_PX = 28, 4
_PROGRESS_PX = 8
_DOTS, _DOT_PX, _DOT_GAP_PX = 3, 14, 6
_RING_PX, _RING_PEN_PX, _STAR_PX = 138, 12, 36
_TURN_MS, _TURN_DEGREES = 40, 11


class AspectBar(Drawn):
    """Shows an aspect's name, and its value of 0-100 as a bar in the grade's colour."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, (160, 48), 120)
        self._name, self._value, self._grade = "", 0, "none"

    def set_aspect(self, name: str, value: int, grade: str) -> None:
        """Show an aspect; name is in the interface's language."""
        self._name, self._value, self._grade = name, value, grade
        self.setAccessibleName(f"{name} {value}")
        self.update()

    def _paint(self, painter: QPainter) -> None:
        text = self.rect().adjusted(2, 0, -2, -_ASPECT_BAR_PX - 6)
        draw_text(painter, text, self._name, 21, bold=True, align=Qt.AlignLeft)
        draw_text(painter, text, str(self._value), 21, bold=True, align=Qt.AlignRight)
        bar = QRectF(0, self.height() - _ASPECT_BAR_PX - 2, self.width(), _ASPECT_BAR_PX)
        draw_box(painter, bar, _ASPECT_BAR_PX / 2, "line")
        if self._value > 0:
            bar.setWidth(max(_ASPECT_BAR_PX, bar.width() * min(self._value, 100) / 100))
            grade = "accent" if self._grade == "none" else self._grade
            draw_box(painter, bar, _ASPECT_BAR_PX / 2, grade)


class LevelMeter(Drawn):
    """Shows the voice's level as bars that grow, so that colour is not the only sign."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, (360, 28), 200)
        self._view = SILENT

    def set_level(self, view: LevelView) -> None:
        """Set the level, whose tone is the bars' colour."""
        self._view = view
        self.update()

    def _paint(self, painter: QPainter) -> None:
        width = (self.width() - (_METER_BARS - 1) * _METER_GAP_PX) / _METER_BARS
        for number in range(_METER_BARS):
            height = self.height() * (0.35 + 0.65 * number / (_METER_BARS - 1))
            left, top = number * (width + _METER_GAP_PX), (self.height() - height) / 2
            lit = number < round(self._view.level * _METER_BARS)
            colour = self._view.tone if lit else "line"
            draw_box(painter, QRectF(left, top, width, height), 3, colour)


class ProgressLine(Drawn):
    """Shows the share of a list that was tried (light) and its stars (dark).

    Keeps its place while it is empty, so that no card moves.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, (100, 12), 40)
        self.progress = Progress(0, 0, 0)

    def set_progress(self, progress: Progress) -> None:
        """Set the progress."""
        self.progress = progress
        self.update()

    def _paint(self, painter: QPainter) -> None:
        done, total, earned = self.progress.done, self.progress.total, self.progress.earned
        if not done or not total:
            return
        top = (self.height() - _PROGRESS_PX) / 2
        shares = {"line": 1.0, "accent-light": done / total, "accent": earned / (3 * total)}
        for colour, share in shares.items():
            if share > 0:
                width = max(_PROGRESS_PX, self.width() * min(share, 1.0))
                bar = QRectF(0, top, width, _PROGRESS_PX)
                draw_box(painter, bar, _PROGRESS_PX / 2, colour)


class LevelDots(Drawn):
    """Shows a list's level as one to three filled dots; hidden for another level."""

    def __init__(self, level: str, parent: QWidget) -> None:
        super().__init__(parent, (_DOTS * (_DOT_PX + _DOT_GAP_PX), _DOT_PX + 4), fixed=True)
        # A level is free text.
        self._level = min(int(level), _DOTS) if level.isascii() and level.isdigit() else 0
        self.setVisible(self._level > 0)

    def _paint(self, painter: QPainter) -> None:
        accent = QColor(theme.colour("accent"))
        painter.setPen(pen("accent", 2))
        for number in range(_DOTS):
            painter.setBrush(accent if number < self._level else Qt.NoBrush)
            x = number * (_DOT_PX + _DOT_GAP_PX) + _DOT_PX / 2 + 1
            painter.drawEllipse(QPointF(x, self.height() / 2), _DOT_PX / 2 - 1, _DOT_PX / 2 - 1)


class ScoreRing(Drawn):
    """Shows a score of 0-100 as a ring, with 0-3 stars in its opening at the bottom."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, (_RING_PX, _RING_PX + _STAR_PX // 2 + 6), fixed=True)
        self._score = self._stars = 0

    def set_score(self, score: int, stars: int) -> None:
        """Set score and stars."""
        self._score, self._stars = min(max(score, 0), 100), stars
        self.update()

    def _paint(self, painter: QPainter) -> None:
        diameter = _RING_PX - _RING_PEN_PX
        box = QRectF((self.width() - diameter) / 2, _RING_PEN_PX / 2, diameter, diameter)
        # An arc of 280 degrees, open at the foot where the stars are.
        start, sweep = 230 * 16, -280 * 16
        for colour, share in (("accent-tint", 1.0), ("accent", self._score / 100)):
            if share:
                painter.setPen(pen(colour, _RING_PEN_PX, cap=Qt.RoundCap))
                painter.drawArc(box, start, round(sweep * share))
        draw_text(painter, box.adjusted(0, -10, 0, -10), str(self._score), 58, bold=True)
        for number in range(3):
            left = box.center().x() + (number - 1.5) * _STAR_PX
            top = box.bottom() - _STAR_PX * 0.72 + (8 if number == 1 else 0)
            star = theme.pixmap("star", "star" if number < self._stars else "line", _STAR_PX * 2)
            draw_picture(painter, QRectF(left + 2, top + 2, _STAR_PX - 4, _STAR_PX - 4), star)


class BusyRing(Drawn):
    """A bright arc that goes round while the kiosk works; it stands still while hidden."""

    def __init__(self, diameter_px: int, parent: QWidget | None = None) -> None:
        super().__init__(parent, (diameter_px, diameter_px), fixed=True)
        self.angle_degrees = 0
        self._timer = make_timer(self, _TURN_MS, self._turn)

    def _turn(self) -> None:
        self.angle_degrees = (self.angle_degrees + _TURN_DEGREES) % 360
        self.update()

    def showEvent(self, event: QShowEvent) -> None:
        """Start the animation."""
        self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Stop the animation."""
        self._timer.stop()

    def _paint(self, painter: QPainter) -> None:
        pen_px = self.sizeHint().height() * 0.11
        box = QRectF(self.rect()).adjusted(pen_px, pen_px, -pen_px, -pen_px)
        painter.setPen(pen("accent-tint", pen_px))
        painter.drawEllipse(box)
        painter.setPen(pen("accent", pen_px, cap=Qt.RoundCap))
        painter.drawArc(box, -self.angle_degrees * 16, 100 * 16)
