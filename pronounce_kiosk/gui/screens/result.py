"""The result: score, aspects, earlier attempts, the sentence with its units marked, advice."""

from collections.abc import Callable

from PyQt5.QtCore import QSize, Qt, pyqtSignal
from PyQt5.QtWidgets import QToolButton, QWidget

from pronounce_kiosk.core.grades import grade, shown
from pronounce_kiosk.gui import messages, theme
from pronounce_kiosk.gui.language import TranslatedWidget
from pronounce_kiosk.gui.layouts import hbox, vbox
from pronounce_kiosk.gui.model import VOICES, KioskModel
from pronounce_kiosk.gui.view_models import ResultView, UnitView
from pronounce_kiosk.gui.widgets.advice_box import AdviceBox
from pronounce_kiosk.gui.widgets.attempts import Legend, PastView
from pronounce_kiosk.gui.widgets.bars import AspectBar, ScoreRing
from pronounce_kiosk.gui.widgets.buttons import TextButton
from pronounce_kiosk.gui.widgets.units_view import UnitsView
from pronounce_kiosk.history.preferences import LEGEND_SEEN
from pronounce_kiosk.session.naming import PLACE_KEYS
from pronounce_kiosk.session.states import State

MOST_STARS = 3
_LEFT_PX = 212
_HOW_TALL_PX, _HOW_FLAT_PX = 92, 144
_HOW_ICON_PX = 34
_ASPECTS = ("accuracy", "fluency", "prosody")


class ResultScreen(TranslatedWidget):
    """State result.

    look_wanted: the learner wants to see the voices. sound_wanted: the learner wants to practise
    a unit, given by its index in the score.
    """

    look_wanted = pyqtSignal()
    sound_wanted = pyqtSignal(int)

    def __init__(self, model: KioskModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._result: ResultView | None = None
        self._touched: UnitView | None = None
        """The unit that was tapped last; a second tap opens its page."""
        self.ring = ScoreRing(self)
        self.aspect_bars = {name: AspectBar(self) for name in _ASPECTS}
        self.units_view = UnitsView(44, 28, self)
        self.advice_box = AdviceBox(self)
        self.how_button = QToolButton(self)
        self.how_button.setObjectName("how")
        self.how_button.setIcon(theme.icon("mouth", "accent"))
        self.how_button.setIconSize(QSize(_HOW_ICON_PX, _HOW_ICON_PX))
        self.how_button.setFocusPolicy(Qt.TabFocus)
        self.how_button.clicked.connect(self._on_how)
        self.past_view = PastView(self)
        self.reference_button = self._play_button("play", lambda: model.play("reference"))
        self.take_button = self._play_button("play", lambda: model.play("take"))
        self.both_button = self._play_button("both", lambda: model.play(*VOICES))
        self.look_button = self._play_button("look", self.look_wanted.emit)
        self.legend = Legend(self)
        self.legend.hide()
        self.legend_button = self._play_button(
            "help", lambda: self._show_legend(self.legend.isHidden())
        )
        self.legend_button.setFixedWidth(theme.TOUCH_PX + 8)
        self.legend_button.setCheckable(True)
        self.again_button = TextButton("again", "main", parent=self, act=model.record)
        self.next_button = TextButton("next", parent=self, act=model.next)
        self.units_view.tapped.connect(self._on_unit)
        self._lay_out()
        model.state_changed.connect(self.refresh)
        model.playback.changed.connect(lambda _: self._on_playing())
        model.closer_changed.connect(self._show_look)
        self.refresh()

    def _lay_out(self) -> None:
        bars = tuple(self.aspect_bars.values())
        for bar in bars:
            bar.setFixedWidth(_LEFT_PX)
        ring = (self.ring, 0, Qt.AlignHCenter)
        left = vbox(1, ring, 1, *bars, 1, self.past_view, spacing_px=3)
        sounds = (self.reference_button, self.take_button, self.both_button, self.look_button)
        right = vbox(
            (self.units_view, 1),
            self.legend,
            hbox((self.advice_box, 1), self.how_button, spacing_px=8),
            hbox(*((button, 1) for button in sounds), self.legend_button, spacing_px=8),
            hbox((self.again_button, 1), (self.next_button, 1), spacing_px=12),
            spacing_px=5,
        )
        hbox(left, (right, 1), margins_px=(16, 0, 16, 8), spacing_px=20, parent=self)

    def _play_button(self, icon: str, act: Callable[[], None]) -> TextButton:
        return TextButton(icon, "play", 24, theme.TOUCH_PX, self, act)

    def refresh(self) -> None:
        """Show the model's result."""
        self._show_texts()
        result = self._model.result
        if self._model.state is not State.RESULT or result is None:
            return
        if self._result is not result:
            self._result = result
            self._touched = None
            self._offer_legend()
        self.ring.set_score(result.score, result.stars)
        score_text = self.tr("Score {score} of 100").format(score=result.score)
        self.ring.setAccessibleName(score_text)
        for name, bar in self.aspect_bars.items():
            points: float | None = getattr(result.scored.score, name)
            bar.setVisible(points is not None)
            if points is not None:
                bar.set_aspect(messages.aspect_name(name), shown(points), grade(points))
        self.units_view.set_units(result.units, result.sentence.text)
        advice = result.advice
        told = messages.advice_text(advice)
        # Advice on forming a sound is shown without a note on loudness.
        notes = (
            [] if advice.form else [messages.note_text(one) for one in result.scored.score.notes]
        )
        self.advice_box.show_advice(" ".join((told, *notes)), advice.form)
        # Advice on a missing word or a pause is not about forming a sound.
        self.how_button.setVisible(advice.unit is not None and advice.key not in PLACE_KEYS)
        style, width_px = Qt.ToolButtonTextBesideIcon, _HOW_FLAT_PX
        if advice.form is not None:
            style, width_px = Qt.ToolButtonTextUnderIcon, _HOW_TALL_PX
        self.how_button.setToolButtonStyle(style)
        self.how_button.setFixedSize(width_px, self.advice_box.height())
        self.past_view.set_past(self._model.past)
        # After three stars, "Next" is the main button.
        done = result.stars == MOST_STARS
        self.again_button.set_look("" if done else "main")
        self.next_button.set_look("main" if done else "")
        self._show_look()

    _retranslate = refresh

    def _on_unit(self, unit: UnitView) -> None:
        """Play a unit; touched again, it opens its page."""
        if unit is not self._touched:
            self._touched = unit
            self._model.play_unit(unit)
            return
        self._touched = None
        scores = self._result.scored.score.units if self._result is not None else ()
        # Of a written number, the syllable that needs it most.
        worst = min(unit.numbers, key=lambda number: scores[number].score or 0.0)
        self.sound_wanted.emit(worst)

    def _on_how(self) -> None:
        result = self._result
        if result is not None and result.advice.unit is not None:
            self.sound_wanted.emit(result.advice.unit)

    def _offer_legend(self) -> None:
        """Show what the signs mean with a learner's first result; later it comes on demand."""
        history = self._model.history
        seen = LEGEND_SEEN in history.preferences
        self._show_legend(not seen)
        if not seen:
            history.prefer(LEGEND_SEEN, "yes")

    def _show_legend(self, on: bool) -> None:
        self.legend.setVisible(on)
        self.legend_button.setChecked(on)

    def _show_look(self) -> None:
        self.look_button.setEnabled(self._model.closer is not None)

    def _on_playing(self) -> None:
        playback = self._model.playback
        self.reference_button.show_playing(playback.alone == "reference", "play")
        self.take_button.show_playing(playback.alone == "take", "play")
        self.both_button.show_playing(playback.in_turn, "both")
        self.units_view.mark(playback.unit)

    def _show_texts(self) -> None:
        self.reference_button.set_text(self.tr("Example"), self.tr("Play the example"))
        self.take_button.set_text(self.tr("Mine"), self.tr("Play my voice"))
        self.both_button.set_text(self.tr("Both"), self.tr("Play the example, then my voice"))
        self.look_button.set_text(self.tr("Look"), self.tr("Look at both voices"))
        self.legend_button.set_text("", self.tr("What the signs mean"))
        self.how_button.setText(self.tr("Practise"))
        self.how_button.setAccessibleName(self.tr("How to say it"))
        self.again_button.set_text(self.tr("Again"))
        self.next_button.set_text(self.tr("Next"))
