"""`KioskWindow`: the top bar and the screens. The session's state decides which is shown."""

from collections.abc import Callable
from typing import TypeVar

from PyQt5.QtCore import QEvent, QObject, Qt, pyqtSignal
from PyQt5.QtGui import QPaintEvent, QShowEvent
from PyQt5.QtWidgets import QAbstractButton, QLayout, QShortcut, QStackedWidget, QWidget

from pronounce_kiosk.core.sentence import Sentence, SentenceList
from pronounce_kiosk.gui import theme
from pronounce_kiosk.gui.double_touch import DoubleTouchFilter
from pronounce_kiosk.gui.language import LANGUAGES, Language, TranslatedWidget, localised
from pronounce_kiosk.gui.layouts import vbox
from pronounce_kiosk.gui.model import KioskModel
from pronounce_kiosk.gui.pairs import PairsModel
from pronounce_kiosk.gui.review import LearnerReview
from pronounce_kiosk.gui.screens.closer import CloserScreen
from pronounce_kiosk.gui.screens.home import HomeScreen
from pronounce_kiosk.gui.screens.learners import SignIn, face_name
from pronounce_kiosk.gui.screens.pairs import PairsMenuScreen, PairsScreen
from pronounce_kiosk.gui.screens.pictured import FailsafeScreen, GoodbyeScreen, NotScoredScreen
from pronounce_kiosk.gui.screens.practice import PracticeScreen
from pronounce_kiosk.gui.screens.progress import ProgressScreen
from pronounce_kiosk.gui.screens.result import ResultScreen
from pronounce_kiosk.gui.screens.sentences import SentencesScreen
from pronounce_kiosk.gui.screens.sound_page import SoundPage
from pronounce_kiosk.gui.screens.summary import SummaryScreen
from pronounce_kiosk.gui.teacher.area import TeacherArea
from pronounce_kiosk.gui.teacher.model import TeacherModel
from pronounce_kiosk.gui.timers import make_timer
from pronounce_kiosk.gui.widgets.top_bar import TopBar
from pronounce_kiosk.gui.word_practice import WordPractice
from pronounce_kiosk.history.preferences import LANGUAGE
from pronounce_kiosk.session.pairs import Sounds
from pronounce_kiosk.session.progress import progress_of
from pronounce_kiosk.session.states import State

Screen = TypeVar("Screen", bound=QWidget)
WIDTH_PX, HEIGHT_PX = 800, 480
_SIGNS_OF_LIFE = (
    QEvent.MouseButtonPress,
    QEvent.MouseButtonRelease,
    QEvent.TouchBegin,
    QEvent.TouchUpdate,
    QEvent.KeyPress,
)


class KioskWindow(TranslatedWidget):
    """The kiosk's only window.

    pronounce: gives a sentence's pronunciation, "" where none is shown. first_painted: emitted
    once, after the first paint: heavy loading waits for it.
    """

    first_painted = pyqtSignal()

    def __init__(
        self,
        model: KioskModel,
        language: Language,
        pronounce: Callable[[Sentence], str],
        teacher: TeacherModel,
    ) -> None:
        super().__init__()
        self.setObjectName("window")
        self._model = model
        self._language = language
        self._pronounce = pronounce
        self._painted = False
        self._list: SentenceList | None = None
        self._shown: Sentence | None = None
        self._state = model.state
        self.top_bar = TopBar(self)
        self.stack = QStackedWidget(self)
        self._before: dict[QWidget, QWidget] = {}
        self._sounding: set[QWidget] = set()
        self.home = self._add(HomeScreen(self))
        self.sentences = self._add(SentencesScreen(self))
        self.practice = self._add(PracticeScreen(model, self), sounding=True)
        self.result = self._add(ResultScreen(model, self), sounding=True)
        self.closer = self._add(CloserScreen(model, self), before=self.result, sounding=True)
        self.word_practice = WordPractice(model, self)
        sound_page = SoundPage(self.word_practice, self)
        self.sound_page = self._add(sound_page, before=self.result, sounding=True)
        self.review = LearnerReview(model, self)
        self.summary = self._add(SummaryScreen(model, self.review, self))
        self.progress = self._add(ProgressScreen(self.review, self), before=self.home)
        self.pairs_menu = self._add(PairsMenuScreen(self), before=self.home)
        self.pairs_model = PairsModel(model, self)
        pairs = PairsScreen(self.pairs_model, self)
        self.pairs = self._add(pairs, before=self.pairs_menu, sounding=True)
        self.sign_in = SignIn(model.history, self)
        self._add(self.sign_in.learners, before=self.home)
        self._add(self.sign_in.animals, before=self.sign_in.learners)
        self._add(self.sign_in.nickname, before=self.sign_in.animals)
        self._add(self.sign_in.taken, before=self.sign_in.nickname)
        self.not_scored = self._add(NotScoredScreen(model, self))
        self.failsafe = self._add(FailsafeScreen(model, self))
        self.goodbye = self._add(GoodbyeScreen(self))
        self.teacher = self._add(TeacherArea(teacher, language, self))
        layout = vbox(self.top_bar, (self.stack, 1), spacing_px=0, parent=self)
        # A page larger than the screen must not enlarge the others.
        layout.setSizeConstraint(QLayout.SetNoConstraint)
        self.resize(WIDTH_PX, HEIGHT_PX)
        self.idle_timer = make_timer(self, 0, self._on_idle, once=True)
        self._double_touches = DoubleTouchFilter(self)
        # Focus changes are no sign of a keyboard: Qt moves the focus when a focused button hides.
        QShortcut(Qt.Key_Tab, self, lambda: self._on_tab(True))
        QShortcut(Qt.Key_Backtab, self, lambda: self._on_tab(False))
        self._connect_top_bar()
        self._connect_screens()
        self._connect_learners()
        self._connect_teacher(teacher)
        model.state_changed.connect(self._follow)
        model.settings_changed.connect(self._await_idle)
        self._show_lists()
        self._show_learner()
        self._await_idle()
        self.show_screen(self.home)

    def _connect_top_bar(self) -> None:
        bar, model = self.top_bar, self._model
        bar.back_button.clicked.connect(self.back)
        bar.language_button.clicked.connect(
            lambda: model.history.prefer(LANGUAGE, self._language.other)
        )
        bar.learner_button.clicked.connect(lambda: self.show_screen(self.sign_in.learners))
        bar.teacher_button.clicked.connect(self.open_teacher)
        bar.volume_button.clicked.connect(model.volume.next)
        bar.volume_button.set_step(model.volume.number)
        model.volume.changed.connect(bar.volume_button.set_step)
        bar.voice_button.clicked.connect(model.voice.next)
        model.voice.changed.connect(bar.set_voice)
        model.notices.changed.connect(bar.set_notice)

    def _connect_screens(self) -> None:
        self.home.chosen.connect(self.open_list)
        self.home.today_card.clicked.connect(self._practise_today)
        self.home.progress_card.clicked.connect(self._open_progress)
        self.home.pairs_card.clicked.connect(lambda: self.show_screen(self.pairs_menu))
        self.sentences.chosen.connect(self._choose)
        self.result.look_wanted.connect(lambda: self.show_screen(self.closer))
        self.result.sound_wanted.connect(self.open_sound)
        for button in (self.closer.score_button, self.sound_page.back_button):
            button.clicked.connect(self.back)
        for chooser in (self.sound_page.pairs_wanted, self.pairs_menu.chosen):
            chooser.connect(self.open_pairs)

    def _connect_learners(self) -> None:
        history = self._model.history
        self.sign_in.show_wanted.connect(self.show_screen)
        self.sign_in.done.connect(lambda: self.show_screen(self.home))
        history.learner_changed.connect(self._show_learner)
        history.learner_changed.connect(self.home.grid.to_top)
        history.learner_changed.connect(self.sentences.view.scrollToTop)
        history.preferences_changed.connect(self._follow_preferences)
        history.progress_changed.connect(self._show_progress)
        self._model.settings_changed.connect(self._show_progress)
        self._model.lists_changed.connect(self._show_lists)
        self.review.changed.connect(self._show_standing)

    def _connect_teacher(self, teacher: TeacherModel) -> None:
        self.teacher.title_changed.connect(self._name_screen)
        self.teacher.closed.connect(self._leave_teacher)
        teacher.visible_changed.connect(self._model.set_lists)
        teacher.room_changed.connect(self._show_room_notice)
        teacher.switching_off.connect(self._show_goodbye)

    @property
    def language(self) -> str:
        """Return the interface's language."""
        return self._language.current

    def _add(self, screen: Screen, before: QWidget | None = None, sounding: bool = False) -> Screen:
        """Add a screen of 800x412; its window title, if any, is shown in the top bar.

        before: the target of Back; None for screens that follow the session's state. sounding:
        whether it plays audio, so that the volume button is shown.
        """
        self.stack.addWidget(screen)
        screen.windowTitleChanged.connect(self._name_screen)
        if before is not None:
            self._before[screen] = before
        if sounding:
            self._sounding.add(screen)
        return screen

    def show_screen(self, screen: QWidget) -> None:
        """Show a screen that was added."""
        self.stack.setCurrentWidget(screen)
        self._name_screen()

    def open_list(self, sentence_list: SentenceList) -> None:
        """Show a list's sentences."""
        self._list = sentence_list
        self._model.open_list(sentence_list)
        self.sentences.show_list(sentence_list)
        self.show_screen(self.sentences)

    def back(self) -> None:
        """Go one step back towards home."""
        screen = self.stack.currentWidget()
        if screen is self.teacher:
            self.teacher.back()
        elif screen in self._before:
            self.show_screen(self._before[screen])
        elif self._model.state in (State.CHOOSE, State.SUMMARY):
            self._model.leave()
            self._go_home()
        else:
            self._model.leave()
            if self._list is not None:
                self.open_list(self._list)

    def open_pairs(self, language: str, sounds: Sounds) -> None:
        """Practise two sounds; Back returns to the current screen."""
        self._before[self.pairs] = self.stack.currentWidget()
        self.pairs_model.open(language, sounds)
        self.show_screen(self.pairs)

    def open_sound(self, number: int) -> None:
        """Show the page of a unit of the result; Back leads to the result."""
        self._model.playback.stop_audio()
        self.show_screen(self.sound_page)
        self.word_practice.open(number)

    def open_teacher(self) -> None:
        """Ask for the teacher's PIN, in the waiting state only."""
        if self._model.state is State.CHOOSE:
            self.show_screen(self.teacher)
            self.teacher.open()

    def ask_first_pin(self) -> None:
        """Ask the adult at the first start to set a PIN, where there is none."""
        if self.teacher.ask_first_pin():
            self.show_screen(self.teacher)

    def _show_room_notice(self) -> None:
        """Show learners a notice that the room is louder; teachers see it on their home page."""
        louder = self.teacher.model.room.changed_db is not None
        taught = self.stack.currentWidget() is self.teacher
        self.top_bar.pass_notice("room" if louder and not taught else "")

    def _show_goodbye(self, going: bool) -> None:
        """Show the switching-off screen; hide it where switching off failed."""
        self.top_bar.setVisible(not going)
        if going:
            self.goodbye.begin()
            self.show_screen(self.goodbye)
        else:
            self.goodbye.end()
            self.show_screen(self.teacher)

    def _show_learner(self) -> None:
        learner = self._model.history.learner
        animal = learner.animal if learner is not None and not learner.guest else "guest"
        self.top_bar.show_learner(animal, face_name(learner))
        self._show_standing()

    def _show_standing(self) -> None:
        standing = self.review.standing
        due = 0 if standing.ten is None else len(standing.ten.sentences)
        self.home.set_own(not self._model.history.is_guest, due)
        self.home.set_lessons(standing.lessons)

    def _practise_today(self) -> None:
        ten = self.review.standing.ten
        if ten is not None:
            self.open_list(ten)
            self._choose(0)

    def _open_progress(self) -> None:
        self.progress.begin()
        self.show_screen(self.progress)

    def _show_progress(self) -> None:
        bests, strictness = self._model.history.bests, self._model.settings.strictness
        self.home.set_progress(lambda found: progress_of(found, bests, strictness))
        self.sentences.set_progress(bests, strictness)

    def _follow_preferences(self) -> None:
        """Switch to the learner's language, else to the default one."""
        chosen = self._model.history.preferences.get(LANGUAGE)
        self._language.set(chosen if chosen in LANGUAGES else self._language.usual)

    def _await_idle(self) -> None:
        self.idle_timer.start(self._model.settings.idle_s * 1000)

    def _on_idle(self) -> None:
        """Go home and forget the learner; waits for a take under way."""
        if self._model.state in (State.RECORD, State.SCORE, State.LISTEN):
            self._await_idle()
            return
        if self.stack.currentWidget() is self.goodbye:
            return
        if self.stack.currentWidget() is self.teacher:
            self.teacher.close_area()
        self._model.leave()
        self._model.history.choose(None)
        self.top_bar.pass_notice("")
        self._go_home()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Restart the idle timer on every touch and key of the native window."""
        if event.type() in _SIGNS_OF_LIFE:
            self._await_idle()
        return False

    def _show_lists(self) -> None:
        self.home.set_lists(self._model.lists)
        self._show_progress()
        self._show_standing()

    def _leave_teacher(self) -> None:
        self._model.history.reload()
        self._go_home()

    def _go_home(self) -> None:
        self._list = None
        self.show_screen(self.home)

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
            State.SUMMARY: self.summary,
            State.NOT_SCORED: self.not_scored,
            State.FAILSAFE: self.failsafe,
        }
        # In the waiting state the window chooses between home and sentences.
        if state is not State.CHOOSE or self._state is not State.CHOOSE:
            self.show_screen(screens.get(state, self.practice))
        self._state = state

    def _name_screen(self) -> None:
        screen = self.stack.currentWidget()
        self.top_bar.learner_button.setVisible(screen is self.home)
        self.top_bar.teacher_button.setVisible(screen is self.home)
        self.top_bar.volume_button.setVisible(screen in self._sounding)
        self.top_bar.voice_button.setVisible(screen is self.practice)
        self.top_bar.set_title(self._title(screen), screen not in (self.home, self.failsafe))

    def _title(self, screen: QWidget) -> str:
        if screen is self.teacher:
            return self.teacher.title()
        if screen.windowTitle() or self._list is None or screen is self.failsafe:
            return screen.windowTitle()
        name = localised(self._list.name)
        if screen in (self.sentences, self.summary):
            return name
        return f"{name}  ·  {self._model.session.index + 1} / {len(self._list.sentences)}"

    def showEvent(self, event: QShowEvent) -> None:
        """Filter the events of the native window, which exists from now on."""
        super().showEvent(event)
        # On the application the filters would also get events of widgets that are being destroyed.
        handle = self.windowHandle()
        if handle is not None:
            handle.installEventFilter(self)
            handle.installEventFilter(self._double_touches)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Emit `first_painted` after the first paint."""
        super().paintEvent(event)
        if not self._painted:
            self._painted = True
            self.first_painted.emit()

    def _on_tab(self, forward: bool) -> None:
        """Show the keyboard focus from now on; it stays hidden for touch."""
        self._await_idle()
        if not self.property("keyboard"):
            self.setProperty("keyboard", True)
            for widget in (self, *self.findChildren(QAbstractButton)):
                theme.repolish(widget)
        self.focusNextPrevChild(forward)

    def _retranslate(self) -> None:
        self._name_screen()
        # A learner without a nickname is called by the animal's name.
        self._show_learner()
