"""`TeacherArea`: the teacher's pages behind the PIN, as one screen of the kiosk's window."""

from __future__ import annotations

from PyQt5.QtWidgets import QWidget

from pronounce_kiosk.gui.language import Language
from pronounce_kiosk.gui.teacher.model import TeacherModel
from pronounce_kiosk.gui.teacher.navigation import PageStack


class TeacherArea(PageStack):
    """The way in and out.

    The window calls `open` to enter, `back` for its back button and `close_area` when nobody has
    touched the screen for a while: the PIN is asked again then.
    """

    def __init__(
        self, model: TeacherModel, language: Language, parent: QWidget | None = None
    ) -> None:
        super().__init__(model, language, parent)
        self.closed.connect(lambda: model.watch_sticks(False))

    def open(self) -> None:
        """Ask for the PIN, or for a first one."""
        from pronounce_kiosk.gui.teacher.lock import PinPage

        self.clear()
        mode = "check" if self.model.pin.is_set() else "set"
        self.push(PinPage(self, mode, self._enter))

    def close_area(self) -> None:
        """Leave at once, from wherever."""
        if self.page is not None:
            self.clear()
            self.closed.emit()

    def _enter(self) -> None:
        from pronounce_kiosk.gui.teacher.home import TeacherHome

        self.clear()
        self.model.watch_sticks(True)
        self.model.refresh_lists()
        self.push(TeacherHome(self))
