"""The Siamese comparison: phones of take and reference in the acoustic model's bottleneck."""

from dataclasses import replace

import numpy as np

from pronounce_kiosk.audio.clip import FloatArray
from pronounce_kiosk.scoring.korean.alignment import Alignment
from pronounce_kiosk.scoring.korean.evidence import PhoneEvidence

ALIKE = 0.9
"""Cosine from which a phone sounds like the example itself. Two people who say the same phone
reach it rarely, one recording played again always; raising it trusts examples less."""
ALIKE_SUPPORT = 1.5
"""Nepers of support that such a phone gets at a cosine of 1, falling to none at `ALIKE`: what
sounds just like the example is as right as the example is."""

ALIKE_TAKE = 0.8
"""Mean cosine from which a whole take counts as the example played again."""
ALIKE_ALLOWANCE = 6.0
"""Log-odds of acceptance that the example itself gets: some words the acoustic model hears badly by
espeak-ng's voice, and would refuse."""


def likeness(bottleneck: FloatArray, alignment: Alignment, reference: FloatArray) -> FloatArray:
    """Give the cosine of each phone in a take, (frames, 64), with a reference's `phone_vectors`."""
    return (phone_vectors(bottleneck, alignment) * reference).sum(axis=1)


def allowance(cosines: FloatArray) -> float:
    """Give the log-odds of acceptance that sounding like the example adds; 0 or more."""
    alike = (float(cosines.mean()) - ALIKE_TAKE) / (1.0 - ALIKE_TAKE)
    return ALIKE_ALLOWANCE * min(max(alike, 0.0), 1.0)


def phone_vectors(bottleneck: FloatArray, alignment: Alignment) -> FloatArray:
    """Average the bottleneck over each phone, less the clip's mean, at length 1; (phones, 64)."""
    centred = bottleneck - bottleneck.mean(axis=0)
    sums = np.concatenate([np.zeros((1, centred.shape[1])), np.cumsum(centred, axis=0)])
    total = sums[alignment.ends] - sums[alignment.starts]
    length = np.linalg.norm(total, axis=1, keepdims=True)
    return (total / np.maximum(length, 1e-9)).astype(np.float32)


def supported(evidence: PhoneEvidence, cosines: FloatArray) -> PhoneEvidence:
    """Raise the support of phones that sound just like the example's."""
    alike = np.clip((cosines - ALIKE) / (1.0 - ALIKE), 0.0, 1.0)
    floor = np.where(alike > 0.0, ALIKE_SUPPORT * alike, -np.inf)
    raised = np.maximum(evidence.support, floor).astype(np.float32)
    added = np.where(alike > 0.5, np.inf, evidence.added).astype(np.float32)
    return replace(evidence, support=raised, added=added)
