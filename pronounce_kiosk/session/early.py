"""`EarlyScoring`: a take is scored in the pause that may end it, before it is known to.

When the pause begins, what was recorded so far is scored. Where the speaker goes on, that is
thrown away; where the pause lasts, the score is there when the end is declared.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.audio.vad import Trimmed, trim
from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.scoring.protocol import TakeResult
from pronounce_kiosk.session.engine import PracticeEngine

OnStage = Callable[[str], None]


@dataclass(frozen=True, eq=False)
class _Early:
    engine: PracticeEngine
    sentence: Sentence
    take: AudioClip
    trimmed: Trimmed
    result: TakeResult


class EarlyScoring:
    """Holds at most one early result. Not thread-safe: lives in the scoring thread's jobs."""

    def __init__(self) -> None:
        self._early: _Early | None = None

    def begin(
        self,
        engine: PracticeEngine,
        take: AudioClip,
        sentence: Sentence,
        on_stage: OnStage | None = None,
    ) -> None:
        """Score what was recorded when a pause began; what was kept before is thrown away.

        Raises what `PracticeEngine.score` and on_stage raise; then nothing is kept.
        """
        self._early = None
        result = engine.score(take, sentence, on_stage)
        self._early = _Early(engine, sentence, take, trim(take), result)

    def finish(
        self,
        engine: PracticeEngine,
        recording: AudioClip,
        sentence: Sentence,
        on_stage: OnStage | None = None,
    ) -> tuple[AudioClip, TakeResult]:
        """The take, and its result: bit for bit what `engine.score` gives for that very take.

        The take is what was scored early where the recording goes on without a voice after it,
        else the whole recording, which is scored now. Raises as `PracticeEngine.score`.
        """
        early, self._early = self._early, None
        if (
            early is not None
            and early.engine is engine
            and early.sentence == sentence
            and holds_all_that_was_said(early.take, early.trimmed, recording)
        ):
            return early.take, early.result
        return recording, engine.score(recording, sentence, on_stage)


def holds_all_that_was_said(take: AudioClip, trimmed: Trimmed, recording: AudioClip) -> bool:
    """Whether a recording begins with the take and has no voice after it: both trim to the same.

    trimmed: the take, so that this is quick. False too where there is no voice in them. At 16 kHz.
    """
    if not np.array_equal(take.samples, recording.samples[: len(take.samples)]):
        return False
    whole = trim(recording)
    same = (trimmed.start_s, trimmed.end_s) == (whole.start_s, whole.end_s)
    return same and len(trimmed.clip.samples) > 0
