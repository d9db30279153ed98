"""`Score`: what the pipeline says about one take, and the JSON other programs rely on."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import Any


class Verdict(str, Enum):
    """``scored``, or why a take was not scored."""

    SCORED = "scored"
    SILENCE = "silence"
    TOO_QUIET = "too_quiet"
    CLIPPED = "clipped"
    NOISY = "noisy"
    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    DIFFERENT_SENTENCE = "different_sentence"
    UNREADABLE = "unreadable"


@dataclass(frozen=True)
class UnitScore:
    """One unit (Hangul syllable block, or word) with its time in the take and its score 0-100.

    score is None where the model gives none.
    """

    text: str
    start_s: float
    end_s: float
    score: float | None


@dataclass(frozen=True)
class ReferenceInfo:
    """Who said the reference. engine: ``espeak``, ``gtts`` or ``recording``."""

    engine: str
    voice: str


@dataclass(frozen=True)
class BundleInfo:
    """Which model scored. sha256 is that of model.pt."""

    name: str
    sha256: str


@dataclass(frozen=True)
class Score:
    """The result of one take. Numbers are 0-100, or None where there is no such number."""

    verdict: Verdict
    score: float | None = None
    accuracy: float | None = None
    fluency: float | None = None
    prosody: float | None = None
    units: tuple[UnitScore, ...] = ()
    reference: ReferenceInfo | None = None
    bundle: BundleInfo | None = None
    timings_ms: dict[str, float] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """The contract of ``score --json``: plain types, numbers rounded to 0.01."""

        def rounded(value: float | None) -> float | None:
            return None if value is None else round(float(value), 2)

        return {
            "verdict": self.verdict.value,
            "score": rounded(self.score),
            "accuracy": rounded(self.accuracy),
            "fluency": rounded(self.fluency),
            "prosody": rounded(self.prosody),
            "units": [
                {
                    "text": unit.text,
                    "start_s": round(unit.start_s, 3),
                    "end_s": round(unit.end_s, 3),
                    "score": rounded(unit.score),
                }
                for unit in self.units
            ],
            "reference": None
            if self.reference is None
            else {"engine": self.reference.engine, "voice": self.reference.voice},
            "bundle": None
            if self.bundle is None
            else {"name": self.bundle.name, "sha256": self.bundle.sha256},
            "timings_ms": {stage: round(ms, 2) for stage, ms in self.timings_ms.items()},
        }
