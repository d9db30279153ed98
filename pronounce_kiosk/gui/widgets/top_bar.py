"""`TopBar`: back or learner, title or notice, the teacher's button, language."""

from PyQt5.QtCore import QRectF, Qt
from PyQt5.QtGui import QIcon, QPaintEvent
from PyQt5.QtWidgets import QFrame, QWidget

from pronounce_kiosk.gui import messages, theme
from pronounce_kiosk.gui.language import TranslatedWidget, interface_language
from pronounce_kiosk.gui.layouts import hbox, stack
from pronounce_kiosk.gui.sound import GAINS_DB
from pronounce_kiosk.gui.timers import make_timer
from pronounce_kiosk.gui.widgets.buttons import TextButton
from pronounce_kiosk.gui.widgets.drawing import draw_box
from pronounce_kiosk.gui.widgets.labels import FittedLabel
from pronounce_kiosk.session.voices import VARIANTS

HEIGHT_PX = 68
_LEARNER_PX = 190
_VOLUME_ICON_PX, _VOLUME_BAR_PX = 34, 5
PASSING_MS = 8_000
"""Long enough to be read while speaking."""


class TopBar(TranslatedWidget):
    """Has fixed places for its buttons on every screen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._notice = self._passing = ""
        self._learner, self._voice = ("guest", ""), 0
        self._passing_timer = make_timer(self, PASSING_MS, lambda: self.pass_notice(""), once=True)
        self.back_button = self._button("back", "quiet", 36, 72)
        self.learner_button = self._button("person", "learner", 48, _LEARNER_PX)
        self.voice_button = self._button("person", "quiet", 34, 88)
        self.voice_button.setStyleSheet("padding: 0 6px;")
        self.volume_button = VolumeButton(len(GAINS_DB), self)
        self.teacher_button = self._button("settings", "quiet", 34, 72)
        self.language_button = self._button("language", "", 30, 160)
        self.teacher_button.hide()
        self.learner_button.hide()
        self.title = FittedLabel(26, 16, alignment=Qt.AlignLeft, parent=self)
        self.notice = Notice(self)
        self._middle = stack(self, self.title, self.notice)
        self.setFixedHeight(HEIGHT_PX)
        left = hbox(self.back_button, self.learner_button, spacing_px=8)
        left.addSpacing(6)
        right = (self.voice_button, self.volume_button, self.teacher_button, self.language_button)
        middle = (self._middle, 1)
        hbox(left, middle, *right, margins_px=(16, 6, 16, 6), spacing_px=8, parent=self)
        self._retranslate()

    def _button(self, icon: str, look: str, icon_px: int, width_px: int) -> TextButton:
        button = TextButton(icon, look, icon_px, 56, self)
        button.setFixedSize(width_px, 56)
        return button

    def set_title(self, title: str, has_back: bool) -> None:
        """Set the title."""
        self.title.set_text(title)
        self.back_button.setVisible(has_back)

    def show_learner(self, animal: str, name: str) -> None:
        """Set the learner's picture and name; "" for a guest."""
        self._learner = (animal, name)
        self.learner_button.setIcon(QIcon(theme.animal(animal, 96)))
        self._retranslate()

    def set_voice(self, number: int) -> None:
        """Set the number of the examples' voice, from 0."""
        self._voice = number
        self._retranslate()

    def set_notice(self, key: str) -> None:
        """Show a problem in the title's place; "" removes it."""
        self._notice = key
        self._show_notice()

    def pass_notice(self, key: str, for_ms: int = PASSING_MS) -> None:
        """Show information for a moment, unless a problem is shown; "" ends it."""
        self._passing = key
        if key:
            self._passing_timer.start(for_ms)
        else:
            self._passing_timer.stop()
        self._show_notice()

    def _show_notice(self) -> None:
        key = self._notice or self._passing
        self.notice.show_notice(messages.notice_text(key), "" if self._notice else "quiet")
        self._middle.setCurrentWidget(self.notice if key else self.title)

    def _retranslate(self) -> None:
        self.back_button.set_text("", self.tr("Back"))
        other = "en" if interface_language() == "ko" else "ko"
        self.language_button.set_text(messages.LANGUAGE_NAMES[other])
        self.teacher_button.set_text("", self.tr("For teachers"))
        number = self._voice + 1
        voice = self.tr("Voice {number} of {count}")
        self.voice_button.set_text(str(number), voice.format(number=number, count=len(VARIANTS)))
        self.volume_button.retranslate()
        self._show_notice()
        name = self._learner[1] or self.tr("Guest")
        metrics = self.learner_button.fontMetrics()
        room = _LEARNER_PX - self.learner_button.iconSize().width() - 40
        spoken = self.tr("{name} is practising. Choose somebody else.")
        self.learner_button.set_text(
            metrics.elidedText(name, Qt.ElideRight, room), spoken.format(name=name)
        )


class VolumeButton(TextButton):
    """Shows the step among all steps."""

    def __init__(self, steps: int, parent: QWidget | None = None) -> None:
        super().__init__("listen", "quiet", _VOLUME_ICON_PX, 56, parent)
        self.setFixedSize(88, 56)
        # Icon at the left, bars to the right of it.
        self.setStyleSheet("text-align: left; padding: 0 6px;")
        self._steps, self._step = steps, 0

    def set_step(self, step: int) -> None:
        """Set the step, 0 for the quietest."""
        self._step = step
        self.retranslate()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint bars that grow to the right, pale ones for louder steps."""
        super().paintEvent(event)
        painter = theme.painter(self)
        for number in range(self._steps):
            height = 8 + 24 * (number + 1) / self._steps
            left = _VOLUME_ICON_PX + 10 + number * (_VOLUME_BAR_PX + 3)
            bar = QRectF(left, self.height() / 2 + 16 - height, _VOLUME_BAR_PX, height)
            draw_box(painter, bar, 2, "accent" if number <= self._step else "line")

    def retranslate(self) -> None:
        """Set the accessible name in the interface's language."""
        name = messages.translate("TopBar", "Volume {step} of {steps}")
        self.setAccessibleName(name.format(step=self._step + 1, steps=self._steps))


class Notice(QFrame):
    """A sentence in a coloured box, as large as the box allows.

    tone: a property used by style.qss: "" for a warning, ``quiet`` for information.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("notice")
        self._label = FittedLabel(20, 15, parent=self)
        hbox(self._label, margins_px=(8, 0, 8, 0), parent=self)

    def text(self) -> str:
        """Return the text."""
        return self._label.text()

    def show_notice(self, text: str, tone: str = "") -> None:
        """Set text and tone."""
        self._label.set_text(text)
        self._label.set_colour("accent-dark" if tone == "quiet" else "ink")
        if self.property("tone") != tone:
            self.setProperty("tone", tone)
            theme.repolish(self)
