"""Minimal pairs: a menu of sounds, and the page on which words are heard and said."""

from collections.abc import Callable

from PyQt5.QtCore import Qt, pyqtSignal
from PyQt5.QtGui import QHideEvent
from PyQt5.QtWidgets import QButtonGroup, QWidget

from pronounce_kiosk.gui import messages, theme
from pronounce_kiosk.gui.language import LANGUAGES, TranslatedWidget
from pronounce_kiosk.gui.layouts import centred_row, hbox, keep_place, stack, vbox
from pronounce_kiosk.gui.messages import sound_sign
from pronounce_kiosk.gui.pairs import PairsModel
from pronounce_kiosk.gui.practice_base import Activity
from pronounce_kiosk.gui.view_models import SILENT
from pronounce_kiosk.gui.widgets.bars import BusyRing, LevelMeter
from pronounce_kiosk.gui.widgets.buttons import Card, RoundButton, TextButton, WordCard
from pronounce_kiosk.gui.widgets.labels import FittedLabel, picture_label, text_label
from pronounce_kiosk.gui.widgets.scrolling import CardGrid
from pronounce_kiosk.session.pairs import STREAK, PairPractice, Sounds, Step, confusions, pairs_of

_COLUMNS = 4
_TILE_PX = 92
_SIDE_PX, _MAIN_PX = 104, 124
_STAR_PX = 40
_DOT = "\N{THIN SPACE}\N{MIDDLE DOT}\N{THIN SPACE}"


class PairsMenuScreen(TranslatedWidget):
    """Shows all confusions with minimal pairs. chosen: a language and two sounds."""

    chosen = pyqtSignal(str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tiles: list[Card] = []
        self.grid = CardGrid(_COLUMNS, self, spacing_px=10)
        self.language_buttons: dict[str, TextButton] = {}
        group = QButtonGroup(self)
        for language in LANGUAGES:
            button = TextButton("", "reveal", height_px=theme.TOUCH_PX, parent=self)
            button.setCheckable(True)
            button.clicked.connect(lambda _, language=language: self.show_language(language))
            group.addButton(button)
            self.language_buttons[language] = button
        languages = hbox(*((one, 1) for one in self.language_buttons.values()), spacing_px=10)
        vbox(languages, (self.grid, 1), margins_px=(16, 0, 16, 12), spacing_px=10, parent=self)
        self.show_language(LANGUAGES[0])
        self._retranslate()

    def show_language(self, language: str) -> None:
        """Show a language's confusions."""
        self.language_buttons[language].setChecked(True)
        for tile in self.tiles:
            tile.deleteLater()
        self.tiles = [self._tile(language, sounds) for sounds in confusions(language)]
        self.grid.set_cards(self.tiles)
        self.grid.to_top()

    def _tile(self, language: str, sounds: Sounds) -> Card:
        """Create a card with the words of the sounds' first pair, and their signs."""
        pair = pairs_of(language, sounds)[0]
        words, signs = _DOT.join(pair.words), _DOT.join(map(sound_sign, pair.sounds))
        tile = Card(self, _TILE_PX)
        tile.setAccessibleName(words)
        words_label = text_label(tile, "card-name", words, centred=True)
        signs_label = text_label(tile, "caption", signs, centred=True)
        tile.fill(vbox(words_label, signs_label, margins_px=(4, 6, 4, 6), spacing_px=0))
        tile.clicked.connect(lambda: self.chosen.emit(language, sounds))
        return tile

    def _retranslate(self) -> None:
        self.setWindowTitle(self.tr("Words that sound alike"))
        for language, button in self.language_buttons.items():
            button.set_text(messages.language_name(language))


_LOOKS = {
    Step.CHOOSE: ("", ""),
    Step.MISHEARD: ("good", "poor"),
    Step.SAY: ("target", "dim"),
    Step.UNHEARD: ("target", "dim"),
    Step.MISSAID: ("target", "poor"),
    Step.RIGHT: ("good", "dim"),
}
"""Looks of the target's card and of the other."""


class PairsScreen(TranslatedWidget):
    """Shows two words to distinguish, then to say; after three correct rounds the next pair."""

    def __init__(self, pairs: PairsModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pairs = pairs
        self._main_act: Callable[[], None] = pairs.record
        self.hint_label = FittedLabel(28, 18, "ink", parent=self)
        self.hint_label.setFixedHeight(52)
        self.cards = (WordCard(self), WordCard(self))
        for number, card in enumerate(self.cards):
            card.clicked.connect(lambda _, number=number: pairs.tap(number))
        self.listen_button = RoundButton("listen", _SIDE_PX, parent=self, act=pairs.listen)
        self.main_button = RoundButton("record", _MAIN_PX, "main", self, lambda: self._main_act())
        self.skip_button = RoundButton("next", _SIDE_PX, parent=self, act=pairs.skip)
        self.meter = LevelMeter(self)
        self.meter.setFixedHeight(20)
        self.stars = [picture_label(self, None, _STAR_PX) for _ in range(STREAK)]
        self._main = stack(self, self.main_button, BusyRing(_MAIN_PX, self), fixed=True)
        keep_place(self.meter, self.listen_button)
        buttons = centred_row(
            (self.listen_button, Qt.AlignLeft | Qt.AlignBottom),
            (self._main, Qt.AlignBottom),
            (self.skip_button, Qt.AlignRight | Qt.AlignBottom),
            margins_px=(24, 0, 24, 0),
        )
        vbox(
            hbox((self.hint_label, 1), hbox(*self.stars, spacing_px=6)),
            (hbox(*((card, 1) for card in self.cards), spacing_px=16), 1),
            self.meter,
            buttons,
            margins_px=(16, 0, 16, 8),
            spacing_px=6,
            parent=self,
        )
        pairs.changed.connect(self.refresh)
        pairs.level_changed.connect(self.meter.set_level)
        pairs.level_changed.connect(self.main_button.set_level)
        self.refresh()

    def refresh(self) -> None:
        """Show the model."""
        practice, activity = self._pairs.practice, self._pairs.activity
        if practice is None:
            return
        self.setWindowTitle(_DOT.join(practice.pair.words))
        self._show_cards(practice)
        for number, star in enumerate(self.stars):
            colour = "star" if number < practice.streak else "line"
            star.setPixmap(theme.pixmap("star", colour, _STAR_PX))
            star.setAccessibleName(f"{practice.streak} / {STREAK}")
        recording = activity is Activity.RECORDING
        self.meter.setVisible(recording)
        if recording:
            self.meter.set_level(SILENT)
        busy = activity in (Activity.PREPARING, Activity.JUDGING)
        self._main.setCurrentIndex(1 if busy else 0)
        self.main_button.setEnabled(practice.step is not Step.RIGHT)
        icon, look, text, self._main_act = self._main_face(practice)
        self.main_button.set_face(icon, look, text)
        self.listen_button.set_face("listen", "plain", self.tr("Listen"))
        quiet = activity is Activity.NONE and practice.hearable
        self.listen_button.setVisible(quiet and practice.step not in (Step.CHOOSE, Step.RIGHT))
        self.skip_button.set_face("next", "plain", self.tr("Others"))
        self.hint_label.set_text(self._hint(practice, activity))

    _retranslate = refresh

    def _main_face(self, practice: PairPractice) -> tuple[str, str, str, Callable[[], None]]:
        """Return the main button's icon, look, text and action."""
        if self._pairs.activity is Activity.RECORDING:
            return "stop", "stop", self.tr("Done"), self._pairs.stop
        if practice.step is Step.CHOOSE:
            return "listen", "main", self.tr("Listen"), self._pairs.listen
        if practice.step is Step.MISHEARD:
            return "again", "main", self.tr("Again"), self._pairs.again
        return "record", "main", self.tr("Speak"), self._pairs.record

    def _show_cards(self, practice: PairPractice) -> None:
        looks, words, playing = ["", ""], practice.pair.words, self._pairs.playback.playing
        if self._pairs.activity is not Activity.PREPARING:
            looks[practice.target], looks[1 - practice.target] = _LOOKS[practice.step]
            # While choosing, it would reveal the answer.
            if playing and practice.step is not Step.CHOOSE:
                looks[words.index(playing)] = "playing"
        for card, word, look in zip(self.cards, words, looks, strict=True):
            card.set_word(word, look)

    def _hint(self, practice: PairPractice, activity: Activity) -> str:
        target = practice.pair.words[practice.target]
        other = practice.pair.words[1 - practice.target]
        if activity is Activity.PREPARING:
            return messages.stage_text("reference")
        if activity is Activity.JUDGING:
            return messages.stage_text("score")
        text = {
            Step.CHOOSE: self.tr("Which one do you hear? Tap it."),
            Step.MISHEARD: self.tr("That was “{word}”. Listen to both."),
            Step.SAY: self.tr("Now you: say “{word}”."),
            Step.UNHEARD: self.tr("I did not hear you. Say “{word}” again."),
            Step.MISSAID: self.tr("I heard “{other}”. Say “{word}” again."),
            Step.RIGHT: self.tr("Right! I heard “{word}”."),
        }[practice.step]
        if activity is Activity.RECORDING:
            text = self.tr("Say “{word}”.")
        return text.format(word=target, other=other)

    def hideEvent(self, event: QHideEvent) -> None:
        """Stop the sound when the page is left."""
        super().hideEvent(event)
        self._pairs.leave()
