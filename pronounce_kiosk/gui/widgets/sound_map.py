"""`SoundMap`: a tile for every sound of a language, with a plant that grows with practice."""

from collections.abc import Mapping

from PyQt5.QtCore import QPoint, QPointF, QRect, QSize, Qt
from PyQt5.QtGui import QColor, QPainter, QPainterPath
from PyQt5.QtWidgets import QWidget

from pronounce_kiosk.gui import theme
from pronounce_kiosk.gui.messages import sound_sign, sound_word
from pronounce_kiosk.gui.text_layout import fit
from pronounce_kiosk.gui.widgets.drawing import Drawn, draw_box, draw_text, pen
from pronounce_kiosk.history.review import Sound, SoundCard
from pronounce_kiosk.session.sounds import SOUND_GROUPS, sureness

_NAMES_PX = 116
_GAP_PX = 5
_MOST_COLUMNS = 12
_MOST_TILE_PX = 74
_WORD_PX = 15
_GROUNDS = {"unsaid": "surface", "weak": "fair-tint", "growing": "accent-tint", "sure": "good-tint"}


class SoundMap(Drawn):
    """Shows rows of tiles by group; names: the groups' names."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, (600, 0))
        self.setMinimumHeight(200)
        self._language = "ko"
        self._sounds: Mapping[Sound, SoundCard] = {}
        self._names: Mapping[str, str] = {}

    def show_sounds(
        self, language: str, sounds: Mapping[Sound, SoundCard], names: Mapping[str, str]
    ) -> None:
        """Show the sureness of each sound of a language."""
        self._language, self._sounds, self._names = language, sounds, names
        self.update()

    def tiles(self) -> list[tuple[str, QRect]]:
        """Return each phone with its tile's rectangle."""
        return [tile for _, _, tiles in self._rows() for tile in tiles]

    def _rows(self) -> list[tuple[str, QRect, list[tuple[str, QRect]]]]:
        """Return each group with its rectangle and its tiles."""
        groups = SOUND_GROUPS[self._language]
        rows = {name: -(-len(phones) // _MOST_COLUMNS) for name, phones in groups.items()}
        columns = max(-(-len(phones) // rows[name]) for name, phones in groups.items())
        step_x = (self.width() - _NAMES_PX) // columns
        step_y = min(_MOST_TILE_PX, self.height() // sum(rows.values()))
        found, top = [], 0
        for name, phones in groups.items():
            per_row = -(-len(phones) // rows[name])
            tiles = []
            for number, phone in enumerate(phones):
                row, column = divmod(number, per_row)
                corner = QPoint(_NAMES_PX + column * step_x, top + row * step_y)
                tiles.append((phone, QRect(corner, QSize(step_x - _GAP_PX, step_y - _GAP_PX))))
            height = rows[name] * step_y
            found.append((name, QRect(0, top, _NAMES_PX - 8, height - _GAP_PX), tiles))
            top += height
        return found

    def _paint(self, painter: QPainter) -> None:
        for name, box, tiles in self._rows():
            _draw_fitted(painter, box, self._names.get(name, name), 20, "ink", Qt.AlignLeft)
            for phone, tile in tiles:
                level = sureness(self._sounds.get(Sound(self._language, phone)))
                draw_tile(painter, tile, level, sound_sign(phone), sound_word(phone))


def draw_tile(painter: QPainter, tile: QRect, level: str, sign: str = "", word: str = "") -> None:
    """Draw a tile for a sureness, with a sound's sign and word where they are given."""
    unsaid = level == "unsaid"
    line = pen("line", 2, Qt.DashLine) if unsaid else Qt.NoPen
    draw_box(painter, tile.adjusted(1, 1, -1, -1), 10, _GROUNDS[level], line)
    plant_px = min(24, tile.height() - (0 if not sign else 28 + (_WORD_PX if word else 0)))
    ground = QPointF(tile.center().x() + 0.5, tile.bottom() - 3)
    _draw_plant(painter, ground, plant_px, level)
    ink = "muted" if unsaid else "ink"
    left = QRect(tile.left(), tile.top() + 1, tile.width(), tile.height() - plant_px - 4)
    if word:
        under = QRect(tile.left() + 2, left.bottom() - _WORD_PX, tile.width() - 4, _WORD_PX + 2)
        _draw_fitted(painter, under, word, _WORD_PX, ink, Qt.AlignHCenter, bold=False)
        left.setBottom(under.top())
    if sign:
        _draw_fitted(painter, left, sign, 24, ink, Qt.AlignHCenter)


def _draw_fitted(
    painter: QPainter,
    box: QRect,
    text: str,
    size_px: int,
    colour: str,
    align: int,
    bold: bool = True,
) -> None:
    fitted = fit(text, box.width(), max(box.height(), size_px), size_px, 12, bold)
    draw_text(painter, box, "\n".join(fitted.lines), fitted.size_px, colour, bold, align)


def _draw_plant(painter: QPainter, ground: QPointF, size_px: float, level: str) -> None:
    """Draw nothing for an unsaid sound, else a sprout, a stem with leaves, or a flower."""
    if level == "unsaid":
        return
    x, y = ground.x(), ground.y()
    height = size_px * {"weak": 0.4, "growing": 0.75, "sure": 0.6}[level]
    painter.setPen(pen("good", 2.2, cap=Qt.RoundCap))
    painter.drawLine(QPointF(x, y), QPointF(x, y - height))
    painter.setPen(Qt.NoPen)
    painter.setBrush(QColor(theme.colour("good")))
    leaf = size_px * (0.34 if level == "weak" else 0.4)
    for side in (-1, 1):
        _draw_leaf(painter, QPointF(x, y - height * (1.0 if level == "weak" else 0.4)), side, leaf)
    if level == "growing":
        for side in (-1, 1):
            _draw_leaf(painter, QPointF(x, y - height), side, leaf * 0.8)
    if level == "sure":
        _draw_flower(painter, QPointF(x, y - height - size_px * 0.12), size_px * 0.17)


def _draw_leaf(painter: QPainter, root: QPointF, side: int, length: float) -> None:
    path = QPainterPath(root)
    tip = QPointF(root.x() + side * length, root.y() - length * 0.45)
    path.quadTo(QPointF(root.x() + side * length * 0.3, root.y() - length * 0.8), tip)
    path.quadTo(QPointF(root.x() + side * length * 0.7, root.y() + length * 0.15), root)
    painter.drawPath(path)


def _draw_flower(painter: QPainter, centre: QPointF, radius: float) -> None:
    painter.setBrush(QColor(theme.colour("star")))
    for dx, dy in ((0.0, -1.0), (0.95, -0.31), (0.59, 0.81), (-0.59, 0.81), (-0.95, -0.31)):
        painter.drawEllipse(centre + QPointF(dx, dy) * radius, radius * 0.85, radius * 0.85)
    painter.setBrush(QColor(theme.colour("poor-dark")))
    painter.drawEllipse(centre, radius * 0.6, radius * 0.6)
