"""The PIN's keypad, which an adult also uses to set the PIN at the first start."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial

from PyQt5.QtCore import QCoreApplication, QSize, Qt
from PyQt5.QtGui import QColor, QPaintEvent
from PyQt5.QtWidgets import QGridLayout, QPushButton, QSizePolicy, QWidget

from pronounce_kiosk.core.pin import MAX_DIGITS, MIN_DIGITS
from pronounce_kiosk.gui import theme
from pronounce_kiosk.gui.double_touch import let_type
from pronounce_kiosk.gui.layouts import hbox, vbox
from pronounce_kiosk.gui.teacher.device import ask_switch_off
from pronounce_kiosk.gui.teacher.navigation import Action, MessagePage, Page, PageStack
from pronounce_kiosk.gui.timers import make_timer
from pronounce_kiosk.gui.widgets.fitted_label import FittedLabel
from pronounce_kiosk.gui.widgets.text_button import TextButton

translate = QCoreApplication.translate

_KEY_HEIGHT_PX = 92


class Dots(QWidget):
    """Shows the number of typed digits."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._count = 0
        self.setFixedHeight(44)

    def set_count(self, count: int) -> None:
        """Set the number of digits."""
        self._count = count
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint discs: typed digits filled, the minimum length of a PIN open."""
        painter = theme.painter(self)
        for number in range(max(self._count, MIN_DIGITS)):
            painter.setPen(QColor(theme.colour("accent")))
            filled = number < self._count
            painter.setBrush(QColor(theme.colour("accent" if filled else "surface")))
            painter.drawEllipse(4 + number * 38, 9, 24, 24)


class PinPage(Page):
    """Asks for a PIN.

    mode: ``check`` checks it, ``set`` takes a new one twice, ``first`` likewise, for the adult who
    starts the kiosk and may do it later. then: called after success.
    """

    def __init__(self, area: PageStack, mode: str, then: Callable[[], None]) -> None:
        super().__init__(area)
        self._mode, self._then = mode, then
        self._typed = self._first = ""
        self._message = ""
        self._waiting = False
        self.prompt_label = FittedLabel(30, 20, alignment=Qt.AlignLeft, parent=self)
        self.message_label = FittedLabel(22, 18, "poor", True, Qt.AlignLeft, self)
        self.dots = Dots(self)
        self.digits: dict[str, QPushButton] = {}
        grid = QGridLayout()
        grid.setSpacing(8)
        for place, face in enumerate(("1", "2", "3", "4", "5", "6", "7", "8", "9", "", "0", "")):
            if face:
                self.digits[face] = self._key(face, partial(self.press, face))
                grid.addWidget(self.digits[face], place // 3, place % 3)
        self.delete_key = self._key("", self._on_delete, "backspace")
        self.done_key = self._key("", self._on_done, "check")
        for typing_key in (*self.digits.values(), self.delete_key):
            let_type(typing_key)
        grid.addWidget(self.delete_key, 3, 0)
        grid.addWidget(self.done_key, 3, 2)
        # Switching off needs no PIN.
        self.off_button = TextButton("power", "quiet", 32, 60, self, lambda: ask_switch_off(area))
        left = vbox(
            1, (self.prompt_label, 3), self.dots, (self.message_label, 3), 1, self.off_button
        )
        columns = hbox((left, 5), (grid, 6), spacing_px=24)
        self.body.addLayout(columns, 1)
        self._timer = make_timer(self, 500, self._show)
        self.off_button.hide()
        self.later_button = TextButton("back", "quiet", 32, 60, self, lambda: area.close_page(self))
        self.later_button.setVisible(mode == "first")
        left.addWidget(self.later_button)
        if mode == "check":
            self.model.look_at_power(self.here(self.off_button.setVisible))
        self._retranslate()

    def _key(self, face: str, act: Callable[[], None], icon: str = "") -> QPushButton:
        key = QPushButton(face, self)
        key.setObjectName("key")
        key.setFixedHeight(_KEY_HEIGHT_PX)
        key.setSizePolicy(QSizePolicy.Expanding, QSizePolicy.Fixed)
        key.setFocusPolicy(Qt.TabFocus)
        key.setAccessibleName(face)
        if icon:
            key.setIcon(theme.icon(icon, "accent"))
            key.setIconSize(QSize(40, 40))
        key.clicked.connect(lambda: act())
        return key

    def title(self) -> str:
        """Return the title for the top bar."""
        return translate("Teacher", "For teachers")

    def shown(self) -> None:
        """Clear the typed digits."""
        self._typed = ""
        self._show()

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

        def check() -> bool:
            return self.model.pin.check(typed)

        def keep() -> None:
            self.model.pin.set(typed)

        if self._mode == "check":
            self._waiting = True
            self.model.do("PIN", check, self.here(self._checked), self.here(self._failed))
        elif not self._first:
            self._first = typed
        elif typed != self._first:
            self._first = ""
            self._message = translate("Teacher", "The two were different. Choose a PIN again.")
        else:
            self._waiting = True
            self.model.do("PIN", keep, self.here(self._set), self.here(self._failed))
        self._show()

    def _checked(self, right: bool) -> None:
        self._waiting = False
        if right:
            self._then()
            return
        self._message = translate("Teacher", "That is not the PIN.")
        self._show()

    def _set(self, _: None) -> None:
        self._waiting = False
        self._then()

    def _failed(self, error: Exception) -> None:
        self._waiting = False
        self.area.show_error(error)

    def _show(self) -> None:
        self.dots.set_count(len(self._typed))
        wait_s = self.model.pin.wait_s() if self._mode == "check" else 0.0
        free = wait_s <= 0 and not self._waiting
        if wait_s > 0:
            text = translate("Teacher", "Too many wrong tries. Wait {n} s.")
            self.message_label.set_text(text.replace("{n}", str(math.ceil(wait_s))))
            self._timer.start()
        else:
            self._timer.stop()
            self.message_label.set_text(self._message)
        for key in self.digits.values():
            key.setEnabled(free)
        self.delete_key.setEnabled(bool(self._typed))
        self.done_key.setEnabled(free and len(self._typed) >= MIN_DIGITS)
        if self._mode == "check":
            self.prompt_label.set_text(translate("Teacher", "Type the teacher's PIN."))
        elif self._first:
            self.prompt_label.set_text(translate("Teacher", "Once more, please."))
        elif self._mode == "first":
            self.prompt_label.set_text(
                translate("Teacher", "For the adult here: choose a PIN of 4 to 8 digits.")
            )
        else:
            self.prompt_label.set_text(
                translate("Teacher", "Choose a PIN of 4 to 8 digits, for teachers only.")
            )

    def _retranslate(self) -> None:
        self._message = ""
        self.delete_key.setAccessibleName(translate("Keyboard", "Delete"))
        self.done_key.setAccessibleName(translate("Keyboard", "Done"))
        self.off_button.set_text(translate("Teacher", "Switch off"))
        self.later_button.set_text(translate("Teacher", "Later"))
        self._show()


def no_pin_page(area: PageStack) -> MessagePage:
    """Create the page that says how an adult sets the first PIN: no child should."""
    actions: list[Action] = [("check", lambda: translate("Teacher", "OK"), lambda: None)]
    if area.model.can_power_off:
        off = (lambda: translate("Teacher", "Switch off")), (lambda: ask_switch_off(area))
        actions.insert(0, ("power", *off))
    return MessagePage(
        area,
        lambda: translate("Teacher", "For teachers"),
        lambda: translate("Teacher", "There is no teacher's PIN yet."),
        actions,
        "lock",
        lambda: translate(
            "Teacher", "An adult sets it when the kiosk starts: switch it off and on."
        ),
    )
