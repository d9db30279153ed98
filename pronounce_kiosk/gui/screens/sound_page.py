"""A sound's page: see and hear how its word is said, and say the word alone, again and again."""

from __future__ import annotations

from PyQt5.QtCore import QEvent, Qt, pyqtSignal
from PyQt5.QtGui import QHideEvent
from PyQt5.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from pronounce_kiosk.core.score import Verdict
from pronounce_kiosk.gui import messages, theme
from pronounce_kiosk.gui.view_models import LevelView, UnitView
from pronounce_kiosk.gui.widgets.advice_box import AdviceBox
from pronounce_kiosk.gui.widgets.busy_ring import BusyRing
from pronounce_kiosk.gui.widgets.level_meter import LevelMeter
from pronounce_kiosk.gui.widgets.round_button import RoundButton
from pronounce_kiosk.gui.widgets.text_button import TextButton
from pronounce_kiosk.gui.widgets.tries_view import TriesView
from pronounce_kiosk.gui.widgets.units_view import UnitsView
from pronounce_kiosk.gui.word_practice import EXAMPLE, MINE, MOST_TRIES, Activity, WordPractice
from pronounce_kiosk.session.pairs import pairs_of

_MOUTH_PX = 216
_SIDE_PX = 60
_NOT_THE_WORD = (Verdict.DIFFERENT_SENTENCE.value, Verdict.TOO_SHORT.value, Verdict.TOO_LONG.value)
_DOT = " \N{MIDDLE DOT} "


class SoundPage(QWidget):
    """back_wanted: to the sentence. pairs_wanted: a language and two sounds."""

    back_wanted = pyqtSignal()
    pairs_wanted = pyqtSignal(str, object)

    def __init__(self, practice: WordPractice, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._practice = practice
        self._units: tuple[UnitView, ...] = ()
        self.mouth = QLabel(self)
        self.mouth.setAlignment(Qt.AlignCenter)
        self.units_view = UnitsView(44, 28, self)
        self.advice_box = AdviceBox(self)
        self.example_button = TextButton("slow", "play", 30, theme.TOUCH_PX, self)
        self.mine_button = TextButton("play", "play", 30, theme.TOUCH_PX, self)
        self.tries_view = TriesView(MOST_TRIES, self)
        self.meter = LevelMeter(self)
        self.record_button = RoundButton("record", theme.MAIN_TOUCH_PX, "main", self)
        self.pairs_button = TextButton("listen", "play", 30, _SIDE_PX, self)
        self.back_button = TextButton("back", "play", 30, _SIDE_PX, self)
        self._main = QStackedWidget(self)
        self._main.setSizePolicy(QSizePolicy.Fixed, QSizePolicy.Fixed)
        self._main.addWidget(self.record_button)
        self._main.addWidget(BusyRing(theme.MAIN_TOUCH_PX, self))
        self._lay_out()
        self.units_view.tapped.connect(lambda unit: practice.choose(unit.numbers[0]))
        self.example_button.clicked.connect(lambda: practice.play(EXAMPLE))
        self.mine_button.clicked.connect(lambda: practice.play(MINE))
        self.record_button.clicked.connect(self._on_record)
        self.pairs_button.clicked.connect(self._on_pairs)
        self.back_button.clicked.connect(self.back_wanted)
        practice.changed.connect(self.refresh)
        practice.moved.connect(self._show_moment)
        practice.level_changed.connect(self._on_level)
        self.retranslate()

    def _lay_out(self) -> None:
        voices = QHBoxLayout()
        voices.setSpacing(8)
        voices.addWidget(self.example_button, 1)
        voices.addWidget(self.mine_button, 1)
        right = QVBoxLayout()
        # Leaves room for the buttons that scroll a word of eleven syllables.
        right.setSpacing(4)
        right.addWidget(self.units_view, 1)
        right.addLayout(voices)
        right.addWidget(self.advice_box)
        upper = QHBoxLayout()
        upper.setSpacing(16)
        upper.addWidget(self.mouth)
        upper.addLayout(right, 1)
        self._left = QStackedWidget(self)
        self._left.setObjectName("see-through")
        for widget in (self.tries_view, self.meter):
            self._left.addWidget(widget)
        ways = QVBoxLayout()
        ways.setSpacing(8)
        ways.addStretch(1)
        ways.addWidget(self.pairs_button)
        ways.addWidget(self.back_button)
        ways.addStretch(1)
        lower = QGridLayout()
        lower.addWidget(self._left, 0, 0, Qt.AlignLeft | Qt.AlignVCenter)
        lower.addWidget(self._main, 0, 1)
        lower.addLayout(ways, 0, 2)
        lower.setColumnStretch(0, 1)
        lower.setColumnStretch(2, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 0, 16, 2)
        layout.setSpacing(2)
        layout.addLayout(upper, 1)
        layout.addLayout(lower)

    def title(self) -> str:
        """For the top bar."""
        return self.tr("How to say it")

    def refresh(self) -> None:
        """Show the model."""
        practice = self._practice
        if practice.word is None:
            return
        if practice.units != self._units:
            self._units = practice.units
            self.units_view.set_units(self._units, practice.word.alone.text)
        quiet = practice.activity is Activity.NONE
        for which, button, usual in (
            (EXAMPLE, self.example_button, "slow"),
            (MINE, self.mine_button, "play"),
        ):
            playing = practice.playing == which
            button.setEnabled(quiet and practice.can_play(which))
            button.setProperty("playing", playing)
            button.set_icon("stop" if playing else usual)
            theme.repolish(button)
        self._show_advice()
        tries = [one.unit(practice.place) for one in practice.tries]
        self.tries_view.set_tries([unit for unit in tries if unit is not None])
        self._show_recording(practice.activity)
        self._show_pair()
        self._show_moment()

    def _show_advice(self) -> None:
        word, advice = self._practice.word, self._practice.advice
        assert word is not None
        if advice is None:
            text = self.tr("Listen, then say “{word}” alone.")
        elif advice.key in _NOT_THE_WORD:
            text = self.tr("I heard something else. Say just “{word}”.")
        else:
            text = messages.advice_text(advice)
        form = None if advice is None else advice.form
        self.advice_box.show_advice(text.replace("{word}", word.alone.text), form)

    def _show_recording(self, activity: Activity) -> None:
        recording = activity is Activity.RECORDING
        self._main.setCurrentIndex(1 if activity is Activity.SCORING else 0)
        self._left.setCurrentWidget(self.meter if recording else self.tries_view)
        if recording:
            self.meter.set_level(0.0, "good")
            self.record_button.set_face("stop", "stop", self.tr("Done"))
        else:
            self.record_button.set_face("record", "main", self.tr("Say the word"))

    def _show_pair(self) -> None:
        word, pair = self._practice.word, self._practice.pair
        self.pairs_button.setVisible(pair is not None)
        if word is not None and pair is not None:
            words = pairs_of(word.alone.language, pair)[0].words
            self.pairs_button.set_text(_DOT.join(words), self.tr("Words that sound alike"))

    def _show_moment(self) -> None:
        """Show the mouth, and the unit being said; in silence the one the page is about."""
        practice = self._practice
        self.mouth.setPixmap(theme.viseme(practice.viseme, _MOUTH_PX))
        place = practice.lit if practice.playing else practice.place
        self.units_view.mark(next((unit for unit in self._units if place in unit.numbers), None))

    def _on_record(self) -> None:
        if self._practice.activity is Activity.RECORDING:
            self._practice.stop()
        else:
            self._practice.record()

    def _on_pairs(self) -> None:
        word, pair = self._practice.word, self._practice.pair
        if word is not None and pair is not None:
            self.pairs_wanted.emit(word.alone.language, pair)

    def _on_level(self, level: LevelView) -> None:
        self.meter.set_level(level.level, level.tone)
        self.record_button.set_level(level.level)

    def retranslate(self) -> None:
        """Set the texts in the current language."""
        self.example_button.set_text(self.tr("Example"), self.tr("Play the example slowly"))
        self.mine_button.set_text(self.tr("Mine"), self.tr("Play my voice"))
        self.back_button.set_text(self.tr("Sentence"), self.tr("Back to the sentence"))
        self.mouth.setAccessibleName(self.tr("The mouth in the example"))
        self.refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nothing sounds on a page that nobody sees."""
        super().hideEvent(event)
        self._practice.leave()

    def changeEvent(self, event: QEvent) -> None:
        """Another language."""
        if event.type() == QEvent.LanguageChange:
            self.retranslate()
        super().changeEvent(event)
