"""`LearnerHistory`: the current learner and the stored attempts, on a thread of their own.

The store waits for the disk at every attempt, and the worker may be loading the model, so neither
the window's thread nor the worker accesses it.
"""

import logging
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from PyQt5.QtCore import QObject, pyqtSignal

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.core.grades import Best
from pronounce_kiosk.core.score import Score
from pronounce_kiosk.core.sentence import Sentence, SentenceList
from pronounce_kiosk.gui.worker import Worker
from pronounce_kiosk.history.records import Learner, SentenceName
from pronounce_kiosk.history.store import HistoryStore
from pronounce_kiosk.history.unsaved import UnsavedAttempt, UnsavedAttempts
from pronounce_kiosk.session.progress import Past, name_of, past_of

log = logging.getLogger(__name__)

T = TypeVar("T")


class LearnerHistory(QObject):
    """Gives the screens the learners, their scores and preferences. Lives in the window's thread.

    learner_changed: another learner practises. learners_changed: the list of learners.
    progress_changed: the best scores. preferences_changed: the current learner's preferences.
    stored: True after the disk has answered, False where it failed.
    """

    learner_changed = pyqtSignal()
    learners_changed = pyqtSignal()
    progress_changed = pyqtSignal()
    preferences_changed = pyqtSignal()
    stored = pyqtSignal(bool)

    def __init__(self, worker: Worker, make_store: Callable[[], HistoryStore]) -> None:
        super().__init__()
        self.learner: Learner | None = None
        """None is a guest before the first attempt."""
        self.learners: tuple[Learner, ...] = ()
        self.bests: dict[SentenceName, Best] = {}
        self.preferences: dict[str, str] = {}
        """The current learner's, by the names of `history.preferences`."""
        self._worker = worker
        self._make_store = make_store
        self._store: HistoryStore | None = None
        self._visit = 0
        self._creating = False
        # Used in the history's thread only.
        self._unsaved = UnsavedAttempts()

    @property
    def is_guest(self) -> bool:
        """Return whether the current learner has no profile."""
        return self.learner is None or self.learner.guest

    def start(self) -> None:
        """Read the learners; then delete guests' data and partial files left by a power cut."""

        def clean(store: HistoryStore) -> None:
            self._unsaved.forget_guests(store)
            store.delete_stray_takes()

        self._worker.start()
        self.reload()
        self.ask(clean)

    def close(self, timeout_ms: int = 6000) -> bool:
        """Finish all jobs, close the database, end the thread. False where it hangs."""
        if self._worker.isRunning():
            self._worker.submit("close", self._close, lambda _: None, self._on_failed)
        return self._worker.finish(timeout_ms)

    def ask(
        self,
        question: Callable[[HistoryStore], T],
        on_answer: Callable[[T], None] = lambda _: None,
        on_failure: Callable[[Exception], None] | None = None,
        idle: bool = False,
        wanted: Callable[[], bool] = lambda: True,
    ) -> None:
        """Run a query on the store in its thread; on_answer runs in the window's thread.

        idle: run it only when no other job waits. wanted: see `Worker.submit`.
        """
        work = partial(self._answer, question)
        self._worker.submit("history", work, on_answer, on_failure or self._on_failed, wanted, idle)

    def ask_own(
        self,
        question: Callable[[HistoryStore, int], T],
        on_answer: Callable[[T], None],
        on_failure: Callable[[Exception], None] | None = None,
        idle: bool = False,
    ) -> None:
        """Run a query on the current learner, given by the id; nothing where there is no entry.

        The answer is dropped where another learner practises meanwhile.
        """
        learner, visit = self.learner, self._visit
        if learner is not None:
            who = learner.id
            self.ask(
                lambda store: question(store, who),
                on_answer,
                on_failure,
                idle,
                wanted=lambda: self._visit == visit,
            )

    def reload(self) -> None:
        """Read learners and scores again: at the start and after a teacher's deletion."""

        def done(learners: tuple[Learner, ...]) -> None:
            self.stored.emit(True)
            self.learners = learners
            self.learners_changed.emit()
            if not self.is_guest and self.learner not in learners:
                self.choose(None)
            else:
                self._read_progress()

        self.ask(HistoryStore.learners, done)

    def choose(self, learner: Learner | None) -> None:
        """Change the learner; None for a guest. A previous guest's data is deleted."""
        guest_leaves = self.is_guest
        self._visit += 1
        self.learner = learner
        self.bests = {}
        self.preferences = {}
        self.learner_changed.emit()
        self.progress_changed.emit()
        if learner is None:
            self.preferences_changed.emit()
        self.ask_own(HistoryStore.preferences, self._add_preferences)
        self._read_progress()
        if guest_leaves:
            self.ask(self._unsaved.forget_guests)

    def prefer(self, name: str, value: str) -> None:
        """Set a preference of the current learner; a guest's is not stored.

        name: one of `history.preferences`.
        """
        self.preferences = {**self.preferences, name: value}
        self.preferences_changed.emit()
        self._keep_preferences({name: value})

    def _keep_preferences(self, preferences: dict[str, str]) -> None:
        if self.learner is not None and not self.learner.guest and preferences:
            who = self.learner.id
            self.ask(lambda store: store.prefer(who, preferences))

    def _add_preferences(self, preferences: dict[str, str]) -> None:
        # Preferences set during the read are newer.
        self.preferences = {**preferences, **self.preferences}
        self.preferences_changed.emit()

    def create(self, nickname: str, animal: str) -> None:
        """Create a learner and make them current; a namesake gets the next number.

        A second call before the first is answered does nothing: it comes from a double touch.
        """
        if self._creating:
            return
        self._creating = True
        visit = self._visit

        def done(learner: Learner) -> None:
            self._creating = False
            if visit == self._visit:
                # A guest may have set preferences before creating a profile.
                chosen = self.preferences if self.is_guest else {}
                self.choose(learner)
                self.preferences = chosen
                self._keep_preferences(chosen)
            self.reload()

        def failed(error: Exception) -> None:
            self._creating = False
            self._on_failed(error)

        self.ask(lambda store: store.add_learner(nickname, animal), done, failed)

    def keep(
        self,
        sentence_list: SentenceList,
        sentence: Sentence,
        score: Score,
        take: AudioClip | None,
        takes_limit_bytes: int,
        on_done: Callable[[Past], None],
    ) -> None:
        """Store an attempt, then report how it compares with earlier ones.

        take: audio to store, if any. takes_limit_bytes: storage for all kept takes. on_done: gets
        the comparison with earlier attempts; an empty one where the disk refused. The attempt then
        stays in memory until the next one is stored or the program ends.
        """
        learner, visit = self.learner, self._visit
        name = name_of(sentence_list, sentence)

        def work(store: HistoryStore) -> tuple[Learner, Past]:
            attempt = UnsavedAttempt(learner, visit, name, score, take, takes_limit_bytes)
            who = self._unsaved.save(store, attempt)
            return who, past_of(store.past(who.id, name), score)

        def done(outcome: tuple[Learner, Past]) -> None:
            who, past = outcome
            self.stored.emit(True)
            if visit == self._visit:
                # The first attempt gives a guest an entry, for this visit only.
                self.learner = who
                if score.score is not None:
                    best = self.bests.get(name, Best())
                    self.bests = {**self.bests, name: best.after(score)}
                    self.progress_changed.emit()
            on_done(past)

        def lost(error: Exception) -> None:
            self._on_failed(error)
            on_done(Past())

        self.ask(work, done, lost)

    def _read_progress(self) -> None:
        def done(bests: dict[SentenceName, Best]) -> None:
            self.bests = bests
            self.progress_changed.emit()

        self.ask_own(HistoryStore.best_scores, done)

    def _answer(self, question: Callable[[HistoryStore], T]) -> T:
        """Open the store at the first question; runs in the history's thread."""
        if self._store is None:
            self._store = self._make_store()
        return question(self._store)

    def _close(self) -> None:
        try:
            self._answer(self._unsaved.forget_guests)
            self._answer(self._unsaved.save_waiting)
        except Exception as error:
            log.error("%d attempts are lost: %s", len(self._unsaved), error)
        finally:
            if self._store is not None:
                self._store.close()

    def _on_failed(self, error: Exception) -> None:
        log.warning("attempts: %s", error)
        self.stored.emit(False)


class NumberedChoice(QObject):
    """Holds a number from 0 to below count; changed carries it. Stored with the preferences.

    name: one of `history.preferences`. usual: the number until the learner chooses.
    """

    changed = pyqtSignal(int)

    def __init__(
        self, history: LearnerHistory, name: str, count: int, usual: int, parent: QObject
    ) -> None:
        super().__init__(parent)
        self.number = usual
        self._history = history
        self._name, self._count, self._usual = name, count, usual
        history.preferences_changed.connect(self._follow)

    def next(self) -> None:
        """Choose the next number; 0 follows the last."""
        self._history.prefer(self._name, str((self.number + 1) % self._count))

    def _follow(self) -> None:
        chosen = self._history.preferences.get(self._name, "")
        number = int(chosen) if chosen.isdecimal() else self._usual
        if number >= self._count:  # stored by a version with more values
            number = self._usual
        if number != self.number:
            self.number = number
            self.changed.emit(number)
