"""`TextButton`: a push button with an icon and a text, large enough for touch."""

from collections.abc import Callable

from PyQt5.QtCore import QSize, Qt
from PyQt5.QtWidgets import QPushButton, QSizePolicy, QWidget

from pronounce_kiosk.gui import theme


class TextButton(QPushButton):
    """look: an object name used by style.qss (``main``, ``play``, ``quiet``), "" for plain.

    icon: "" for a text alone. act: called without arguments by a tap.
    """

    def __init__(
        self,
        icon: str,
        look: str = "",
        icon_px: int = 44,
        height_px: int = theme.MAIN_TOUCH_PX,
        parent: QWidget | None = None,
        act: Callable[[], object] | None = None,
    ) -> None:
        super().__init__(parent)
        if act is not None:
            self.clicked.connect(lambda: act())
        self._icon = icon
        self.setObjectName(look)
        self.setIconSize(QSize(icon_px, icon_px))
        self.setMinimumHeight(height_px)
        self.setSizePolicy(QSizePolicy.Expanding, QSizePolicy.Fixed)
        # A tap must not set the focus; Tab does.
        self.setFocusPolicy(Qt.TabFocus)
        if icon:
            self.set_icon(icon)

    def set_look(self, look: str) -> None:
        """Set the look."""
        if look != self.objectName():
            self.setObjectName(look)
            self.set_icon(self._icon)
            theme.repolish(self)

    def set_icon(self, icon: str) -> None:
        """Set the icon."""
        self._icon = icon
        self.setIcon(theme.icon(icon, "surface" if self.objectName() == "main" else "accent"))

    def show_playing(self, playing: bool, icon: str) -> None:
        """Show a stop sign while the button's clip is playing, otherwise the icon."""
        self.setProperty("playing", playing)
        self.set_icon("stop" if playing else icon)
        theme.repolish(self)

    def set_text(self, text: str, accessible_name: str = "") -> None:
        """Set the text; accessible_name where the text alone is unclear."""
        # Qt's gap between icon and text is too narrow at this size.
        self.setText(f" {text}" if text and self._icon else text)
        self.setAccessibleName(accessible_name or text)
