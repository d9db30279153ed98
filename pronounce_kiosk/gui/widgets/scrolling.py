"""What is scrolled: a grid of cards, rows, and the buttons beside them."""

from collections.abc import Sequence

from PyQt5.QtCore import QSize, Qt
from PyQt5.QtGui import QKeyEvent
from PyQt5.QtWidgets import (
    QAbstractItemView,
    QAbstractScrollArea,
    QGridLayout,
    QListView,
    QPushButton,
    QScrollArea,
    QScroller,
    QSizePolicy,
    QWidget,
)

from pronounce_kiosk.gui import theme
from pronounce_kiosk.gui.language import TranslatedWidget
from pronounce_kiosk.gui.layouts import hbox, vbox

SMALL_PX = 64
"""Width of small buttons."""


class ScrollButtons(TranslatedWidget):
    """Stands beside a scroll area; hidden while everything is visible.

    small: for an area of a few lines, which handles drags itself; flicking scrolls others too.
    """

    def __init__(
        self, area: QAbstractScrollArea, parent: QWidget | None = None, small: bool = False
    ) -> None:
        super().__init__(parent)
        self._area = area
        area.setVerticalScrollBarPolicy(Qt.ScrollBarAlwaysOff)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarAlwaysOff)
        if not small:
            QScroller.grabGesture(area.viewport(), QScroller.LeftMouseButtonGesture)
        self._up = self._button("up", -1)
        self._down = self._button("down", 1)
        for button in (self._up, self._down):
            button.setFixedWidth(SMALL_PX if small else 72)
            button.setMinimumHeight(theme.TOUCH_PX if small else theme.MAIN_TOUCH_PX)
        vbox(self._up, self._down, spacing_px=8 if small else 12, parent=self)
        bar = area.verticalScrollBar()
        bar.rangeChanged.connect(self._look)
        bar.valueChanged.connect(self._look)
        self._retranslate()
        self._look()

    def _button(self, icon: str, direction: int) -> QPushButton:
        button = QPushButton(self)
        button.setIcon(theme.icon(icon, "accent"))
        button.setIconSize(QSize(40, 40))
        button.setFocusPolicy(Qt.TabFocus)
        button.setSizePolicy(QSizePolicy.Minimum, QSizePolicy.Expanding)
        button.clicked.connect(lambda: self._page(direction))
        return button

    def _page(self, direction: int) -> None:
        bar = self._area.verticalScrollBar()
        line = bar.singleStep()
        # Tall rows scroll by whole rows; smaller ones keep a part of the page for orientation.
        by = bar.pageStep() // line * line if line >= theme.TOUCH_PX else bar.pageStep() * 0.85
        bar.setValue(bar.value() + direction * max(1, round(by)))

    def _look(self) -> None:
        bar = self._area.verticalScrollBar()
        self.setVisible(bar.maximum() > bar.minimum())
        self._up.setEnabled(bar.value() > bar.minimum())
        self._down.setEnabled(bar.value() < bar.maximum())

    def _retranslate(self) -> None:
        self._up.setAccessibleName(self.tr("Up"))
        self._down.setAccessibleName(self.tr("Down"))


class CardGrid(QWidget):
    """A scrolled grid. Its owner creates and deletes the cards."""

    def __init__(self, columns: int, parent: QWidget, spacing_px: int = 12) -> None:
        super().__init__(parent)
        self._columns = columns
        self._cards: Sequence[QWidget] = ()
        self._inside = QWidget()
        self._grid = QGridLayout(self._inside)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(spacing_px)
        # The area does not always hear of new rows, and would squeeze them.
        self._grid.setSizeConstraint(QGridLayout.SetMinimumSize)
        for column in range(columns):
            self._grid.setColumnStretch(column, 1)
        self._area = QScrollArea(self)
        self._area.setWidgetResizable(True)
        self._area.setWidget(self._inside)
        hbox((self._area, 1), ScrollButtons(self._area, self), spacing_px=12, parent=self)

    def set_cards(self, cards: Sequence[QWidget]) -> None:
        """Show these cards row by row, and no others."""
        for card in self._cards:
            self._grid.removeWidget(card)
        self._cards = tuple(cards)
        for row in range(self._grid.rowCount()):
            self._grid.setRowStretch(row, 0)
        for place, card in enumerate(cards):
            self._grid.addWidget(card, place // self._columns, place % self._columns)
        self._grid.setRowStretch((len(cards) - 1) // self._columns + 1, 1)

    def to_top(self) -> None:
        """Scroll to the first row."""
        self._area.verticalScrollBar().setValue(0)

    def scroll_to(self, card: QWidget) -> None:
        """Scroll until a card is in sight."""
        self._area.ensureWidgetVisible(card)


class TouchList(QListView):
    """Rows of one height, drawn by a delegate and scrolled by the pixel; `clicked` is the tap."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setUniformItemSizes(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollPerPixel)
        self.setEditTriggers(QAbstractItemView.NoEditTriggers)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Tap the current row with Enter or Space."""
        index = self.currentIndex()
        if event.key() in (Qt.Key_Return, Qt.Key_Enter, Qt.Key_Space) and index.isValid():
            self.clicked.emit(index)
            return
        super().keyPressEvent(event)
