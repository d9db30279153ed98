"""`TeacherArea`: the teacher's pages as one screen of the kiosk's window."""

from PyQt5.QtWidgets import QWidget

from pronounce_kiosk.gui.language import Language
from pronounce_kiosk.gui.teacher.lock import PinPage, no_pin_page
from pronounce_kiosk.gui.teacher.model import TeacherModel
from pronounce_kiosk.gui.teacher.navigation import PageStack


class TeacherArea(PageStack):
    """Entrance and exit of the pages.

    The window calls `open` to enter, `back` for its back button and `close_area` after a time
    without touches: the PIN is then asked again.
    """

    def __init__(
        self, model: TeacherModel, language: Language, parent: QWidget | None = None
    ) -> None:
        super().__init__(model, language, parent)
        self.closed.connect(lambda: model.watch_sticks(False))

    def open(self) -> None:
        """Ask for the PIN; where there is none, explain how an adult sets it."""
        self.clear()
        if self.model.pin.is_set():
            self.push(PinPage(self, "check", self._enter))
        else:
            self.push(no_pin_page(self))

    def ask_first_pin(self) -> bool:
        """Ask the adult who starts the kiosk for a PIN; False where there is one already."""
        if self.model.pin.is_set():
            return False
        self.clear()
        self.push(PinPage(self, "first", self._enter))
        return True

    def close_area(self) -> None:
        """Close all pages."""
        if self._pages:
            self.close_page(self._pages[0])

    def _enter(self) -> None:
        from pronounce_kiosk.gui.teacher.home import TeacherHome

        self.clear()
        self.model.watch_sticks(True)
        self.model.refresh_lists()
        self.push(TeacherHome(self))
