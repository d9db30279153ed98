"""`Render`: renders a list's references in a worker of its own."""

import logging
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from PyQt5.QtCore import QObject, pyqtSignal

from pronounce_kiosk.core.sentence import Sentence, SentenceList
from pronounce_kiosk.gui.worker import Worker
from pronounce_kiosk.references.render import Rendered, render_sentence, speaker_of

if TYPE_CHECKING:
    from pronounce_kiosk.references.library import ReferenceLibrary

log = logging.getLogger(__name__)
T = TypeVar("T")

LOOK_AT_ONCE = 40
"""Sentences per job, so that opening another list does not wait long."""


class Render(QObject):
    """Renders references, one job for each sentence, while the teacher does something else.

    gTTS may take 20 s to answer, so the workers of scoring and of the pages must not wait for it.
    engines: each sentence's speaker, by list and sentence, where known. changed: state or speakers
    are new. rendered: a sentence has a new reference.
    """

    changed = pyqtSignal()
    rendered = pyqtSignal(object)

    def __init__(
        self, make_library: Callable[[], "ReferenceLibrary"], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._worker = Worker("references", self)
        # Made and used in the worker only.
        self._library = cache(make_library)
        self._todo: list[Sentence] = []
        self._run = self._look_run = 0
        self._under_way: int | None = None
        self._ask_network = True
        self.list_id, self.total, self.done = "", 0, 0
        self.failed: dict[str, str] = {}
        self.paused = False
        self.engines: dict[tuple[str, str], str] = {}

    @property
    def active(self) -> bool:
        """Return whether references are left to render."""
        return bool(self.list_id) and self.done < self.total

    def start(self, sentence_list: SentenceList) -> None:
        """Render a list from its first sentence; cached references take no time."""
        self.stop()
        self.list_id = sentence_list.id
        self._todo = list(sentence_list.sentences)
        self.total, self.done = len(self._todo), 0
        self.failed, self.paused, self._ask_network = {}, False, True
        self._next()

    def pause(self, paused: bool) -> None:
        """Pause after the current sentence, or continue."""
        self.paused = paused
        self._next()

    def stop(self) -> None:
        """Stop rendering and forget the list."""
        self._run += 1
        self.list_id, self._todo, self.total, self.done = "", [], 0, 0
        self.changed.emit()

    def look(self, sentence_list: SentenceList) -> None:
        """Find out who speaks each sentence, without rendering."""
        self._look_run += 1
        self._look_from(sentence_list, 0, self._look_run)

    def set_speaker(self, list_id: str, sentence_id: str, name: str) -> None:
        """Set a sentence's speaker."""
        self.engines[list_id, sentence_id] = name
        self.changed.emit()

    def close(self, timeout_ms: int) -> bool:
        """End the worker. False where it hangs in the network."""
        return self._worker.close(timeout_ms)

    def _submit(self, name: str, work: Callable[[], T], *how: Any) -> None:
        if not self._worker.isRunning():
            self._worker.start()
        self._worker.submit(name, work, *how)

    def _look_from(self, sentence_list: SentenceList, start: int, run: int) -> None:
        few = sentence_list.sentences[start : start + LOOK_AT_ONCE]
        if not few or run != self._look_run:
            return

        def work() -> dict[tuple[str, str], str]:
            library = self._library()
            return {(sentence_list.id, each.id): speaker_of(library, each) for each in few}

        def got(engines: dict[tuple[str, str], str]) -> None:
            self.engines.update(engines)
            self.changed.emit()
            self._look_from(sentence_list, start + LOOK_AT_ONCE, run)

        self._submit("who speaks", work, got, lambda error: log.warning("%s", error))

    def _next(self) -> None:
        self.changed.emit()
        if not self._todo or self.paused or self._under_way == self._run:
            return
        self._under_way = self._run
        sentence, run, ask_network = self._todo[0], self._run, self._ask_network

        def got(outcome: Rendered) -> None:
            self.rendered.emit(sentence)
            self._under_way = None
            self._ask_network = outcome.ask_network
            self.engines[self.list_id, sentence.id] = outcome.speaker
            if outcome.failure:
                self.failed[sentence.id] = outcome.failure
            self._todo.pop(0)
            self.done += 1
            self._next()

        self._submit(
            "render",
            lambda: render_sentence(self._library(), sentence, ask_network),
            got,
            lambda error: got(Rendered("", str(error), ask_network)),
            lambda: run == self._run,
        )
