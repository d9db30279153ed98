"""`ScoringJobs`: jobs with the practice engine, in its worker.

Every method submits a job and returns at once; callbacks run in the window's thread. `wanted` is
called just before a job begins: a job that is no longer wanted is dropped silently.
"""

import logging
from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.gui.view_models import ResultView, result_view
from pronounce_kiosk.gui.worker import NoLongerWanted, OnFailure, Worker
from pronounce_kiosk.language.units import split_units
from pronounce_kiosk.session.early import EarlyScoring
from pronounce_kiosk.session.engine import EngineKeeper, NewerEngine, PracticeEngine

log = logging.getLogger(__name__)

T = TypeVar("T")
Wanted = Callable[[], bool]


class ScoringJobs(Worker):
    """Owns the engine."""

    def __init__(self, build_engine: Callable[[], PracticeEngine]) -> None:
        super().__init__("worker")
        self._keeper = EngineKeeper(build_engine)
        self._early = EarlyScoring()
        self._pause: AudioClip | None = None
        """The take so far, during a pause that may end it."""

    def with_engine(
        self,
        name: str,
        work: Callable[[PracticeEngine], T],
        on_success: Callable[[T], None],
        on_failure: OnFailure,
        wanted: Wanted = lambda: True,
    ) -> None:
        """Run work with the engine between two other jobs."""
        self.submit(name, lambda: work(self._keeper.get()), on_success, on_failure, wanted)

    def renew(
        self, newer: NewerEngine, on_success: Callable[[bool], None], on_failure: OnFailure
    ) -> None:
        """Replace the engine where newer, which runs in the worker, returns one."""
        self.submit("renew", lambda: self._keeper.renew(newer), on_success, on_failure)

    def prepare(self, sentence: Sentence, on_failure: OnFailure, wanted: Wanted) -> None:
        """Compute the reference's data while the learner reads the sentence."""
        self.with_engine(
            "prepare", lambda engine: engine.prepare(sentence), lambda _: None, on_failure, wanted
        )

    def prepare_ahead(self, sentences: Sequence[Sentence], wanted: Wanted) -> None:
        """Prepare sentences part by part, while no other job waits."""

        def submit_idle(work: Callable[[], T], on_success: Callable[[T], None]) -> None:
            self.submit("prepare ahead", work, on_success, not_prepared, wanted, idle=True)

        def not_prepared(error: Exception) -> None:
            # The error is shown when the learner chooses the sentence.
            log.info("nothing was prepared ahead: %s", error)

        def prepare_parts(parts: Sequence[Callable[[], object]]) -> None:
            for part in parts:
                submit_idle(part, lambda _: None)

        for sentence in sentences:
            submit_idle(partial(self._preparations, sentence), prepare_parts)

    def _preparations(self, sentence: Sentence) -> Sequence[Callable[[], object]]:
        return self._keeper.get().preparations(sentence)

    def score_early(
        self,
        take: AudioClip | None,
        sentence: Sentence,
        pause_wait_ms: int,
        on_wait: Callable[[AudioClip, int], None],
        wanted: Wanted,
    ) -> None:
        """Choose how much silence ends the take, then score what was said before the pause.

        take: the take so far; None where speech continues, which cancels the job. on_wait: gets
        take and milliseconds in the worker's thread: the window's thread may be painting.
        """
        self._pause = take
        if take is None:
            return

        def still_wanted() -> bool:
            return self._pause is take and wanted()

        def work(engine: PracticeEngine) -> None:
            silence_ms = engine.wait_ms(take, sentence, pause_wait_ms)
            if silence_ms is not None:
                on_wait(take, silence_ms)
            go_on = _only_while(still_wanted)
            go_on("")
            self._early.begin(engine, take, sentence, go_on)

        self.with_engine(
            "score early",
            work,
            lambda _: None,
            # The take is scored again at its end, which shows the error.
            lambda error: log.info("nothing was scored early: %s", error),
            still_wanted,
        )

    def score(
        self,
        recording: AudioClip,
        sentence: Sentence,
        strictness: str,
        on_success: Callable[[ResultView], None],
        on_failure: OnFailure,
        wanted: Wanted,
        on_stage: Callable[[str], None] = lambda stage: None,
    ) -> None:
        """Score a finished take. on_stage gets each stage's name in the window's thread."""
        go_on = _only_while(wanted)

        def tell_stage(stage: str) -> None:
            go_on(stage)
            self.later(lambda: on_stage(stage) if wanted() else None)

        def work(engine: PracticeEngine) -> ResultView:
            take, scored = self._early.finish(engine, recording, sentence, tell_stage)
            reference = engine.reference(sentence).clip
            said = split_units(sentence.text, sentence.language, sentence.pronunciation)
            return result_view(sentence, take, scored, reference, said, strictness)

        self.with_engine("score", work, on_success, on_failure, wanted)


def _only_while(wanted: Wanted) -> Callable[[str], None]:
    """Create an on_stage callback that cancels a scoring which is no longer wanted."""

    def on_stage(stage: str) -> None:
        if not wanted():
            raise NoLongerWanted

    return on_stage
