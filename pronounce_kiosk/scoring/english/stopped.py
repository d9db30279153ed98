"""Find an English sentence that was broken off: its beginning was said, the rest was not."""

import numpy as np

from pronounce_kiosk.audio.clip import FloatArray
from pronounce_kiosk.language.phones import PhoneLine
from pronounce_kiosk.scoring.english.alignment import beginning_log_likelihoods
from pronounce_kiosk.scoring.stopped import word_ends

LEAST_NEPERS = 5.0
"""How much better a beginning has to fit a take than the whole sentence."""
SURE_ACCEPTANCE, SURE_MARGIN = 2.0, 3.0
"""Log-odds of acceptance that the beginning needs, and by how much they exceed the whole's. Of 239
learners' takes cut after a word 96 % are told, 91 % of these at the right word; of 250 whole takes
one, of 250 other sentences none. Raising any of the three tells fewer."""

_IMPOSSIBLE = -1e6
"""Fit of more phones than the take has frames."""


def phones_begun(log_posteriors: FloatArray, line: PhoneLine) -> int | None:
    """Count the phones up to the word after which a sentence was broken off.

    Args:
        log_posteriors: of the take, (frames, phones of the set + 1).
        line: the sentence's phones.

    Returns:
        The count, or None where no beginning fits much better than the whole.
    """
    fits = np.maximum(beginning_log_likelihoods(log_posteriors, line.indices), _IMPOSSIBLE)
    best = max(word_ends(line.units), key=lambda place: float(fits[place]), default=None)
    return None if best is None or fits[best] - fits[-1] < LEAST_NEPERS else best
