"""Minimal pairs: a menu of sounds, and the page on which words are heard and said."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt5.QtCore import Qt, pyqtSignal
from PyQt5.QtGui import QHideEvent
from PyQt5.QtWidgets import (
    QButtonGroup,
    QGridLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QStackedWidget,
    QWidget,
)

from pronounce_kiosk.gui import messages, theme
from pronounce_kiosk.gui.layouts import hbox, vbox
from pronounce_kiosk.gui.pairs import Activity, PairsModel
from pronounce_kiosk.gui.sound_names import sound_sign
from pronounce_kiosk.gui.view_models import LevelView
from pronounce_kiosk.gui.widgets.bars import BusyRing, LevelMeter
from pronounce_kiosk.gui.widgets.card_grid import CardGrid
from pronounce_kiosk.gui.widgets.fitted_label import FittedLabel
from pronounce_kiosk.gui.widgets.labels import text_label
from pronounce_kiosk.gui.widgets.round_button import RoundButton
from pronounce_kiosk.gui.widgets.translated import TranslatedWidget
from pronounce_kiosk.gui.widgets.word_card import WordCard
from pronounce_kiosk.session.pairs import (
    STREAK,
    Pair,
    PairPractice,
    Sounds,
    Step,
    confusions,
    pairs_of,
)

_LANGUAGES = ("ko", "en")
_COLUMNS = 4
_TILE_PX = 92
_SIDE_PX, _MAIN_PX = 104, 124
_STAR_PX = 40
_MIDDLE_DOT = "\N{THIN SPACE}\N{MIDDLE DOT}\N{THIN SPACE}"


class SoundsTile(QPushButton):
    """Shows two sounds: the words of their first pair, and their signs."""

    def __init__(self, pair: Pair, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.setMinimumHeight(_TILE_PX)
        self.setSizePolicy(QSizePolicy.Ignored, QSizePolicy.Minimum)
        self.setFocusPolicy(Qt.TabFocus)
        words = _MIDDLE_DOT.join(pair.words)
        self.setAccessibleName(words)
        layout = vbox(margins_px=(4, 6, 4, 6), spacing_px=0, parent=self)
        signs = _MIDDLE_DOT.join(map(sound_sign, pair.sounds))
        for text, name in ((words, "card-name"), (signs, "caption")):
            label = text_label(self, name, text, centred=True)
            # The tile handles all taps.
            label.setAttribute(Qt.WA_TransparentForMouseEvents)
            layout.addWidget(label)


class PairsMenuScreen(TranslatedWidget):
    """Shows all confusions with minimal pairs. chosen: a language and two sounds."""

    chosen = pyqtSignal(str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tiles: list[QPushButton] = []
        self._grid = CardGrid(_COLUMNS, self, spacing_px=10)
        self.language_buttons = {language: self._language_button() for language in _LANGUAGES}
        group = QButtonGroup(self)
        languages = hbox(spacing_px=10)
        for language, button in self.language_buttons.items():
            group.addButton(button)
            languages.addWidget(button, 1)
            button.clicked.connect(lambda _, language=language: self.show_language(language))
        vbox(languages, (self._grid, 1), margins_px=(16, 0, 16, 12), spacing_px=10, parent=self)
        self.show_language(_LANGUAGES[0])
        self._retranslate()

    def _language_button(self) -> QPushButton:
        button = QPushButton(self)
        button.setObjectName("reveal")
        button.setCheckable(True)
        button.setMinimumHeight(theme.TOUCH_PX)
        button.setFocusPolicy(Qt.TabFocus)
        return button

    def title(self) -> str:
        """Return the title for the top bar."""
        return self.tr("Words that sound alike")

    def show_language(self, language: str) -> None:
        """Show a language's confusions."""
        self.language_buttons[language].setChecked(True)
        for tile in self.tiles:
            tile.deleteLater()
        self.tiles = [self._tile(language, sounds) for sounds in confusions(language)]
        self._grid.set_cards(self.tiles)
        self._grid.to_top()

    def scroll_to(self, tile: QWidget) -> None:
        """Scroll until a tile is in sight."""
        self._grid.scroll_to(tile)

    def _tile(self, language: str, sounds: Sounds) -> QPushButton:
        tile = SoundsTile(pairs_of(language, sounds)[0], self)
        tile.clicked.connect(lambda: self.chosen.emit(language, sounds))
        return tile

    def _retranslate(self) -> None:
        for language, button in self.language_buttons.items():
            button.setText(messages.language_name(language))
            button.setAccessibleName(button.text())


class PairsScreen(TranslatedWidget):
    """Shows two words to distinguish, then to say; after three correct rounds the next pair."""

    def __init__(self, pairs: PairsModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pairs = pairs
        self.hint_label = FittedLabel(28, 18, "ink", parent=self)
        self.hint_label.setFixedHeight(52)
        self.cards = (WordCard(self), WordCard(self))
        for number, card in enumerate(self.cards):
            card.clicked.connect(lambda _, number=number: pairs.tap(number))
        self.listen_button = RoundButton("listen", _SIDE_PX, parent=self, act=pairs.listen)
        self.main_button = RoundButton("record", _MAIN_PX, "main", self, act=self._on_main)
        self.skip_button = RoundButton("next", _SIDE_PX, parent=self, act=pairs.skip)
        self.meter = LevelMeter(self)
        self.meter.setFixedHeight(20)
        self.stars = [QLabel(self) for _ in range(STREAK)]
        self._main = QStackedWidget(self)
        self._main.setSizePolicy(QSizePolicy.Fixed, QSizePolicy.Fixed)
        self._main.addWidget(self.main_button)
        self._main.addWidget(BusyRing(_MAIN_PX, self))
        self._lay_out()
        pairs.changed.connect(self.refresh)
        pairs.level_changed.connect(self._on_level)
        self.refresh()

    def _lay_out(self) -> None:
        for widget in (self.meter, self.listen_button):
            policy = widget.sizePolicy()
            policy.setRetainSizeWhenHidden(True)
            widget.setSizePolicy(policy)
        stars = hbox(spacing_px=6)
        for star in self.stars:
            star.setFixedSize(_STAR_PX, _STAR_PX)
            stars.addWidget(star)
        head = hbox((self.hint_label, 1), stars)
        cards = hbox(spacing_px=16)
        for card in self.cards:
            cards.addWidget(card, 1)
        buttons = QGridLayout()
        buttons.setContentsMargins(24, 0, 24, 0)
        buttons.addWidget(self.listen_button, 0, 0, Qt.AlignLeft | Qt.AlignBottom)
        buttons.addWidget(self._main, 0, 1, Qt.AlignBottom)
        buttons.addWidget(self.skip_button, 0, 2, Qt.AlignRight | Qt.AlignBottom)
        buttons.setColumnStretch(0, 1)
        buttons.setColumnStretch(2, 1)
        vbox(
            head,
            (cards, 1),
            self.meter,
            buttons,
            margins_px=(16, 0, 16, 8),
            spacing_px=6,
            parent=self,
        )

    def title(self) -> str:
        """Return the title for the top bar."""
        practice = self._pairs.practice
        return "" if practice is None else _MIDDLE_DOT.join(practice.pair.words)

    def refresh(self) -> None:
        """Show the model."""
        practice, activity = self._pairs.practice, self._pairs.activity
        if practice is None:
            return
        for card, word, look in zip(self.cards, practice.pair.words, self._looks(), strict=True):
            card.set_word(word, look)
        for number, star in enumerate(self.stars):
            colour = "star" if number < practice.streak else "line"
            star.setPixmap(theme.pixmap("star", colour, _STAR_PX))
            star.setAccessibleName(f"{practice.streak} / {STREAK}")
        recording = activity is Activity.RECORDING
        self.meter.setVisible(recording)
        if recording:
            self.meter.set_level(0.0, "good")
        self._show_main(practice, activity)
        self.listen_button.set_face("listen", "plain", self.tr("Listen"))
        quiet = activity is Activity.NONE and practice.hearable
        self.listen_button.setVisible(quiet and practice.step not in (Step.CHOOSE, Step.RIGHT))
        self.skip_button.set_face("next", "plain", self.tr("Others"))
        self.hint_label.set_text(self._hint(practice, activity))

    def _show_main(self, practice: PairPractice, activity: Activity) -> None:
        busy = activity in (Activity.PREPARING, Activity.JUDGING)
        self._main.setCurrentIndex(1 if busy else 0)
        self.main_button.setEnabled(practice.step is not Step.RIGHT)
        if activity is Activity.RECORDING:
            self.main_button.set_face("stop", "stop", self.tr("Done"))
        elif practice.step is Step.CHOOSE:
            self.main_button.set_face("listen", "main", self.tr("Listen"))
        elif practice.step is Step.MISHEARD:
            self.main_button.set_face("again", "main", self.tr("Again"))
        else:
            self.main_button.set_face("record", "main", self.tr("Speak"))

    def _looks(self) -> Sequence[str]:
        """Return the looks of both cards."""
        practice, playing = self._pairs.practice, self._pairs.playing
        assert practice is not None
        target, looks = practice.target, ["", ""]
        if self._pairs.activity is Activity.PREPARING:
            return looks
        if practice.step is Step.MISHEARD:
            looks[target], looks[1 - target] = "good", "poor"
        elif practice.step is Step.RIGHT:
            looks[target], looks[1 - target] = "good", "dim"
        elif practice.step is Step.MISSAID:
            looks[target], looks[1 - target] = "target", "poor"
        elif practice.step is not Step.CHOOSE:
            looks[target], looks[1 - target] = "target", "dim"
        # While choosing, it would reveal the answer.
        if playing is not None and practice.step is not Step.CHOOSE:
            looks[playing] = "playing"
        return looks

    def _hint(self, practice: PairPractice, activity: Activity) -> str:
        target = practice.pair.words[practice.target]
        other = practice.pair.words[1 - practice.target]
        if activity is Activity.PREPARING:
            return messages.stage_text("reference")
        if activity is Activity.RECORDING:
            return self.tr("Say “{word}”.").replace("{word}", target)
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
        return text.replace("{word}", target).replace("{other}", other)

    def _on_main(self) -> None:
        practice = self._pairs.practice
        if practice is None:
            return
        if self._pairs.activity is Activity.RECORDING:
            self._pairs.stop()
        elif practice.step is Step.CHOOSE:
            self._pairs.listen()
        elif practice.step is Step.MISHEARD:
            self._pairs.again()
        else:
            self._pairs.record()

    def _on_level(self, level: LevelView) -> None:
        self.meter.set_level(level.level, level.tone)
        self.main_button.set_level(level.level)

    def hideEvent(self, event: QHideEvent) -> None:
        """Stop the sound when the page is left."""
        super().hideEvent(event)
        self._pairs.leave()

    def _retranslate(self) -> None:
        self.refresh()
