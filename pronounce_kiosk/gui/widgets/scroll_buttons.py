"""`ScrollButtons`: page up and down, for users who do not know flicking."""

from PyQt5.QtCore import QCoreApplication, QSize, Qt
from PyQt5.QtWidgets import QAbstractScrollArea, QPushButton, QScroller, QSizePolicy, QWidget

from pronounce_kiosk.gui import theme
from pronounce_kiosk.gui.layouts import vbox
from pronounce_kiosk.gui.widgets.translated import TranslatedWidget

SMALL_PX = 64
"""Width of small buttons."""


class ScrollButtons(TranslatedWidget):
    """Stands beside a scroll area; hidden while everything is visible.

    small: for an area of a few lines, which handles drags itself; flicking scrolls others too.
    """

    def __init__(
        self, area: QAbstractScrollArea, parent: QWidget | None = None, small: bool = False
    ) -> None:
        super().__init__(parent)
        self._area = area
        area.setVerticalScrollBarPolicy(Qt.ScrollBarAlwaysOff)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarAlwaysOff)
        if not small:
            QScroller.grabGesture(area.viewport(), QScroller.LeftMouseButtonGesture)
        self._up = self._button("up", -1)
        self._down = self._button("down", 1)
        for button in (self._up, self._down):
            button.setFixedWidth(SMALL_PX if small else 72)
            button.setMinimumHeight(theme.TOUCH_PX if small else theme.MAIN_TOUCH_PX)
        vbox(self._up, self._down, spacing_px=8 if small else 12, parent=self)
        bar = area.verticalScrollBar()
        bar.rangeChanged.connect(self._look)
        bar.valueChanged.connect(self._look)
        self._retranslate()
        self._look()

    def _button(self, icon: str, direction: int) -> QPushButton:
        button = QPushButton(self)
        button.setIcon(theme.icon(icon, "accent"))
        button.setIconSize(QSize(40, 40))
        button.setFocusPolicy(Qt.TabFocus)
        button.setSizePolicy(QSizePolicy.Minimum, QSizePolicy.Expanding)
        button.clicked.connect(lambda: self._page(direction))
        return button

    def _page(self, direction: int) -> None:
        bar = self._area.verticalScrollBar()
        line = bar.singleStep()
        # Tall rows scroll by whole rows; smaller ones keep a part of the page for orientation.
        by = bar.pageStep() // line * line if line >= theme.TOUCH_PX else bar.pageStep() * 0.85
        bar.setValue(bar.value() + direction * max(1, round(by)))

    def _look(self) -> None:
        bar = self._area.verticalScrollBar()
        self.setVisible(bar.maximum() > bar.minimum())
        self._up.setEnabled(bar.value() > bar.minimum())
        self._down.setEnabled(bar.value() < bar.maximum())

    def _retranslate(self) -> None:
        translate = QCoreApplication.translate
        self._up.setAccessibleName(translate("ScrollButtons", "Up"))
        self._down.setAccessibleName(translate("ScrollButtons", "Down"))
