"""The model and references behind a score, and whether two scores may be compared."""

from __future__ import annotations

from enum import Enum

from pronounce_kiosk.core.score import Score


class Incomparable(str, Enum):
    """Reason why two scores must not be compared point by point, the most important first."""

    UNKNOWN = "unknown"
    """The model or the reference of one is not recorded."""
    BUNDLE = "bundle"
    """Another model scored: each has its own scale."""
    ENGINE = "engine"
    """Another engine synthesised the reference."""
    VOICE = "voice"
    """Another voice of the engine synthesised the reference."""


def why_incomparable(one: Score, other: Score) -> Incomparable | None:
    """Return why two scores must not be compared, or None where they may.

    A bundle is identified by its name and its model's sha256: equal weights under another manifest
    may be calibrated otherwise.
    """
    first, second = one.reference, other.reference
    if first is None or second is None or one.bundle is None or other.bundle is None:
        return Incomparable.UNKNOWN
    if one.bundle != other.bundle:
        return Incomparable.BUNDLE
    if first.engine != second.engine:
        return Incomparable.ENGINE
    return Incomparable.VOICE if first.voice != second.voice else None
