"""`Score`: the result of scoring one take, its JSON, and whether two may be compared."""

from dataclasses import asdict, dataclass, field
from enum import Enum
from numbers import Integral, Real
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


class Note(str, Enum):
    """Advice attached to a scored take."""

    LOUD = "loud"
    """Some peaks are clipped: a little too loud."""


@dataclass(frozen=True)
class PhoneScore:
    """Score of one phone of a unit, and the phone detected in its place.

    Attributes:
        phone: Its name in the language's phone set (`language.phones`).
        score: 0-100.
        heard: The phone detected instead, "" where it was omitted, None where it was right or the
            model is not sure.
    """

    phone: str
    score: float
    heard: str | None = None


@dataclass(frozen=True)
class UnitScore:
    """One unit (Hangul syllable block, or word) with its time in the take and its score 0-100.

    Attributes:
        score: None where the model gives none.
        said: False where the unit was omitted.
        phones: In order; empty where the model gives none.
    """

    text: str
    start_s: float
    end_s: float
    score: float | None
    said: bool = True
    phones: tuple[PhoneScore, ...] = ()


class RemarkKind(str, Enum):
    """Kind of a remark about a stretch of a sentence."""

    AS_SPELLED = "as_spelled"
    """Read as spelled, not as pronounced."""
    ADDED = "added"
    """Speech before the first unit or after the last that is not in the sentence."""
    STRESS = "stress"
    """A word stressed on another syllable."""


@dataclass(frozen=True)
class Remark:
    """A remark about the units from first to last, last inclusive.

    For speech added after the last unit, first and last are the number of units.

    Attributes:
        syllables: Of a moved stress: how many the word has, which one is stressed, and which one
            the speaker stressed, counted from 0; else empty.
    """

    kind: RemarkKind
    first: int
    last: int
    syllables: tuple[int, ...] = ()


@dataclass(frozen=True)
class ReferenceInfo:
    """The source of the reference. engine: ``espeak``, ``gtts`` or ``recording``."""

    engine: str
    voice: str


@dataclass(frozen=True)
class BundleInfo:
    """The model that scored. sha256 is that of model.pt."""

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
    notes: tuple[Note, ...] = ()
    remarks: tuple[Remark, ...] = ()
    reference: ReferenceInfo | None = None
    bundle: BundleInfo | None = None
    timings_ms: dict[str, float] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Return the contract of ``score --json``: plain types, points to 0.01, times to 1 ms."""
        document: dict[str, Any] = _plain(asdict(self))
        return document


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


def _plain(value: Any, digits: int = 2) -> Any:
    if isinstance(value, dict):
        return {
            name: _plain(part, 3 if name in ("start_s", "end_s") else 2)
            for name, part in value.items()
        }
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    if isinstance(value, Enum):
        return value.value
    is_fraction = isinstance(value, Real) and not isinstance(value, Integral)
    return round(float(value), digits) if is_fraction else value
