"""Summary of a list: what was reached, and three weak units with sentences that contain them."""

from PyQt5.QtCore import Qt
from PyQt5.QtWidgets import QHBoxLayout, QWidget

from pronounce_kiosk.core.grades import grade
from pronounce_kiosk.core.sentence import SentenceList
from pronounce_kiosk.gui import theme
from pronounce_kiosk.gui.language import TranslatedWidget
from pronounce_kiosk.gui.layouts import hbox, keep_place, stack, vbox
from pronounce_kiosk.gui.messages import sound_name
from pronounce_kiosk.gui.model import KioskModel
from pronounce_kiosk.gui.review import LearnerReview
from pronounce_kiosk.gui.widgets.buttons import Card, TextButton
from pronounce_kiosk.gui.widgets.celebration import Celebration
from pronounce_kiosk.gui.widgets.labels import FittedLabel, picture_label, text_label
from pronounce_kiosk.history.records import ListSummary, WeakUnit
from pronounce_kiosk.session.lessons import Lesson
from pronounce_kiosk.session.progress import Progress, progress_of
from pronounce_kiosk.session.states import State

_ROWS = 3
_SENTENCES = 2
_NAMED = 6
"""Maximum number of sounds named in a lesson's summary."""
_UNIT_PX = 96
_SENTENCE_PX = 60
_PICTURE_PX = 150


class SentenceButton(Card):
    """A sentence to practise again, in as many lines as fit."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, _SENTENCE_PX, "unit-card")
        self._text = FittedLabel(24, 14, bold=False, alignment=Qt.AlignLeft)
        self.fill(hbox(self._text, margins_px=(12, 2, 12, 2)))
        keep_place(self)

    def set_sentence(self, text: str, accessible_name: str) -> None:
        """Set the sentence."""
        self._text.set_text(text)
        self.setAccessibleName(accessible_name)


class SummaryScreen(TranslatedWidget):
    """State summary."""

    def __init__(self, model: KioskModel, review: LearnerReview, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = model
        self._review = review
        self._summary: ListSummary | None = None
        self._lesson: Lesson | None = None
        self._list: SentenceList | None = None
        self.title_label = FittedLabel(36, 24, alignment=Qt.AlignLeft, parent=self)
        self.stars_label = text_label(self, "body")
        star = picture_label(self, theme.pixmap("star", "star", 40), 40)
        self.advice_label = FittedLabel(24, 20, "accent-dark", alignment=Qt.AlignLeft, parent=self)
        self.unit_labels: list[FittedLabel] = []
        self.sentence_buttons: list[list[SentenceButton]] = []
        self.home_button = TextButton("home", "main", parent=self, act=model.leave)
        head = hbox((self.title_label, 1), star, self.stars_label, spacing_px=10)
        self.rows = QWidget(self)
        vbox(*map(self._row, range(_ROWS)), 1, spacing_px=6, parent=self.rows)
        self.picture = picture_label(self, theme.picture("well_done", _PICTURE_PX), _PICTURE_PX)
        centred = QWidget(self)
        QHBoxLayout(centred).addWidget(self.picture)
        self.middle = stack(self, self.rows, centred)
        vbox(
            head,
            self.advice_label,
            (self.middle, 1),
            self.home_button,
            margins_px=(20, 0, 20, 12),
            spacing_px=6,
            parent=self,
        )
        self.title_label.setFixedHeight(50)
        self.advice_label.setFixedHeight(34)
        self.celebration = Celebration(self)
        model.state_changed.connect(self.refresh)
        self._retranslate()

    def _row(self, row: int) -> QHBoxLayout:
        unit = FittedLabel(38, 18, "poor", parent=self)
        unit.setFixedWidth(_UNIT_PX)
        buttons = [SentenceButton(self) for _ in range(_SENTENCES)]
        for column, button in enumerate(buttons):
            button.clicked.connect(lambda _, column=column: self._practise(row, column))
        self.unit_labels.append(unit)
        self.sentence_buttons.append(buttons)
        return hbox(unit, *((button, 1) for button in buttons), spacing_px=10)

    def refresh(self) -> None:
        """Read the summary when the state becomes summary."""
        if self._model.state is not State.SUMMARY:
            self._summary = None
            self.celebration.hide()
            return
        sentence_list = self._model.session.sentence_list
        if self._summary is not None or sentence_list is None:
            return
        self._list = sentence_list
        self._summary = ListSummary(0, None, ())
        self._lesson = None
        self._show()
        self._review.read_list(sentence_list, self.show_summary)

    def show_summary(self, summary: ListSummary, lesson: Lesson | None) -> None:
        """Show a list's summary; lesson: None where the list is none."""
        if self._model.state is not State.SUMMARY:
            return
        self._summary = summary
        self._lesson = lesson if lesson is not None and lesson.begun else None
        self._show()
        if summary.sentences:
            self.celebration.begin()

    @property
    def weak(self) -> tuple[WeakUnit, ...]:
        """Return the weak units to show; in a lesson, the sounds that are still missing."""
        if self._lesson is not None:
            return self._lesson.missing[:_ROWS]
        return self._summary.weak[:_ROWS] if self._summary is not None else ()

    def _practise(self, row: int, column: int) -> None:
        wanted_id = self.weak[row].sentences[column].sentence_id
        ids = [] if self._list is None else [sentence.id for sentence in self._list.sentences]
        if self._list is not None and wanted_id in ids:
            self._model.choose(self._list, ids.index(wanted_id))

    def _show(self) -> None:
        summary, sentence_list = self._summary, self._list
        if summary is None or sentence_list is None:
            return
        strictness = self._model.settings.strictness
        progress = progress_of(sentence_list, self._model.history.bests, strictness)
        earned, total = progress.earned, 3 * progress.total
        self.stars_label.setText(f"{earned} / {total}")
        spoken = self.tr("{n} stars of {total}").format(n=earned, total=total)
        self.stars_label.setAccessibleName(spoken)
        self.title_label.set_text(self._title(summary, progress))
        self.advice_label.set_text(self._advice(summary))
        # Without weak units, the picture is shown.
        self.middle.setCurrentIndex(0 if self.weak else 1)
        for row, label in enumerate(self.unit_labels):
            unit = self.weak[row] if row < len(self.weak) else None
            text = unit.text if unit is not None else ""
            label.set_text(text if self._lesson is None else sound_name(text))
            held = unit.sentences if unit is not None else ()
            for column, button in enumerate(self.sentence_buttons[row]):
                button.setVisible(column < len(held))
                if column < len(held):
                    text = held[column].text
                    button.set_sentence(text, self.tr("Practise: {text}").format(text=text))

    def _title(self, summary: ListSummary, progress: Progress) -> str:
        if not summary.sentences:
            return self.tr("That was the last sentence.")
        if self._lesson is not None and self._lesson.passed:
            return self.tr("Lesson passed. Very well done!")
        if self._list is not None and self._list.origins:
            return self.tr("That was all for today. Well done!")
        if progress.done < progress.total:
            said = self.tr("Well done! {n} of {total} sentences said.")
            return said.format(n=progress.done, total=progress.total)
        if grade(summary.mean_best) == "good":
            return self.tr("You did it. Very well done!")
        return self.tr("You did it. Well done!")

    def _advice(self, summary: ListSummary) -> str:
        if not summary.sentences:
            return self.tr("Say a sentence, and you see here how it went.")
        if self._lesson is not None and self._lesson.passed:
            return self.tr("Every sound of this lesson is right.")
        if self._lesson is not None:
            names = ", ".join(sound_name(unit.text) for unit in self._lesson.missing[:_NAMED])
            more = " …" if len(self._lesson.missing) > _NAMED else ""
            return self.tr("To pass, still practise: {sounds}").format(sounds=names + more)
        if not summary.weak:
            return self.tr("No sound stands out. Try the next list!")
        return self.tr("Practise these once more:")

    def _retranslate(self) -> None:
        self.home_button.set_text(self.tr("Back to the start"))
        self._show()
