"""`CardGrid`: cards in rows of equal columns, scrolled where they are many."""

from collections.abc import Sequence

from PyQt5.QtWidgets import QGridLayout, QScrollArea, QWidget

from pronounce_kiosk.gui.layouts import hbox
from pronounce_kiosk.gui.widgets.scroll_buttons import ScrollButtons


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
