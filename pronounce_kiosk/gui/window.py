"""`KioskWindow`: the top bar and the screens; which screen is shown follows the session's state."""

from __future__ import annotations

from collections.abc import Callable

from PyQt5.QtCore import QEvent, Qt, pyqtSignal
from PyQt5.QtGui import QPaintEvent
from PyQt5.QtWidgets import QAbstractButton, QShortcut, QStackedWidget, QVBoxLayout, QWidget

from pronounce_kiosk.core.sentence import Sentence, SentenceList
from pronounce_kiosk.gui import theme
from pronounce_kiosk.gui.language import Language
from pronounce_kiosk.gui.localised import localised
from pronounce_kiosk.gui.model import KioskModel
from pronounce_kiosk.gui.screens.failsafe import FailsafeScreen
from pronounce_kiosk.gui.screens.home import HomeScreen
from pronounce_kiosk.gui.screens.not_scored import NotScoredScreen
from pronounce_kiosk.gui.screens.practice import PracticeScreen
from pronounce_kiosk.gui.screens.result import ResultScreen
from pronounce_kiosk.gui.screens.sentences import SentencesScreen
from pronounce_kiosk.gui.widgets.top_bar import TopBar
from pronounce_kiosk.session.states import State

WIDTH_PX, HEIGHT_PX = 800, 480


class KioskWindow(QWidget):
    """pronounce: how a sentence is said, "" where that is not shown."""

    first_painted = pyqtSignal()

    def __init__(
        self,
        model: KioskModel,
        language: Language,
        pronounce: Callable[[Sentence], str] = lambda sentence: sentence.pronunciation,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("window")
        self._model = model
        self._language = language
        self._pronounce = pronounce
        self._painted = False
        self._list: SentenceList | None = None
        self._shown: Sentence | None = None
        self._state = model.state
        self.top_bar = TopBar(self)
        self.home = HomeScreen(self)
        self.sentences = SentencesScreen(self)
        self.practice = PracticeScreen(model, self)
        self.result = ResultScreen(model, self)
        self.not_scored = NotScoredScreen(model, self)
        self.failsafe = FailsafeScreen(model, self)
        self.stack = QStackedWidget(self)
        for screen in (
            self.home,
            self.sentences,
            self.practice,
            self.result,
            self.not_scored,
            self.failsafe,
        ):
            self.stack.addWidget(screen)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.top_bar)
        layout.addWidget(self.stack, 1)
        self.resize(WIDTH_PX, HEIGHT_PX)
        self.home.set_lists(model.lists, language.current)
        self.home.chosen.connect(self.open_list)
        self.sentences.chosen.connect(self._choose)
        self.top_bar.back.connect(self.back)
        self.top_bar.language_wanted.connect(language.switch)
        model.state_changed.connect(self._follow)
        model.notice_changed.connect(self.top_bar.set_notice)
        language.changed.connect(self.home.set_language)
        self.top_bar.set_other_language(language.other)
        # Qt moves the focus by itself whenever a focused button hides, so only the key tells.
        QShortcut(Qt.Key_Tab, self, lambda: self._on_tab(True))
        QShortcut(Qt.Key_Backtab, self, lambda: self._on_tab(False))
        self._show(self.home)

    @property
    def language(self) -> str:
        """The interface's language."""
        return self._language.current

    def open_list(self, sentence_list: SentenceList) -> None:
        """Show a list's sentences."""
        self._list = sentence_list
        self.sentences.show_list(sentence_list)
        self._show(self.sentences)

    def back(self) -> None:
        """One step towards home."""
        if self._model.state is State.CHOOSE:
            self._list = None
            self._show(self.home)
            return
        self._model.leave()
        if self._list is not None:
            self.open_list(self._list)

    def _choose(self, row: int) -> None:
        if self._list is not None:
            self._model.choose(self._list, row)

    def _follow(self) -> None:
        state, sentence = self._model.state, self._model.sentence
        if sentence is not None and sentence is not self._shown:
            self._shown = sentence
            self.practice.show_sentence(sentence, self._pronounce(sentence))
        screens: dict[State, QWidget] = {
            State.CHOOSE: self.home,
            State.RESULT: self.result,
            State.NOT_SCORED: self.not_scored,
            State.FAILSAFE: self.failsafe,
        }
        # In the waiting state the screens home and sentences are the window's own business.
        if state is not State.CHOOSE or self._state is not State.CHOOSE:
            self._show(screens.get(state, self.practice))
        self._state = state

    def _show(self, screen: QWidget) -> None:
        self.stack.setCurrentWidget(screen)
        self._name_screen()

    def _name_screen(self) -> None:
        screen = self.stack.currentWidget()
        if screen is self.home:
            self.top_bar.set_title(self.home.title(), has_back=False)
            return
        if screen is self.failsafe:
            self.top_bar.set_title("", has_back=False)
            return
        sentence_list = self._list
        name = ""
        if sentence_list is not None:
            name = localised(sentence_list.name, self._language.current)
            if screen is not self.sentences:
                name += f"  ·  {self._model.session.index + 1} / {len(sentence_list.sentences)}"
        self.top_bar.set_title(name, has_back=True)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Tell once when there is something to see: heavy loading waits for that."""
        super().paintEvent(event)
        if not self._painted:
            self._painted = True
            self.first_painted.emit()

    def _on_tab(self, forward: bool) -> None:
        """Tab was pressed: from now on the focus is shown. Fingers never see it."""
        if not self.property("keyboard"):
            self.setProperty("keyboard", True)
            for widget in (self, *self.findChildren(QAbstractButton)):
                theme.repolish(widget)
        self.focusNextPrevChild(forward)

    def changeEvent(self, event: QEvent) -> None:
        """Another language."""
        if event.type() == QEvent.LanguageChange:
            self.top_bar.set_other_language(self._language.other)
            self._name_screen()
        super().changeEvent(event)
