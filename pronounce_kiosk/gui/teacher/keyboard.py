"""On-screen keyboard: Korean (두벌식), English, digits, signs."""

from collections.abc import Callable
from functools import partial

from PyQt5.QtCore import pyqtSignal
from PyQt5.QtWidgets import QWidget

from pronounce_kiosk.gui import theme
from pronounce_kiosk.gui.double_touch import let_type
from pronounce_kiosk.gui.language import TranslatedWidget
from pronounce_kiosk.gui.layouts import hbox, vbox
from pronounce_kiosk.gui.messages import translate
from pronounce_kiosk.gui.teacher.composer import Composer
from pronounce_kiosk.gui.widgets.buttons import TextButton

KEY_PX = 54
_GAP_PX = 5
LAYERS: dict[str, tuple[str, str, str]] = {
    "ko": ("ㅂㅈㄷㄱㅅㅛㅕㅑㅐㅔ", "ㅁㄴㅇㄹㅎㅗㅓㅏㅣ", "ㅋㅌㅊㅍㅠㅜㅡ"),
    "ko-shift": ("ㅃㅉㄸㄲㅆㅛㅕㅑㅒㅖ", "ㅁㄴㅇㄹㅎㅗㅓㅏㅣ", "ㅋㅌㅊㅍㅠㅜㅡ"),
    "en": ("qwertyuiop", "asdfghjkl", "zxcvbnm"),
    "en-shift": ("QWERTYUIOP", "ASDFGHJKL", "ZXCVBNM"),
    "signs": ("1234567890", ":;()'\"!?~", "-/%&+=@"),
}
_MAX_CHARACTERS = 300


class Key(TextButton):
    """One key of a keyboard or keypad."""

    def __init__(
        self,
        parent: QWidget,
        act: Callable[[], object],
        icon: str = "",
        icon_px: int = 32,
        height_px: int = KEY_PX,
    ) -> None:
        super().__init__(icon, "key", icon_px, height_px, parent, act)
        self.setFixedHeight(height_px)
        self.setMinimumWidth(theme.TOUCH_PX)

    def show_key(self, text: str, name: str = "") -> None:
        """Set the key's label and accessible name."""
        self.setText("&&" if text == "&" else text)
        self.setAccessibleName(name or text)


class Keyboard(TranslatedWidget):
    """typed: the whole text, after every key."""

    typed = pyqtSignal(str)
    entered = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.layer = self._language = "ko"
        self._composer = Composer()
        self.keys: dict[str, Key] = {}
        upper, middle = self._letters(0, 10), self._letters(1, 9)
        self.shift_key = Key(self, self._on_shift, "shift")
        lower = self._letters(2, 7)
        self._rows = (upper, middle, lower)
        self.backspace_key = Key(self, self._on_backspace, "backspace")
        self.backspace_key.setAutoRepeat(True)
        self.backspace_key.setAutoRepeatDelay(500)
        self.backspace_key.setAutoRepeatInterval(70)
        self.signs_key = Key(self, self._on_signs)
        self.language_key = Key(self, self._on_language)
        self.comma_key = Key(self, lambda: self.press(","))
        self.space_key = Key(self, lambda: self.press(" "), "space")
        self.stop_key = Key(self, lambda: self.press("."))
        for typing_key in self.findChildren(Key):
            let_type(typing_key)
        self.enter_key = Key(self, self.entered.emit, "check")
        shares = {self.signs_key: 3, self.language_key: 3, self.comma_key: 2, self.space_key: 8}
        shares |= {self.stop_key: 2, self.enter_key: 4}
        last = hbox(*shares.items(), spacing_px=_GAP_PX)
        rows = [
            hbox(*((key, 1) for key in keys), spacing_px=_GAP_PX, margins_px=(side, 0, side, 0))
            for keys, side in (
                (upper, 0),
                (middle, 34),
                ([self.shift_key, *lower, self.backspace_key], 0),
            )
        ]
        vbox(*rows, last, spacing_px=_GAP_PX, parent=self)
        self._retranslate()

    def _letters(self, row: int, count: int) -> list[Key]:
        return [Key(self, partial(self._on_letter, row, place)) for place in range(count)]

    @property
    def text(self) -> str:
        """Return the typed text."""
        return self._composer.text

    def begin(self, text: str, language: str) -> None:
        """Continue a text with the layout of a language (``ko``, or Latin for any other)."""
        self._composer = Composer(text)
        self._language = self.layer = "ko" if language == "ko" else "en"
        self._show_layer()

    def press(self, character: str) -> None:
        """Type a letter, sign or blank."""
        if len(self.text) < _MAX_CHARACTERS:
            self._composer.type(character)
        self.typed.emit(self.text)
        if self.layer.endswith("-shift"):
            self.layer = self._language
            self._show_layer()

    def _on_letter(self, row: int, place: int) -> None:
        self.press(LAYERS[self.layer][row][place])

    def _on_backspace(self) -> None:
        self._composer.backspace()
        self.typed.emit(self.text)

    def _on_shift(self) -> None:
        if self.layer == "signs":
            return
        shifted = self.layer.endswith("-shift")
        self.layer = self._language if shifted else f"{self._language}-shift"
        self._show_layer()

    def _on_signs(self) -> None:
        self.layer = self._language if self.layer == "signs" else "signs"
        self._show_layer()

    def _on_language(self) -> None:
        self._language = self.layer = "en" if self._language == "ko" else "ko"
        self._show_layer()

    def _show_layer(self) -> None:
        self.keys = {
            letter: key
            for letters, keys in zip(LAYERS[self.layer], self._rows, strict=True)
            for letter, key in zip(letters, keys, strict=True)
        }
        for letter, key in self.keys.items():
            key.show_key(letter)
        signs, korean = self.layer == "signs", self._language == "ko"
        self.shift_key.setEnabled(not signs)
        held = self.layer.endswith("-shift")
        if bool(self.shift_key.property("held")) != held:
            self.shift_key.setProperty("held", held)
            theme.repolish(self.shift_key)
        if signs:
            letters = translate("Keyboard", "Letters")
            self.signs_key.show_key("가나다" if korean else "abc", letters)
        else:
            self.signs_key.show_key("123", translate("Keyboard", "Digits and signs"))
        if korean:
            self.language_key.show_key("ABC", translate("Keyboard", "English keys"))
        else:
            self.language_key.show_key("한글", translate("Keyboard", "Korean keys"))

    def _retranslate(self) -> None:
        self.shift_key.setAccessibleName(translate("Keyboard", "Shift"))
        self.backspace_key.setAccessibleName(translate("Keyboard", "Delete"))
        self.space_key.setAccessibleName(translate("Keyboard", "Space"))
        self.enter_key.setAccessibleName(translate("Keyboard", "Done"))
        self.comma_key.show_key(",", translate("Keyboard", "Comma"))
        self.stop_key.show_key(".", translate("Keyboard", "Full stop"))
        self._show_layer()
