"""Confusion matrix of a class: rows are target sounds, columns are recognised sounds."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt5.QtCore import QRectF, Qt
from PyQt5.QtGui import QColor, QPainter, QPaintEvent, QPen
from PyQt5.QtWidgets import QSizePolicy, QWidget

from pronounce_kiosk.gui import theme
from pronounce_kiosk.gui.messages import translate
from pronounce_kiosk.history.confusions import Confusion

MOST_SOUNDS = 8
"""Maximum number of rows and columns of one language; the most frequent sounds are shown."""
_LABEL_PX = 19
_LABEL_WIDTH = 44


class ConfusionMatrix(QWidget):
    """Shows a matrix for each language."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._found: tuple[Confusion, ...] = ()
        self.setSizePolicy(QSizePolicy.Expanding, QSizePolicy.Expanding)
        self.setMinimumHeight(160)

    def set_confusions(self, found: Sequence[Confusion]) -> None:
        """Set the confusions, most frequent first."""
        self._found = tuple(found)
        self.setAccessibleName(
            ", ".join(
                f"{sound_text(one.target)} → {sound_text(one.heard)}: {one.times}"
                for one in self._found[:MOST_SOUNDS]
            )
        )
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the matrices."""
        painter = theme.painter(self)
        box = QRectF(self.rect())
        languages = sorted({one.language for one in self._found}, reverse=True)
        if not languages:
            theme.set_text_style(painter, "muted", 22)
            painter.drawText(box, Qt.AlignCenter, no_confusion_text())
            return
        legend_px = 30.0
        where = QRectF(box.left(), box.bottom() - legend_px, box.width(), legend_px)
        theme.set_text_style(painter, "ink", 18)
        text = translate("Teacher", "Left: the sound to say. Above: the sound heard (∅: none).")
        painter.drawText(where, int(Qt.AlignLeft | Qt.AlignVCenter), text)
        width = box.width() / len(languages)
        for number, language in enumerate(languages):
            part = QRectF(
                box.left() + number * width, box.top(), width - 12, box.height() - legend_px
            )
            paint_matrix(painter, part, [one for one in self._found if one.language == language])


def paint_matrix(painter: QPainter, box: QRectF, found: Sequence[Confusion]) -> None:
    """Draw one language's confusions into a box; frequent ones are darker."""
    targets = _most_frequent([(one.target, one.times) for one in found])
    shown = [one for one in found if one.target in targets]
    heards = _most_frequent([(one.heard, one.times) for one in shown])
    times = {(one.target, one.heard): one.times for one in shown}
    most = max(times.values())
    # Few sounds must not get cells as wide as the screen.
    width = min((box.width() - _LABEL_WIDTH) / len(heards), 110.0)
    height = min((box.height() - _LABEL_PX * 1.5) / len(targets), 56.0)
    top, left = box.top() + _LABEL_PX * 1.5, box.left() + _LABEL_WIDTH
    theme.set_text_style(painter, "ink", _LABEL_PX, bold=True)
    for column, heard in enumerate(heards):
        where = QRectF(left + column * width, box.top(), width, _LABEL_PX * 1.5)
        painter.drawText(where, Qt.AlignCenter, sound_text(heard))
    for row, target in enumerate(targets):
        where = QRectF(box.left(), top + row * height, _LABEL_WIDTH, height)
        theme.set_text_style(painter, "ink", _LABEL_PX, bold=True)
        painter.drawText(where, Qt.AlignCenter, sound_text(target))
        for column, heard in enumerate(heards):
            cell = QRectF(left + column * width, top + row * height, width, height)
            _paint_cell(painter, cell.adjusted(2, 2, -2, -2), times.get((target, heard), 0), most)


def _paint_cell(painter: QPainter, cell: QRectF, times: int, most: int) -> None:
    painter.setPen(QPen(QColor(theme.colour("line")), 1))
    ground = QColor(theme.colour("surface"))
    dark = times > most / 2
    if times:
        ground = QColor(theme.colour("accent"))
        ground.setAlphaF(0.15 + 0.85 * times / most)
    painter.setBrush(ground)
    painter.drawRoundedRect(cell, 6, 6)
    if times:
        theme.set_text_style(painter, "surface" if dark else "ink", 17)
        painter.drawText(cell, Qt.AlignCenter, str(times))


def _most_frequent(counted: Sequence[tuple[str, int]]) -> list[str]:
    totals: dict[str, int] = {}
    for sound, times in counted:
        totals[sound] = totals.get(sound, 0) + times
    return sorted(totals, key=lambda sound: -totals[sound])[:MOST_SOUNDS]


def sound_text(phone: str) -> str:
    """Name a phone for a teacher; "" means that no sound was recognised."""
    # A dash would look like the vowel ㅡ.
    return phone.lower() or "∅"


def no_confusion_text() -> str:
    """Return the text shown without confusions."""
    return translate("Teacher", "No sound was taken for another so far.")
