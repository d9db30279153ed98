"""`RowsPage`: a page that consists of rows; and `OneList`, for the sentences of one list."""

from typing import Any

from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.gui.language import localised
from pronounce_kiosk.gui.teacher.navigation import Page, PageStack, Text
from pronounce_kiosk.gui.teacher.page_widgets import Rows, RowsView
from pronounce_kiosk.sentences.stored import StoredList


class RowsPage(Page):
    """Calls `_tapped` with the key of a tapped row."""

    def __init__(
        self, area: PageStack, title: Text = str, keeps_choice: bool = False, movable: bool = False
    ) -> None:
        super().__init__(area, title)
        self.rows = RowsView(keeps_choice, movable, self)
        self.rows.tapped.connect(self._tapped)

    def _show_rows(self, rows: Rows, empty: str = "") -> None:
        """Show rows, or a text where there are none."""
        self.rows.name(self.title())
        self.rows.set_rows(rows, empty)

    def _tapped(self, key: Any) -> None:
        """React to a tap."""


class OneList(RowsPage):
    """Shows sentences of one list; their keys are the sentences' ids."""

    list_id: str

    @property
    def stored(self) -> StoredList | None:
        """Return the list; None after it was deleted."""
        return self.model.stored(self.list_id)

    @property
    def chosen(self) -> Sentence | None:
        """Return the chosen sentence."""
        sentences = () if self.stored is None else self.stored.list.sentences
        return next((each for each in sentences if each.id == self.rows.chosen), None)

    def title(self) -> str:
        """Return the list's name."""
        return "" if self.stored is None else localised(self.stored.list.name)
