"""What the engine hears in minimal pairs: whether a voice says them apart, and what was said."""

from __future__ import annotations

from dataclasses import dataclass

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.session.engine import PracticeEngine
from pronounce_kiosk.session.pairs import Pair

APART = 1.0
"""How much more, in nepers, the first word's example must sound like the first word than the second
one's does. What a voice adds to both takes itself off. Espeak-ng says 살 and 쌀 with one sound: 0.
Raising this drops pairs, lowering it lets learners guess."""


@dataclass(frozen=True, eq=False)
class PairVoices:
    """Both words by the voices there are. apart: whether they can be told apart by ear."""

    clips: tuple[AudioClip, AudioClip]
    apart: bool


def pair_voices(engine: PracticeEngine, pair: Pair) -> PairVoices:
    """Have both words said, and listen whether they sound like two.

    Raises:
        ReferenceFailedError: where no voice says them.
    """
    first, second = (engine.reference(one).clip for one in pair.sentences)
    heard = [likelihood_ratio(engine, clip, pair, 0) for clip in (first, second)]
    apart = heard[0] is not None and heard[1] is not None and heard[0] - heard[1] > APART
    return PairVoices((first, second), apart)


def likelihood_ratio(
    engine: PracticeEngine, take: AudioClip, pair: Pair, target: int
) -> float | None:
    """Tell how much likelier a take is the target than the pair's other word.

    Returns:
        The difference of their log-likelihoods, None where nothing was heard.

    Raises:
        ReferenceFailedError: where the words cannot be prepared.
    """
    fits = engine.similarities(take, pair.sentences)
    wanted, other = fits[target], fits[1 - target]
    return None if wanted is None or other is None else wanted - other
