"""On-screen keyboard: Korean (두벌식), English, digits, signs."""

from __future__ import annotations

from functools import partial

from PyQt5.QtCore import QCoreApplication, QSize, Qt, pyqtSignal
from PyQt5.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QWidget

from pronounce_kiosk.gui import theme
from pronounce_kiosk.gui.double_touch import let_type
from pronounce_kiosk.gui.layouts import hbox, vbox
from pronounce_kiosk.gui.teacher.composer import Composer
from pronounce_kiosk.gui.widgets.translated import TranslatedWidget

translate = QCoreApplication.translate

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


class Key(QPushButton):
    """One key. It gets no focus from touch, only from Tab."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("key")
        self.setFixedHeight(KEY_PX)
        self.setMinimumWidth(52)
        self.setSizePolicy(QSizePolicy.Expanding, QSizePolicy.Fixed)
        self.setFocusPolicy(Qt.TabFocus)
        self.setIconSize(QSize(32, 32))

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
        self.layer = "ko"
        self._language = "ko"
        self._composer = Composer()
        self.keys: dict[str, Key] = {}
        self._letters: list[list[Key]] = []
        rows = vbox(spacing_px=_GAP_PX, parent=self)
        for number, count in enumerate((10, 9, 7)):
            row = hbox(spacing_px=_GAP_PX)
            if number == 1:
                row.addSpacing(34)
            if number == 2:
                self.shift_key = self._special(row, "shift", self._on_shift, 2)
            letters = []
            for place in range(count):
                key = Key(self)
                key.clicked.connect(partial(self._on_letter, number, place))
                row.addWidget(key, 2)
                letters.append(key)
            self._letters.append(letters)
            if number == 1:
                row.addSpacing(34)
            if number == 2:
                self.backspace_key = self._special(row, "backspace", self._on_backspace, 2)
                self.backspace_key.setAutoRepeat(True)
                self.backspace_key.setAutoRepeatDelay(500)
                self.backspace_key.setAutoRepeatInterval(70)
            rows.addLayout(row)
        row = hbox(spacing_px=_GAP_PX)
        self.signs_key = self._special(row, "", self._on_signs, 3)
        self.language_key = self._special(row, "", self._on_language, 3)
        self.comma_key = self._special(row, "", lambda: self.press(","), 2)
        self.space_key = self._special(row, "space", lambda: self.press(" "), 8)
        self.stop_key = self._special(row, "", lambda: self.press("."), 2)
        self.enter_key = self._special(row, "check", self.entered.emit, 4)
        for typing_key in self.findChildren(Key):
            if typing_key is not self.enter_key:
                let_type(typing_key)
        rows.addLayout(row)
        self._retranslate()

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

    def _special(self, row: QHBoxLayout, icon: str, act: object, share: int) -> Key:
        key = Key(self)
        if icon:
            key.setIcon(theme.icon(icon, "accent"))
        key.clicked.connect(lambda: act())  # type: ignore[operator]
        row.addWidget(key, share)
        return key

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
        for letters, keys in zip(LAYERS[self.layer], self._letters, strict=True):
            for letter, key in zip(letters, keys, strict=True):
                key.show_key(letter)
        self.keys = {
            letter: key
            for letters, keys in zip(LAYERS[self.layer], self._letters, strict=True)
            for letter, key in zip(letters, keys, strict=True)
        }
        self.shift_key.setEnabled(self.layer != "signs")
        held = self.layer.endswith("-shift")
        if bool(self.shift_key.property("held")) != held:
            self.shift_key.setProperty("held", held)
            theme.repolish(self.shift_key)
        letters_name = "가나다" if self._language == "ko" else "abc"
        self.signs_key.show_key(
            letters_name if self.layer == "signs" else "123",
            translate("Keyboard", "Letters")
            if self.layer == "signs"
            else translate("Keyboard", "Digits and signs"),
        )
        self.language_key.show_key(
            "ABC" if self._language == "ko" else "한글",
            translate("Keyboard", "English keys")
            if self._language == "ko"
            else translate("Keyboard", "Korean keys"),
        )

    def _retranslate(self) -> None:
        self.shift_key.setAccessibleName(translate("Keyboard", "Shift"))
        self.backspace_key.setAccessibleName(translate("Keyboard", "Delete"))
        self.space_key.setAccessibleName(translate("Keyboard", "Space"))
        self.enter_key.setAccessibleName(translate("Keyboard", "Done"))
        self.comma_key.show_key(",", translate("Keyboard", "Comma"))
        self.stop_key.show_key(".", translate("Keyboard", "Full stop"))
        self._show_layer()
