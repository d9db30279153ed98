"""USB sticks: choose one of several, eject one, report a saved file."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from PyQt5.QtCore import QLocale

from pronounce_kiosk.devices.stick import Stick
from pronounce_kiosk.gui.messages import translate
from pronounce_kiosk.gui.teacher.model import TeacherModel
from pronounce_kiosk.gui.teacher.navigation import Action, PageStack
from pronounce_kiosk.gui.teacher.page_widgets import Row, RowsPage
from pronounce_kiosk.sentences.transfer import free_path


def with_stick(area: PageStack, then: Callable[[Stick], None]) -> None:
    """Continue with the only stick; ask where there are several or none."""
    writable = [stick for stick in area.model.sticks if not stick.read_only]
    if writable:
        _choose(area, writable, then)
    else:
        area.show_message(
            lambda: translate("Teacher", "Plug in a USB stick, then try again."), "usb"
        )


def eject_any(area: PageStack) -> None:
    """Eject the only stick; ask where there are several."""
    _choose(area, area.model.sticks, lambda stick: eject(area, stick))


def _choose(area: PageStack, sticks: Sequence[Stick], then: Callable[[Stick], None]) -> None:
    if len(sticks) == 1:
        then(sticks[0])
    elif sticks:
        area.push(StickPage(area, then))


def eject(area: PageStack, stick: Stick) -> None:
    """Eject a stick and say when it can be removed."""

    def text() -> str:
        return translate("Teacher", "You can pull the stick out now.")

    area.model.eject(stick, lambda: area.show_message(text, "eject"))


def eject_action(area: PageStack, stick: Stick) -> Action:
    """Return a message's button that ejects a stick."""
    return "eject", lambda: translate("Teacher", "Eject"), lambda: eject(area, stick)


def save_to_stick(area: PageStack, name: str, write: Callable[[Path], object]) -> None:
    """Write a file to a stick, beside any older one of its name, and say what it is called."""

    def work(folder: Path) -> str:
        path = free_path(folder / name)
        write(path)
        return path.name

    def saved(stick: Stick, as_name: str) -> None:
        def text() -> str:
            where = translate("Teacher", "{name} is on the stick {stick}.")
            return where.format(name=as_name, stick=stick.label)

        area.show_message(text, actions=(eject_action(area, stick),))

    with_stick(area, lambda stick: area.model.write_to(stick, work, partial(saved, stick)))


class StickPage(RowsPage):
    """Asks for one of several sticks."""

    def __init__(self, area: PageStack, then: Callable[[Stick], None]) -> None:
        super().__init__(area, lambda: translate("Teacher", "Which stick?"))
        self._then = then
        self.lay_out((self.rows, 1))
        self.model.sticks_changed.connect(self._retranslate)

    def _tapped(self, key: Any) -> None:
        self.area.close_page(self)
        self._then(key)

    def _retranslate(self) -> None:
        self._show_rows(stick_rows(self.model), translate("Teacher", "No stick is plugged in."))


def stick_rows(model: TeacherModel) -> list[Row]:
    """Return a row for each stick."""
    return [Row(each, each.label, size_text(each.size_bytes), "usb") for each in model.sticks]


def size_text(size_bytes: int) -> str:
    """Format a size: ``8 GB``; "" where it is unknown."""
    if size_bytes <= 0:
        return ""
    return QLocale.c().formattedDataSize(size_bytes, 0, QLocale.DataSizeSIFormat)
