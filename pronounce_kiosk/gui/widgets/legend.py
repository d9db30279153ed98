"""`Legend`: the meaning of the signs under the units, and that units can be tapped."""

from __future__ import annotations

from PyQt5.QtCore import QCoreApplication, QRectF, Qt
from PyQt5.QtGui import QColor, QFontMetrics, QPaintEvent
from PyQt5.QtWidgets import QSizePolicy, QWidget

from pronounce_kiosk.gui import theme
from pronounce_kiosk.gui.widgets.translated import TranslatedWidget
from pronounce_kiosk.gui.widgets.units_view import MARK_PX, paint_mark

_LINE_PX = 26
_SMALLEST_PX = 14
_LARGEST_PX = 20
_GAP_PX = 14


class Legend(TranslatedWidget):
    """Shows the four signs with a word each in one line."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(_LINE_PX)
        self.setSizePolicy(QSizePolicy.Expanding, QSizePolicy.Fixed)
        self._words: tuple[tuple[str, str], ...] = ()
        self._touch = ""
        self._retranslate()

    def fits(self) -> bool:
        """Tell whether every entry is visible."""
        return self._size_px() > _SMALLEST_PX or self._width_px(_SMALLEST_PX) <= self.width()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint signs and words."""
        painter = theme.painter(self)
        size_px = self._size_px()
        painter.setFont(theme.font(size_px, bold=True))
        left = 0.0
        for grade, word in self._words:
            # `paint_mark` paints at the bottom of a box.
            box = QRectF(left, 0, MARK_PX, _LINE_PX / 2 + MARK_PX / 2 + 4)
            paint_mark(painter, grade, box)
            left += MARK_PX + 6
            painter.setPen(QColor(theme.colour("ink")))
            room = QRectF(left, 0, self.width() - left, _LINE_PX)
            painter.drawText(room, int(Qt.AlignLeft | Qt.AlignVCenter), word)
            left += painter.fontMetrics().horizontalAdvance(word) + _GAP_PX
        painter.setPen(QColor(theme.colour("muted")))
        room = QRectF(left, 0, self.width() - left, _LINE_PX)
        painter.drawText(room, int(Qt.AlignRight | Qt.AlignVCenter), self._touch)

    def _size_px(self) -> int:
        sizes = range(_LARGEST_PX, _SMALLEST_PX, -1)
        fitting = (size_px for size_px in sizes if self._width_px(size_px) <= self.width())
        return next(fitting, _SMALLEST_PX)

    def _width_px(self, size_px: int) -> float:
        metrics = QFontMetrics(theme.font(size_px, bold=True))
        words = sum(metrics.horizontalAdvance(word) for _, word in self._words)
        signs = len(self._words) * (MARK_PX + 6 + _GAP_PX)
        return float(words + signs + metrics.horizontalAdvance(self._touch))

    def _retranslate(self) -> None:
        translate = QCoreApplication.translate
        self._words = (
            ("good", translate("Legend", "good")),
            ("fair", translate("Legend", "nearly")),
            ("poor", translate("Legend", "practise")),
            ("left_out", translate("Legend", "left out")),
        )
        self._touch = translate("Legend", "Touch: hear it. Again: practise.")
        self.setAccessibleName(", ".join((*(word for _, word in self._words), self._touch)))
        self.update()
