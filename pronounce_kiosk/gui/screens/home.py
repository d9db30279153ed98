"""Home: the sentence lists as cards, each with its level and the learner's progress."""

from collections.abc import Callable, Mapping, Sequence

from PyQt5.QtCore import Qt, pyqtSignal
from PyQt5.QtWidgets import QWidget

from pronounce_kiosk.core.sentence import SentenceList
from pronounce_kiosk.gui import messages, theme
from pronounce_kiosk.gui.language import TranslatedWidget, localised
from pronounce_kiosk.gui.layouts import hbox, vbox
from pronounce_kiosk.gui.messages import sound_name, sound_sign
from pronounce_kiosk.gui.widgets.bars import LevelDots, ProgressLine
from pronounce_kiosk.gui.widgets.buttons import Card
from pronounce_kiosk.gui.widgets.labels import (
    LOWER_LEFT,
    UPPER_LEFT,
    FittedLabel,
    picture_label,
    text_label,
)
from pronounce_kiosk.gui.widgets.scrolling import CardGrid
from pronounce_kiosk.session.lessons import Lesson
from pronounce_kiosk.session.progress import Progress

_COLUMNS = 3
_PICTURE_PX, _HOME_PICTURE_PX = 60, 76
_GLYPH_PX = 44
_FOOT_PX = 30
_PASSED_PX = 26
_MOST_SIGNS = 3
"""Maximum number of a lesson's sounds on its card."""
_GLYPHS = {"ko": "가", "en": "Aa"}


class ListCard(Card):
    """Shows a list's picture, name, language, level, number of sentences and progress."""

    def __init__(self, sentence_list: SentenceList, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sentence_list = sentence_list
        language = sentence_list.language
        # A teacher's lists have a notebook.
        drawn = theme.picture(sentence_list.id, _PICTURE_PX, "lists", "own")
        picture = picture_label(self, drawn, _PICTURE_PX)
        glyph = _GLYPHS.get(language, language.capitalize())
        self._glyph = text_label(self, "glyph", glyph, centred=True)
        self._glyph.setFixedSize(_GLYPH_PX, _FOOT_PX)
        level = LevelDots(sentence_list.level, self)
        self._lesson: Lesson | None = None
        self._passed = picture_label(self, theme.pixmap("check", "good", _PASSED_PX), _PASSED_PX)
        self._passed.hide()
        self._count = text_label(self, "caption")
        self._name = FittedLabel(22, 17, alignment=Qt.AlignLeft, parent=self)
        self.progress = ProgressLine(self)
        head = hbox(picture, (self._name, 1), spacing_px=10)
        foot = hbox(self._glyph, level, 0, self._passed, self._count, spacing_px=6)
        self.fill(vbox((head, 1), foot, self.progress, margins_px=(12, 10, 14, 5), spacing_px=2))

    def set_progress(self, progress: Progress) -> None:
        """Set the learner's progress in the list."""
        self.progress.set_progress(progress)
        self.retranslate()

    def set_lesson(self, lesson: Lesson | None) -> None:
        """Set the learner's results in the lesson; None where the list is no lesson."""
        self._lesson = lesson
        self.retranslate()

    def retranslate(self) -> None:
        """Set the texts in the interface's language."""
        name = localised(self.sentence_list.name)
        count = len(self.sentence_list.sentences)
        done = self.progress.progress.done
        self._count.setText(f"{done}/{count}" if done else str(count))
        self._name.set_text(name)
        level = self.sentence_list.level
        sentences = self.tr("1 sentence") if count == 1 else self.tr("{n} sentences")
        spoken = (
            name,
            messages.language_name(self.sentence_list.language),
            self.tr("level {level}").format(level=level) if level else "",
            sentences.format(n=count),
            self.tr("{n} done").format(n=done) if done else "",
            self._show_lesson(),
        )
        self.setAccessibleName(", ".join(filter(None, spoken)))

    def _show_lesson(self) -> str:
        """Show in place of the count whether the lesson is passed; return the accessible text."""
        lesson = self._lesson if self._lesson is not None and self._lesson.begun else None
        self._glyph.setVisible(lesson is None)
        self._passed.setVisible(lesson is not None and lesson.passed)
        if lesson is None:
            return ""
        if lesson.passed:
            self._count.setText(self.tr("passed"))
            return self._count.text()
        signs = " ".join(sound_sign(unit.text) for unit in lesson.missing[:_MOST_SIGNS])
        more = "…" if len(lesson.missing) > _MOST_SIGNS else ""
        still = self.tr("still {sounds}")
        self._count.setText(still.format(sounds=signs + more))
        return still.format(sounds=", ".join(sound_name(unit.text) for unit in lesson.missing))


class HomeCard(Card):
    """A card of the home screen that is no list: a picture, a name and a line below it."""

    def __init__(self, picture: str, parent: QWidget | None = None) -> None:
        super().__init__(parent, look="own-card")
        face = picture_label(self, theme.picture(picture, _HOME_PICTURE_PX), _HOME_PICTURE_PX)
        self._name = FittedLabel(24, 17, "accent-dark", alignment=LOWER_LEFT)
        self._line = FittedLabel(20, 16, "accent-dark", False, UPPER_LEFT)
        texts = vbox((self._name, 3), (self._line, 2), spacing_px=2)
        self.fill(hbox(face, (texts, 1), margins_px=(12, 10, 10, 10), spacing_px=10))

    def set_text(self, name: str, line: str) -> None:
        """Set the texts."""
        self._name.set_text(name)
        self._line.set_text(line)
        self.setAccessibleName(f"{name}, {line}")


class HomeScreen(TranslatedWidget):
    """Shows lists, minimal pairs and, for a learner with a profile, their own cards.

    chosen: the list that was tapped.
    """

    chosen = pyqtSignal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.cards: list[ListCard] = []
        self._due = 0
        self._has_profile = False
        self.today_card = HomeCard("today", self)
        self.progress_card = HomeCard("progress", self)
        self.pairs_card = HomeCard("pairs", self)
        self.grid = CardGrid(_COLUMNS, self)
        vbox(self.grid, margins_px=(16, 4, 16, 12), parent=self)

    def set_lists(self, lists: Sequence[SentenceList]) -> None:
        """Show these lists."""
        for card in self.cards:
            card.deleteLater()
        self.cards = [self._card(sentence_list) for sentence_list in lists]
        self._arrange()
        self._retranslate()

    def _card(self, sentence_list: SentenceList) -> ListCard:
        card = ListCard(sentence_list, self)
        card.clicked.connect(lambda: self.chosen.emit(sentence_list))
        return card

    def set_own(self, has_profile: bool, due: int) -> None:
        """Show or hide the learner's own cards. due: number of today's ten sentences."""
        self._has_profile, self._due = has_profile, due
        # It stays visible where nothing is due, so that no other card moves.
        self.today_card.setEnabled(due > 0)
        self.today_card.setVisible(has_profile)
        self.progress_card.setVisible(has_profile)
        self._arrange()
        self._retranslate()

    def set_lessons(self, lessons: Mapping[str, Lesson]) -> None:
        """Set the learner's results in each lesson, by its list's id."""
        for card in self.cards:
            card.set_lesson(lessons.get(card.sentence_list.id))

    def _arrange(self) -> None:
        """Order the cards: a learner's own first; a guest begins with a list."""
        if self._has_profile:
            own = (self.today_card, self.progress_card, self.pairs_card)
            self.grid.set_cards((*own, *self.cards))
        else:
            self.grid.set_cards((*self.cards, self.pairs_card))

    def set_progress(self, progress_of: Callable[[SentenceList], Progress]) -> None:
        """Set the learner's progress in each list."""
        for card in self.cards:
            card.set_progress(progress_of(card.sentence_list))

    def _retranslate(self) -> None:
        self.setWindowTitle(self.tr("What shall we practise?"))
        for card in self.cards:
            card.retranslate()
        due = self.tr("{n} sentences").format(n=self._due)
        if self._due < 2:
            due = self.tr("1 sentence") if self._due else self.tr("nothing to repeat")
        self.today_card.set_text(self.tr("Today's ten"), due)
        self.pairs_card.set_text(self.tr("Sounds alike"), self.tr("Hear and say which is which"))
        self.progress_card.set_text(self.tr("My progress"), self.tr("Watch your sounds grow"))
