"""Sound's page: see and hear how a word is said, and practise the word alone."""

from functools import partial

from PyQt5.QtCore import Qt, pyqtSignal
from PyQt5.QtGui import QHideEvent
from PyQt5.QtWidgets import QWidget

from pronounce_kiosk.core.score import Verdict
from pronounce_kiosk.gui import messages, theme
from pronounce_kiosk.gui.language import TranslatedWidget
from pronounce_kiosk.gui.layouts import ANYHOW, centred_row, hbox, stack, vbox
from pronounce_kiosk.gui.practice_base import Activity
from pronounce_kiosk.gui.view_models import SILENT, UnitView
from pronounce_kiosk.gui.widgets.advice_box import AdviceBox
from pronounce_kiosk.gui.widgets.attempts import TriesView
from pronounce_kiosk.gui.widgets.bars import BusyRing, LevelMeter
from pronounce_kiosk.gui.widgets.buttons import RoundButton, TextButton
from pronounce_kiosk.gui.widgets.labels import text_label
from pronounce_kiosk.gui.widgets.units_view import UnitsView
from pronounce_kiosk.gui.word_practice import EXAMPLE, MINE, MOST_TRIES, WordPractice
from pronounce_kiosk.session.pairs import pairs_of

_MOUTH_PX = 216
_SIDE_PX = 60
_NOT_THE_WORD = (Verdict.DIFFERENT_SENTENCE.value, Verdict.TOO_SHORT.value, Verdict.TOO_LONG.value)
_DOT = " \N{MIDDLE DOT} "


class SoundPage(TranslatedWidget):
    """pairs_wanted: the learner wants to practise a language's two sounds."""

    pairs_wanted = pyqtSignal(str, object)

    def __init__(self, practice: WordPractice, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._practice = practice
        self._units: tuple[UnitView, ...] = ()
        self.mouth = text_label(self, "", centred=True)
        self.units_view = UnitsView(44, 28, self)
        self.advice_box = AdviceBox(self)
        small = partial(TextButton, look="play", icon_px=30, height_px=theme.TOUCH_PX, parent=self)
        self.example_button = small("slow", act=lambda: practice.play(EXAMPLE))
        self.mine_button = small("play", act=lambda: practice.play(MINE))
        self.tries_view = TriesView(MOST_TRIES, self)
        self.meter = LevelMeter(self)
        main_px = theme.MAIN_TOUCH_PX
        self.record_button = RoundButton("record", main_px, "main", self, act=self._on_record)
        self.pairs_button = small("listen", height_px=_SIDE_PX, act=self._on_pairs)
        self.back_button = small("back", height_px=_SIDE_PX)
        self._main = stack(self, self.record_button, BusyRing(main_px, self), fixed=True)
        self._left = stack(self, self.tries_view, self.meter)
        self._lay_out()
        self.units_view.tapped.connect(lambda unit: practice.choose(unit.numbers[0]))
        practice.changed.connect(self.refresh)
        practice.moved.connect(self._show_moment)
        practice.level_changed.connect(self.meter.set_level)
        practice.level_changed.connect(self.record_button.set_level)
        self._retranslate()

    def _lay_out(self) -> None:
        voices = hbox((self.example_button, 1), (self.mine_button, 1), spacing_px=8)
        # Leaves room for the buttons that scroll a word of eleven syllables.
        right = vbox((self.units_view, 1), voices, self.advice_box, spacing_px=4)
        upper = hbox(self.mouth, (right, 1), spacing_px=16)
        ways = vbox(1, self.pairs_button, self.back_button, 1, spacing_px=8)
        lower = centred_row(
            (self._left, Qt.AlignLeft | Qt.AlignVCenter), (self._main, ANYHOW), (ways, ANYHOW)
        )
        vbox((upper, 1), lower, margins_px=(16, 0, 16, 2), spacing_px=2, parent=self)

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
            button.setEnabled(quiet and which in practice.spoken)
            button.show_playing(practice.playback.playing == which, usual)
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
            text = self.tr("Listen, then say “{word}” alone.").format(word=word.alone.text)
        elif advice.key in _NOT_THE_WORD:
            heard = self.tr("I heard something else. Say just “{word}”.")
            text = heard.format(word=word.alone.text)
        else:
            text = messages.advice_text(advice)
        form = None if advice is None else advice.form
        self.advice_box.show_advice(text, form)

    def _show_recording(self, activity: Activity) -> None:
        recording = activity is Activity.RECORDING
        self._main.setCurrentIndex(1 if activity is Activity.JUDGING else 0)
        self._left.setCurrentWidget(self.meter if recording else self.tries_view)
        if recording:
            self.meter.set_level(SILENT)
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
        """Show the mouth, and the unit being said; during silence the unit of the page."""
        practice = self._practice
        self.mouth.setPixmap(theme.picture(practice.viseme, _MOUTH_PX, "visemes"))
        place = practice.lit if practice.playback.playing else practice.place
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

    def _retranslate(self) -> None:
        self.setWindowTitle(self.tr("How to say it"))
        self.example_button.set_text(self.tr("Example"), self.tr("Play the example slowly"))
        self.mine_button.set_text(self.tr("Mine"), self.tr("Play my voice"))
        self.back_button.set_text(self.tr("Sentence"), self.tr("Back to the sentence"))
        self.mouth.setAccessibleName(self.tr("The mouth in the example"))
        self.refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        """Stop the sound when the page is left."""
        super().hideEvent(event)
        self._practice.leave()
