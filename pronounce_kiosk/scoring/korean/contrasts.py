"""Weigh the phones that a lesson teaches to tell apart with the odds of a lesson."""

from dataclasses import replace

import numpy as np

from pronounce_kiosk.scoring.korean.evidence import FLOOR, PhoneEvidence, Posteriors
from pronounce_kiosk.scoring.korean.phones import Phones

LESSON_LOG_ODDS = 2.6
"""By how much a confusion is likelier in a lesson on it than in all speech, as log odds: some in a
hundred sounds there, one in three here. Raising it marks more sounds, right ones too."""
NEPERS_OF_RATIO = 1.5
"""Support that a neper of the likelihood ratio is worth, as in `evidence`: goodness falls along."""


def contrasted(evidence: PhoneEvidence, posteriors: Posteriors, phones: Phones) -> PhoneEvidence:
    """Lower the support of phones that sound like another member of their contrast.

    Method: Bayes. The log likelihood ratio of the phone against the likeliest other member, a mean
    over its frames, less the log prior odds of that confusion. Other phones are not asked.
    """
    support, rival = evidence.support.copy(), evidence.rival.copy()
    expected = evidence.expected.copy()
    alignment = evidence.alignment
    for place, phone in enumerate(phones):
        start, end = int(alignment.starts[place]), int(alignment.ends[place])
        if not phone.contrast or end <= start:
            continue
        frames = posteriors[start:end]
        own = float(np.log(frames[:, list(phone.accepted)].max(axis=1) + FLOOR).mean())
        others = np.log(frames[:, list(phone.contrast)] + FLOOR).mean(axis=0)
        likeliest = int(others.argmax())
        odds = own - float(others[likeliest]) - LESSON_LOG_ODDS
        support[place] = min(support[place], NEPERS_OF_RATIO * odds)
        if odds < 0.0:
            rival[place] = phone.contrast[likeliest]
            expected[place] = True
    return replace(evidence, support=support, rival=rival, expected=expected)
