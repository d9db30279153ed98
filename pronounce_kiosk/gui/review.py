"""`LearnerReview`: today's ten sentences, the lessons and the progress of the current learner.

All of it is read in the history's thread, and only while no attempt waits to be stored.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from PyQt5.QtCore import QObject, pyqtSignal

from pronounce_kiosk.core.sentence import SentenceList
from pronounce_kiosk.gui.model import KioskModel
from pronounce_kiosk.history.records import ListSummary
from pronounce_kiosk.history.review import Practice, Sound, SoundCard
from pronounce_kiosk.history.store import HistoryStore
from pronounce_kiosk.session.lessons import Lesson, lesson_of
from pronounce_kiosk.session.progress import name_of
from pronounce_kiosk.session.review import catch_up, due_items, todays_ten
from pronounce_kiosk.session.states import State

log = logging.getLogger(__name__)

T = TypeVar("T")


@dataclass(frozen=True)
class Standing:
    """Data of the home screen. ten: None where nothing is due. lessons: by their list's id."""

    ten: SentenceList | None = None
    lessons: Mapping[str, Lesson] = field(default_factory=dict)


class LearnerReview(QObject):
    """Updates `standing` whenever the kiosk returns to the waiting state; changed follows it."""

    changed = pyqtSignal()

    def __init__(self, model: KioskModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._history = model.history
        self._asked = 0
        self.standing = Standing()
        self._history.learner_changed.connect(self._on_learner)
        model.lists_changed.connect(self.refresh)
        model.state_changed.connect(self._on_state)

    def refresh(self) -> None:
        """Read what is due for the current learner."""
        learner, lists = self._history.learner, self._model.lists
        self._asked += 1
        asked = self._asked
        if learner is None:
            self._set(Standing())
            return
        guest = learner.guest

        def work(store: HistoryStore, who: int) -> Standing | None:
            if not guest and catch_up(store, who):
                return None
            newest = store.newest_phones(who)
            lessons = {found.id: lesson_of(found, newest) for found in lists if found.targets}
            if guest:
                return Standing(None, lessons)
            tried = {
                name: frozenset(Sound(name.language, one.phone) for one in phones)
                for name, phones in newest.items()
            }
            due = due_items(store.cards(who), store.known_time())
            return Standing(todays_ten(due, lists, tried), lessons)

        def done(standing: Standing | None) -> None:
            if asked != self._asked:
                return
            if standing is None:
                self.refresh()
            else:
                self._set(standing)

        self._ask(work, done)

    def read_list(
        self, found: SentenceList, on_answer: Callable[[ListSummary, Lesson | None], None]
    ) -> None:
        """Read the current learner's summary of a list, and the results where it is a lesson."""

        def work(store: HistoryStore, who: int) -> tuple[ListSummary, Lesson | None]:
            lesson = lesson_of(found, store.newest_phones(who)) if found.targets else None
            names = [name_of(found, sentence) for sentence in found.sentences]
            return store.list_summary(who, names), lesson

        self._history.ask_own(work, lambda answer: on_answer(*answer))

    def read_progress(
        self, on_answer: Callable[[Practice, Mapping[Sound, SoundCard]], None]
    ) -> None:
        """Read how much the current learner has practised, and how sure each sound is."""
        self._ask(
            lambda store, who: (store.practice(who), store.cards(who).sounds),
            lambda answer: on_answer(*answer),
        )

    def _ask(self, work: Callable[[HistoryStore, int], T], on_answer: Callable[[T], None]) -> None:
        # Practice continues; the file's problem is shown when an attempt is stored.
        self._history.ask_own(
            work, on_answer, lambda error: log.info("nothing to repeat: %s", error), idle=True
        )

    def _on_learner(self) -> None:
        self._set(Standing())
        self.refresh()

    def _on_state(self) -> None:
        if self._model.state is State.CHOOSE:
            self.refresh()

    def _set(self, standing: Standing) -> None:
        if standing != self.standing:
            self.standing = standing
            self.changed.emit()
