"""What a score was made with, and whether two scores may be compared."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from pronounce_kiosk.core.score import BundleInfo, ReferenceInfo, Score


class Incomparable(str, Enum):
    """Why two scores must not be compared point by point, the weightiest reason first."""

    UNKNOWN = "unknown"
    """One of them does not say what made it."""
    BUNDLE = "bundle"
    """Another model scored: each has a scale of its own."""
    ENGINE = "engine"
    """The reference was said by another engine."""
    VOICE = "voice"
    """The reference was said by another voice of the same engine."""


@dataclass(frozen=True)
class Provenance:
    """What made a score; None where that was not kept."""

    bundle: BundleInfo | None
    reference: ReferenceInfo | None

    @classmethod
    def of(cls, score: Score) -> Provenance:
        """A score's own."""
        return cls(score.bundle, score.reference)


def why_incomparable(one: Provenance, other: Provenance) -> Incomparable | None:
    """None where two scores may be compared; else why a difference between them means nothing.

    A bundle is its name and its model's sha256: the same weights under another manifest may be
    calibrated otherwise.
    """
    if None in (one.bundle, other.bundle, one.reference, other.reference):
        return Incomparable.UNKNOWN
    assert one.reference is not None
    assert other.reference is not None
    if one.bundle != other.bundle:
        return Incomparable.BUNDLE
    if one.reference.engine != other.reference.engine:
        return Incomparable.ENGINE
    if one.reference.voice != other.reference.voice:
        return Incomparable.VOICE
    return None
