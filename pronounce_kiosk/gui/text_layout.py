"""Break a sentence into lines and find the largest font size at which it fits.

Qt breaks Hangul between any two syllables; readers expect breaks at spaces, so lines are made here.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PyQt5.QtCore import QRect, Qt
from PyQt5.QtGui import QFontMetrics, QPainter

from pronounce_kiosk.gui import theme


@dataclass(frozen=True)
class Fitted:
    """A text broken into lines.

    size_px: the font's size. fits: False where even the smallest size is too large, and the text
    is cut.
    """

    size_px: int
    lines: tuple[str, ...]
    fits: bool


def wrap(words: Sequence[str], width_of: Callable[[str], int], width_px: int) -> list[str]:
    """Wrap words to lines of a width, breaking a word that is wider."""
    lines: list[str] = []
    line = ""
    for word in words:
        candidate = f"{line} {word}" if line else word
        if width_of(candidate) <= width_px:
            line = candidate
            continue
        if line:
            lines.append(line)
        line = word
        while width_of(line) > width_px and len(line) > 1:
            cut = len(line) - 1
            while cut > 1 and width_of(line[:cut]) > width_px:
                cut -= 1
            lines.append(line[:cut])
            line = line[cut:]
    return [*lines, line] if line else lines


def balanced(words: Sequence[str], width_of: Callable[[str], int], width_px: int) -> list[str]:
    """Wrap to as few lines as needed, of similar width."""
    lines = wrap(words, width_of, width_px)
    if len(lines) < 2:
        return lines
    low, high = width_px // len(lines), width_px
    while high - low > 4:
        middle = (low + high) // 2
        tried = wrap(words, width_of, middle)
        if len(tried) <= len(lines) and all(width_of(line) <= middle for line in tried):
            high, lines = middle, tried
        else:
            low = middle
    return lines


def fit(
    text: str, width_px: int, height_px: int, largest_px: int, smallest_px: int, bold: bool = True
) -> Fitted:
    """Find the largest size, from largest_px to smallest_px, at which the text fits."""
    words = text.split()
    result = Fitted(smallest_px, (), not words)
    for size_px in range(largest_px, smallest_px - 1, -2):
        metrics = QFontMetrics(theme.font(size_px, bold))
        lines = balanced(words, metrics.horizontalAdvance, width_px)
        fits = len(lines) * metrics.lineSpacing() <= height_px and all(
            metrics.horizontalAdvance(line) <= width_px for line in lines
        )
        # Smaller sizes are tried before a word is broken.
        whole = " ".join(lines).split() == words
        result = Fitted(size_px, tuple(lines), fits)
        if fits and whole:
            return result
    return result


def draw_line(
    painter: QPainter, box: QRect, text: str, size_px: int, bold: bool, colour: str
) -> None:
    """Draw one line at the left of a box, elided where it is too long."""
    theme.set_text_style(painter, colour, size_px, bold)
    shown = painter.fontMetrics().elidedText(text, Qt.ElideRight, box.width())
    painter.drawText(box, int(Qt.AlignLeft | Qt.AlignVCenter), shown)
