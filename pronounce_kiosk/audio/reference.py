"""`Reference`: the clip of a sentence said right, with who said it and where its units lie."""

from __future__ import annotations

from dataclasses import dataclass

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.core.score import ReferenceInfo


@dataclass(frozen=True)
class UnitTime:
    """A unit of the sentence and where it lies in a clip."""

    text: str
    start_s: float
    end_s: float


@dataclass(frozen=True)
class PhoneTime:
    """One phone as the engine said it. ``unit`` is the index of the unit it belongs to."""

    phone: str
    start_s: float
    end_s: float
    unit: int


@dataclass(frozen=True, eq=False)
class Reference:
    """A sentence said right.

    units and phones are empty where the engine gives no times (gTTS, a recording): their times
    come from aligning the clip with espeak-ng's rendering of the same sentence.
    key: content address of (text, language, engine, voice, version); the cache's file name.
    """

    clip: AudioClip
    info: ReferenceInfo
    key: str
    units: tuple[UnitTime, ...] = ()
    phones: tuple[PhoneTime, ...] = ()
