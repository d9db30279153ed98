"""`LearnerHistory`: who is practising, and the attempts, on a thread of their own.

The store waits for the disk at every attempt, and the worker may be loading the model, so neither
the window's thread nor the worker asks it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TypeVar

from PyQt5.QtCore import QObject, pyqtSignal

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.core.grades import Best
from pronounce_kiosk.core.score import Score
from pronounce_kiosk.core.sentence import Sentence, SentenceList
from pronounce_kiosk.gui.worker import Worker
from pronounce_kiosk.history.records import (
    Learner,
    ListSummary,
    SentenceName,
    namesakes,
)
from pronounce_kiosk.history.store import HistoryStore
from pronounce_kiosk.history.unsaved import UnsavedAttempt, UnsavedAttempts
from pronounce_kiosk.session.progress import Past, name_of, past_of
from pronounce_kiosk.session.review import gathered_summary

log = logging.getLogger(__name__)

T = TypeVar("T")


class LearnerHistory(QObject):
    """Everything about attempts that screens look at. One is made for the window's thread.

    learner_changed: who practises. learners_changed: who can be chosen. progress_changed: the best
    scores. preferences_changed: what whoever practises has chosen.
    failed_changed: whether attempts can be kept; True says that they are lost.
    """

    learner_changed = pyqtSignal()
    learners_changed = pyqtSignal()
    progress_changed = pyqtSignal()
    preferences_changed = pyqtSignal()
    failed_changed = pyqtSignal(bool)

    def __init__(
        self, worker: Worker, make_store: Callable[[], HistoryStore], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.learner: Learner | None = None
        """None is a guest who has not said anything yet."""
        self.learners: tuple[Learner, ...] = ()
        self.bests: dict[SentenceName, Best] = {}
        self.preferences: dict[str, str] = {}
        """What whoever practises has chosen, by the names of `history.preferences`."""
        self.failed = False
        self._worker = worker
        self._make_store = make_store
        self._store: HistoryStore | None = None
        self._visit = 0
        self._creating = False
        # In the history's thread.
        self._unsaved = UnsavedAttempts()

    @property
    def is_guest(self) -> bool:
        """Nobody has said who they are."""
        return self.learner is None or self.learner.guest

    def start(self) -> None:
        """Begin to read, then delete what a power cut left: a guest's visit, half a take."""

        def clean(store: HistoryStore) -> None:
            self._unsaved.forget_guests(store)
            store.delete_stray_takes()

        self._worker.start()
        self.reload()
        self.ask(clean, lambda _: None)

    def close(self, timeout_ms: int = 6000) -> bool:
        """Finish what is under way, let go of the file, end the thread. False where it hangs."""
        if self._worker.isRunning():
            self._worker.submit("close", self._close, lambda _: None, lambda _: None)
        return self._worker.finish(timeout_ms)

    def ask(
        self,
        question: Callable[[HistoryStore], T],
        on_answer: Callable[[T], None],
        on_failure: Callable[[Exception], None] | None = None,
        idle: bool = False,
    ) -> None:
        """Put a question to the store, in its thread; the answer comes in the window's.

        idle: asked only when nothing else waits.
        """
        self._worker.submit(
            "history",
            lambda: question(self._get()),
            on_answer,
            self._on_failed if on_failure is None else on_failure,
            idle=idle,
        )

    def reload(self) -> None:
        """Read who there is and how they stand: after a start, and after a teacher deleted."""

        def read(store: HistoryStore) -> tuple[Learner, ...]:
            return store.learners()

        def done(learners: tuple[Learner, ...]) -> None:
            self._set_failed(False)
            self.learners = learners
            self.learners_changed.emit()
            gone = not self.is_guest and self.learner not in learners
            if gone:
                self.choose(None)
            else:
                self._read_progress()

        self.ask(read, done)

    def choose(self, learner: Learner | None) -> None:
        """Somebody else practises; None for a guest. The guest before is forgotten for good."""
        guest_leaves = self.is_guest
        self._visit += 1
        self.learner = learner
        self.bests = {}
        self.preferences = {}
        self.learner_changed.emit()
        self.progress_changed.emit()
        self._read_preferences()
        self._read_progress()
        if guest_leaves:
            self.ask(self._unsaved.forget_guests, lambda _: None)

    def prefer(self, name: str, value: str) -> None:
        """Remember what whoever practises has chosen: a guest's for this visit, others' for good.

        name: one of `history.preferences`.
        """
        self.preferences = {**self.preferences, name: value}
        self.preferences_changed.emit()
        self._keep_preferences({name: value})

    def _keep_preferences(self, preferences: dict[str, str]) -> None:
        learner = self.learner
        if learner is None or learner.guest or not preferences:
            return
        learner_id = learner.id
        self.ask(lambda store: store.prefer(learner_id, preferences), lambda _: None)

    def _read_preferences(self) -> None:
        learner, visit = self.learner, self._visit
        if learner is None:
            self.preferences_changed.emit()
            return
        learner_id = learner.id

        def done(preferences: dict[str, str]) -> None:
            if visit == self._visit:
                # What was chosen while this was read is newer.
                self.preferences = {**preferences, **self.preferences}
                self.preferences_changed.emit()

        self.ask(lambda store: store.preferences(learner_id), done)

    def namesakes(self, nickname: str, animal: str) -> tuple[Learner, ...]:
        """Return who has that nickname (may be empty) and that animal already, by number."""
        return namesakes(self.learners, nickname, animal)

    def create(self, nickname: str, animal: str) -> None:
        """Add a learner, who then practises; a namesake gets the next number.

        A second call before the first is answered does nothing: it is a touch that came twice.
        """
        if self._creating:
            return
        self._creating = True
        visit = self._visit

        def done(learner: Learner) -> None:
            self._creating = False
            if visit == self._visit:
                # Who was a guest until now has chosen already.
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
        on_kept: Callable[[Past], None],
        on_lost: Callable[[Exception], None],
        takes_limit_bytes: int,
    ) -> None:
        """Keep an attempt, then tell how it stands beside the earlier ones.

        take: the audio to keep, None for none. on_lost: the disk refused; the score is still true,
        and the attempt waits in memory for the next that is kept, or for the end of the program.
        takes_limit_bytes: room for all kept takes.
        """
        learner, visit = self.learner, self._visit
        name = name_of(sentence_list, sentence)

        def work(store: HistoryStore) -> tuple[Learner, Past]:
            attempt = UnsavedAttempt(learner, visit, name, score, take, takes_limit_bytes)
            who = self._unsaved.save(store, attempt)
            return who, past_of(store.past(who.id, name), score)

        def done(outcome: tuple[Learner, Past]) -> None:
            who, past = outcome
            self._set_failed(False)
            if visit == self._visit:
                # A guest becomes somebody with the first attempt, for this visit only.
                self.learner = who
                if score.score is not None:
                    best = self.bests.get(name, Best())
                    self.bests = {**self.bests, name: best.after(score)}
                    self.progress_changed.emit()
            on_kept(past)

        def lost(error: Exception) -> None:
            self._on_failed(error)
            on_lost(error)

        self.ask(work, done, lost)

    def summary(
        self, sentence_list: SentenceList, on_answer: Callable[[ListSummary], None]
    ) -> None:
        """How the learner stands in a list."""
        learner = self.learner
        if learner is None:
            on_answer(ListSummary(0, 0, None, ()))
            return
        learner_id = learner.id

        def work(store: HistoryStore) -> ListSummary:
            if sentence_list.origins:
                return gathered_summary(store, learner_id, sentence_list)
            return store.list_summary(learner_id, sentence_list.id)

        self.ask(work, on_answer)

    def _read_progress(self) -> None:
        learner, visit = self.learner, self._visit
        if learner is None:
            return
        learner_id = learner.id

        def done(bests: dict[SentenceName, Best]) -> None:
            if visit == self._visit:
                self.bests = bests
                self.progress_changed.emit()

        self.ask(lambda store: store.best_scores(learner_id), done)

    def _get(self) -> HistoryStore:
        """In the history's thread."""
        if self._store is None:
            self._store = self._make_store()
        return self._store

    def _close(self) -> None:
        try:
            self._unsaved.forget_guests(self._get())
            self._unsaved.save_waiting(self._get())
        except Exception as error:
            log.error("%d attempts are lost: %s", len(self._unsaved), error)
        finally:
            if self._store is not None:
                self._store.close()

    def _on_failed(self, error: Exception) -> None:
        log.warning("attempts: %s", error)
        self._set_failed(True)

    def _set_failed(self, failed: bool) -> None:
        if failed != self.failed:
            self.failed = failed
            self.failed_changed.emit(failed)
