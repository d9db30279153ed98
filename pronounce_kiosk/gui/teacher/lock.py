"""The PIN's keypad, which an adult also uses to set the PIN at the first start."""

import math
from collections.abc import Callable
from functools import partial

from PyQt5.QtCore import Qt
from PyQt5.QtGui import QColor, QPainter
from PyQt5.QtWidgets import QGridLayout, QWidget

from pronounce_kiosk.core.pin import MAX_DIGITS, MIN_DIGITS
from pronounce_kiosk.gui import theme
from pronounce_kiosk.gui.double_touch import let_type
from pronounce_kiosk.gui.layouts import hbox, vbox
from pronounce_kiosk.gui.messages import translate
from pronounce_kiosk.gui.teacher.keyboard import Key
from pronounce_kiosk.gui.teacher.navigation import Action, MessagePage, Page, PageStack
from pronounce_kiosk.gui.timers import make_timer
from pronounce_kiosk.gui.widgets.buttons import TextButton
from pronounce_kiosk.gui.widgets.drawing import Drawn
from pronounce_kiosk.gui.widgets.labels import FittedLabel

_KEY_HEIGHT_PX = 92


class Dots(Drawn):
    """Shows discs: typed digits filled, the minimum length of a PIN open."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, (0, 44))
        self._count = 0

    def set_count(self, count: int) -> None:
        """Set the number of typed digits."""
        self._count = count
        self.update()

    def _paint(self, painter: QPainter) -> None:
        painter.setPen(QColor(theme.colour("accent")))
        for number in range(max(self._count, MIN_DIGITS)):
            filled = number < self._count
            painter.setBrush(QColor(theme.colour("accent" if filled else "surface")))
            painter.drawEllipse(4 + number * 38, 9, 24, 24)


class PinPage(Page):
    """Asks for a PIN.

    mode: ``check`` checks it, ``set`` takes a new one twice, ``first`` likewise, for the adult who
    starts the kiosk and may do it later. then: called after success.
    """

    def __init__(self, area: PageStack, mode: str, then: Callable[[], None]) -> None:
        super().__init__(area, lambda: translate("Teacher", "For teachers"))
        self._mode, self._then = mode, then
        self._typed = self._first = self._message = ""
        self._waiting = False
        self.prompt_label = FittedLabel(30, 20, alignment=Qt.AlignLeft, parent=self)
        self.message_label = FittedLabel(22, 18, "poor", True, Qt.AlignLeft, self)
        self.dots = Dots(self)
        self.digits = {face: self._key(partial(self.press, face)) for face in "1234567890"}
        for face, key in self.digits.items():
            key.show_key(face)
        self.delete_key = self._key(self._on_delete, "backspace")
        for typing_key in (*self.digits.values(), self.delete_key):
            let_type(typing_key)
        self.done_key = self._key(self._on_done, "check")
        *digits, zero = self.digits.values()
        grid = QGridLayout()
        grid.setSpacing(8)
        for place, key in enumerate((*digits, self.delete_key, zero, self.done_key)):
            grid.addWidget(key, place // 3, place % 3)
        self.off_button = TextButton("power", "quiet", 32, 60, self, area.ask_switch_off)
        self.later_button = TextButton("back", "quiet", 32, 60, self, lambda: area.close_page(self))
        labels = (self.prompt_label, 3), self.dots, (self.message_label, 3)
        left = vbox(1, *labels, 1, self.off_button, self.later_button)
        self.lay_out((hbox((left, 5), (grid, 6), spacing_px=24), 1))
        self._timer = make_timer(self, 500, self._show)
        self.later_button.setVisible(mode == "first")
        self.off_button.hide()
        if mode == "check":
            offer_off(self, self.off_button)

    def _key(self, act: Callable[[], None], icon: str = "") -> Key:
        return Key(self, act, icon, 40, _KEY_HEIGHT_PX)

    def shown(self) -> None:
        """Clear the typed digits."""
        self._typed = ""
        super().shown()

    def left(self) -> None:
        """Forget the typed digits."""
        self._timer.stop()
        self._typed = self._first = ""

    def press(self, digit: str) -> None:
        """Type a digit."""
        if not self._waiting and len(self._typed) < MAX_DIGITS:
            self._typed += digit
            self._message = ""
            self._show()

    def _on_delete(self) -> None:
        self._typed = self._typed[:-1]
        self._show()

    def _on_done(self) -> None:
        if self._waiting or len(self._typed) < MIN_DIGITS:
            return
        typed, self._typed = self._typed, ""
        if self._mode == "check":
            self._ask(lambda: self.model.pin.check(typed))
        elif not self._first:
            self._first = typed
        elif typed != self._first:
            self._first = ""
            self._message = translate("Teacher", "The two were different. Choose a PIN again.")
        else:
            self._ask(lambda: self.model.pin.set(typed))
        self._show()

    def _ask(self, work: Callable[[], bool | None]) -> None:
        """Check or set the PIN in the background; False means that it is wrong."""

        def answered(right: bool | None) -> None:
            self._waiting = False
            if right is not False:
                self._then()
                return
            self._message = translate("Teacher", "That is not the PIN.")
            self._show()

        def failed(error: Exception) -> None:
            self._waiting = False
            self.area.show_error(error)

        self._waiting = True
        self.model.do("PIN", work, self.here(answered), self.here(failed))

    def _show(self) -> None:
        self.dots.set_count(len(self._typed))
        wait_s = self.model.pin.wait_s() if self._mode == "check" else 0.0
        free = wait_s <= 0 and not self._waiting
        message = self._message
        if wait_s > 0:
            text = translate("Teacher", "Too many wrong tries. Wait {n} s.")
            message = text.format(n=math.ceil(wait_s))
            self._timer.start()
        else:
            self._timer.stop()
        self.message_label.set_text(message)
        for key in self.digits.values():
            key.setEnabled(free)
        self.delete_key.setEnabled(bool(self._typed))
        self.done_key.setEnabled(free and len(self._typed) >= MIN_DIGITS)
        if self._mode == "check":
            prompt = translate("Teacher", "Type the teacher's PIN.")
        elif self._first:
            prompt = translate("Teacher", "Once more, please.")
        elif self._mode == "first":
            prompt = translate("Teacher", "For the adult here: choose a PIN of 4 to 8 digits.")
        else:
            prompt = translate("Teacher", "Choose a PIN of 4 to 8 digits, for teachers only.")
        self.prompt_label.set_text(prompt)

    def _retranslate(self) -> None:
        self._message = ""
        self.delete_key.setAccessibleName(translate("Keyboard", "Delete"))
        self.done_key.setAccessibleName(translate("Keyboard", "Done"))
        self.off_button.set_text(translate("Teacher", "Switch off"))
        self.later_button.set_text(translate("Teacher", "Later"))
        self._show()


def no_pin_page(area: PageStack) -> MessagePage:
    """Create the page that says how an adult sets the first PIN: no child should."""
    off: Action = ("power", lambda: translate("Teacher", "Switch off"), area.ask_switch_off)
    done: Action = ("check", lambda: translate("Teacher", "OK"), lambda: None)
    page = MessagePage(
        area,
        lambda: translate("Teacher", "There is no teacher's PIN yet."),
        [off, done],
        "lock",
        lambda: translate(
            "Teacher", "An adult sets it when the kiosk starts: switch it off and on."
        ),
        lambda: translate("Teacher", "For teachers"),
    )
    offer_off(page, page.buttons[0])
    return page


def offer_off(page: Page, button: QWidget) -> None:
    """Show a page's button only where the device can be switched off, which needs no PIN."""
    button.hide()
    page.model.look_at_power(page.here(button.setVisible))
