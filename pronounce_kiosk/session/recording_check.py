"""Check a teacher's own recording of a sentence before it is kept."""

from dataclasses import dataclass, replace

from pronounce_kiosk.audio.clip import PIPELINE_SAMPLE_RATE_HZ, AudioClip
from pronounce_kiosk.core.score import Verdict
from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.session.engine import PracticeEngine

MARGIN_S = 0.15
"""Room kept before and after the voice."""
DOUBTFUL_SCORE = 40.0
"""A score against espeak-ng's reference under this: listen once more before keeping it."""


@dataclass(frozen=True)
class CheckedRecording:
    """A recording with what the scorer says of it.

    clip: cut to the voice, at 16 kHz. pause: what was heard before the voice, for
    `audio.denoise.without_noise`. verdict: ``scored``, or why it is of no use. score: 0-100,
    against espeak-ng's reference; 0 where there is none.
    """

    clip: AudioClip
    pause: AudioClip
    verdict: Verdict
    score: float

    @property
    def usable(self) -> bool:
        """Whether it may be kept at all."""
        return self.verdict is Verdict.SCORED

    @property
    def doubtful(self) -> bool:
        """Whether the teacher should listen once more before keeping it."""
        return self.score < DOUBTFUL_SCORE


def check_recording(
    engine: PracticeEngine, take: AudioClip, sentence: Sentence
) -> CheckedRecording:
    """Check a recording for level and content, against espeak-ng's reference.

    Args:
        engine: The kiosk's, in its own thread.
        take: The recording as the microphone gave it. Silence gets the verdict ``silence``.

    Raises:
        ReferenceFailedError: espeak-ng cannot say the sentence.
    """
    from pronounce_kiosk.audio.vad import trim

    against = PracticeEngine(engine.library, engine.scorer, "espeak")
    score = against.score(take, replace(sentence, audio=None)).score
    at_16k = take.resampled(PIPELINE_SAMPLE_RATE_HZ)
    voice = trim(at_16k)
    clip = at_16k.slice_s(voice.start_s - MARGIN_S, voice.end_s + MARGIN_S)
    pause = at_16k.slice_s(0.0, voice.start_s - MARGIN_S)
    return CheckedRecording(clip, pause, score.verdict, score.score or 0.0)
