"""The model and references behind a score, and whether two scores may be compared."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from pronounce_kiosk.core.score import BundleInfo, ReferenceInfo, Score


class Incomparable(str, Enum):
    """Reason why two scores must not be compared point by point, the most important first."""

    UNKNOWN = "unknown"
    """The provenance of one is not recorded."""
    BUNDLE = "bundle"
    """Another model scored: each has its own scale."""
    ENGINE = "engine"
    """Another engine synthesised the reference."""
    VOICE = "voice"
    """Another voice of the engine synthesised the reference."""


@dataclass(frozen=True)
class Provenance:
    """Model and reference of a score; None where one was not recorded."""

    bundle: BundleInfo | None
    reference: ReferenceInfo | None

    @classmethod
    def of(cls, score: Score) -> Provenance:
        """Return the provenance of a score."""
        return cls(score.bundle, score.reference)


def why_incomparable(one: Provenance, other: Provenance) -> Incomparable | None:
    """Return why two scores must not be compared, or None where they may.

    A bundle is identified by its name and its model's sha256: equal weights under another manifest
    may be calibrated otherwise.
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
