"""My progress: days, sentences, and a map of the sounds."""

from collections import Counter
from collections.abc import Mapping

from PyQt5.QtCore import Qt
from PyQt5.QtGui import QPixmap
from PyQt5.QtWidgets import QWidget

from pronounce_kiosk.gui import messages, theme
from pronounce_kiosk.gui.language import TranslatedWidget
from pronounce_kiosk.gui.layouts import hbox, vbox
from pronounce_kiosk.gui.review import LearnerReview
from pronounce_kiosk.gui.widgets.buttons import TextButton
from pronounce_kiosk.gui.widgets.labels import FittedLabel, picture_label, text_label
from pronounce_kiosk.gui.widgets.sound_map import SoundMap, draw_tile
from pronounce_kiosk.history.review import Practice, Sound, SoundCard
from pronounce_kiosk.session.sounds import SOUND_GROUPS, SURENESS, sureness

_HEAD_PX = 60
_LEGEND_PX = 34
_LANGUAGE_PX = 132


class ProgressScreen(TranslatedWidget):
    """Shows the current learner's progress, which `begin` reads again."""

    def __init__(self, review: LearnerReview, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._review = review
        self._practice = Practice(0, 0)
        self._sounds: Mapping[Sound, SoundCard] = {}
        self.sound_language = "ko"
        """Language of the sounds shown."""
        self.numbers_label = FittedLabel(24, 18, alignment=Qt.AlignLeft, parent=self)
        self.map = SoundMap(self)
        self.language_buttons: dict[str, TextButton] = {}
        head = hbox((self.numbers_label, 1), spacing_px=8)
        for language in SOUND_GROUPS:
            button = TextButton("letters", "choice", 26, theme.TOUCH_PX, self)
            button.setFixedWidth(_LANGUAGE_PX)
            button.setCheckable(True)
            button.clicked.connect(lambda _, language=language: self.show_language(language))
            self.language_buttons[language] = button
            head.addWidget(button)
        self.numbers_label.setFixedHeight(_HEAD_PX)
        self._legend = {level: text_label(self, "caption") for level in SURENESS}
        entries = [
            hbox(picture_label(self, _sample(level), _LEGEND_PX), label, spacing_px=8)
            for level, label in self._legend.items()
        ]
        legend = hbox(*entries, 1, spacing_px=20)
        vbox(head, (self.map, 1), legend, margins_px=(20, 0, 16, 10), spacing_px=8, parent=self)
        self._retranslate()

    def begin(self) -> None:
        """Read the current learner's progress and show it."""
        self.show_progress(Practice(0, 0), {})
        self._review.read_progress(self._on_answer)

    def show_language(self, language: str) -> None:
        """Show the sounds of another language."""
        self.sound_language = language
        self._show()

    def show_progress(self, practice: Practice, sounds: Mapping[Sound, SoundCard]) -> None:
        """Show progress."""
        self._practice, self._sounds = practice, sounds
        self._show()

    def _on_answer(self, practice: Practice, sounds: Mapping[Sound, SoundCard]) -> None:
        times = Counter[str]()
        for sound, one in sounds.items():
            times[sound.language] += one.times
        # Begin with the language practised most.
        self.sound_language = max(SOUND_GROUPS, key=lambda language: times[language])
        self.show_progress(practice, sounds)

    def _show(self) -> None:
        language, practice, sounds = self.sound_language, self._practice, self._sounds
        for name, button in self.language_buttons.items():
            button.setChecked(name == language)
        names = {
            "consonants": self.tr("Consonants"),
            "vowels": self.tr("Vowels"),
            "codas": self.tr("Final sounds"),
        }
        self.map.show_sounds(language, sounds, names)
        sure = sum(
            sound.language == language and sureness(one) == "sure" for sound, one in sounds.items()
        )
        parts = [
            self._count(practice.sentences, self.tr("1 sentence"), self.tr("{n} sentences")),
            self._count(sure, self.tr("1 sound in bloom"), self.tr("{n} sounds in bloom")),
        ]
        # Days are unknown where the clock was never set.
        if practice.days is not None:
            days = self._count(practice.days, self.tr("1 day"), self.tr("{n} days"))
            parts.insert(0, days)
        self.numbers_label.set_text("  ·  ".join(parts))
        self.map.setAccessibleName(parts[-1])

    @staticmethod
    def _count(number: int, one: str, more: str) -> str:
        return one if number == 1 else more.format(n=number)

    def _retranslate(self) -> None:
        self.setWindowTitle(self.tr("My progress"))
        for language, button in self.language_buttons.items():
            button.set_text(messages.language_name(language))
        texts = {
            "unsaid": self.tr("not said yet"),
            "weak": self.tr("just sprouting"),
            "growing": self.tr("growing"),
            "sure": self.tr("in bloom: you know it"),
        }
        for level, label in self._legend.items():
            label.setText(texts[level])
        self._show()


def _sample(level: str) -> QPixmap:
    """Return a tile for the legend."""
    picture = QPixmap(_LEGEND_PX, _LEGEND_PX)
    picture.fill(Qt.transparent)
    draw_tile(theme.painter(picture), picture.rect(), level)
    return picture
