"""Labels: plain ones in one call, and `FittedLabel`, as large as its box allows."""

from collections.abc import Sequence

from PyQt5.QtCore import QRect, QSize, Qt
from PyQt5.QtGui import QPainter, QPaintEvent, QPixmap
from PyQt5.QtWidgets import QLabel, QSizePolicy, QWidget

from pronounce_kiosk.gui import theme
from pronounce_kiosk.gui.text_layout import Fitted, fit
from pronounce_kiosk.gui.widgets.drawing import draw_box

LOWER_LEFT = int(Qt.AlignLeft | Qt.AlignBottom)
UPPER_LEFT = int(Qt.AlignLeft | Qt.AlignTop)
"""For a title and the text below it, which stay together in a tall box."""


def text_label(
    parent: QWidget, name: str, text: str = "", centred: bool = False, wraps: bool = False
) -> QLabel:
    """Create a label; name is its object name, by which style.qss gives it a look."""
    label = QLabel(text, parent)
    label.setObjectName(name)
    label.setWordWrap(wraps)
    if centred:
        label.setAlignment(Qt.AlignCenter)
    return label


def picture_label(parent: QWidget, picture: QPixmap | None, size_px: int) -> QLabel:
    """Create a square label with a picture; None leaves it empty."""
    label = QLabel(parent)
    label.setFixedSize(size_px, size_px)
    if picture is not None:
        label.setPixmap(picture)
    return label


class FittedLabel(QWidget):
    """Shows a text at a font size between smallest_px and largest_px."""

    def __init__(
        self,
        largest_px: int,
        smallest_px: int,
        colour_name: str = "ink",
        bold: bool = True,
        alignment: int = Qt.AlignCenter,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._largest_px, self._smallest_px = largest_px, smallest_px
        self._colour_name, self._bold = colour_name, bold
        self._alignment = int(alignment)
        self._text = ""
        self.lit: tuple[int, int] | None = None
        self.setSizePolicy(QSizePolicy.Expanding, QSizePolicy.Expanding)

    def text(self) -> str:
        """Return the text."""
        return self._text

    def set_text(self, text: str) -> None:
        """Set the text."""
        self._text = text
        self.lit = None
        self.setAccessibleName(text)
        self.update()

    def light(self, characters: tuple[int, int] | None) -> None:
        """Highlight characters, from the first to before the last; None for none."""
        if characters != self.lit:
            self.lit = characters
            self.update()

    def set_alignment(self, alignment: int) -> None:
        """Set the alignment of the lines: left or centre, and top or bottom."""
        self._alignment = int(alignment)
        self.update()

    def set_colour(self, colour_name: str) -> None:
        """Set a colour of the theme."""
        self._colour_name = colour_name
        self.update()

    def fitted(self) -> Fitted:
        """Return the lines and font size for the present box."""
        sizes_px = self._largest_px, self._smallest_px
        return fit(self._text, self.width(), self.height(), *sizes_px, self._bold)

    def minimumSizeHint(self) -> QSize:
        """Return room for one line of the smallest size."""
        return QSize(80, self._smallest_px + 8)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the lines, centred as a block."""
        fitted = self.fitted()
        painter = QPainter(self)
        theme.set_text_style(painter, self._colour_name, fitted.size_px, self._bold)
        line_px = painter.fontMetrics().lineSpacing()
        free_px = max(0, self.height() - line_px * len(fitted.lines))
        top = free_px // 2
        if self._alignment & int(Qt.AlignTop | Qt.AlignBottom):
            top = free_px if self._alignment & int(Qt.AlignBottom) else 0
        lit = lit_columns(self._text, fitted.lines, self.lit)
        beside = self._alignment & ~int(Qt.AlignTop | Qt.AlignBottom)
        for number, line in enumerate(fitted.lines):
            box = QRect(0, top + number * line_px, self.width(), line_px)
            if number in lit:
                self._paint_light(painter, box, line, *lit[number])
            painter.drawText(box, beside | int(Qt.AlignVCenter), line)

    def _paint_light(self, painter: QPainter, box: QRect, line: str, first: int, last: int) -> None:
        metrics = painter.fontMetrics()
        left = 0
        if self._alignment & int(Qt.AlignHCenter):
            left = (box.width() - metrics.horizontalAdvance(line)) // 2
        start = left + metrics.horizontalAdvance(line[:first])
        end = left + metrics.horizontalAdvance(line[:last])
        painter.save()
        painter.setRenderHint(QPainter.Antialiasing)
        light = QRect(start - 3, box.top() + 1, end - start + 6, box.height() - 2)
        draw_box(painter, light, 8, "accent-light")
        painter.restore()


def lit_columns(
    text: str, lines: Sequence[str], characters: tuple[int, int] | None
) -> dict[int, tuple[int, int]]:
    """Find characters of a text in its lines: first and last column, by line."""
    if characters is None:
        return {}
    # Lines and text differ in spaces only.
    first, last = (len("".join(text[:at].split())) for at in characters)
    places = [
        (number, column)
        for number, line in enumerate(lines)
        for column, character in enumerate(line)
        if not character.isspace()
    ]
    found: dict[int, tuple[int, int]] = {}
    for number, column in places[first:last]:
        found[number] = (found.get(number, (column, 0))[0], column + 1)
    return found
