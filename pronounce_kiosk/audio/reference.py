"""`Reference`: the clip of a correctly pronounced sentence, its source and unit times."""

from dataclasses import dataclass

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.core.score import ReferenceInfo


@dataclass(frozen=True)
class UnitTime:
    """A unit of the sentence with its time in a clip."""

    text: str
    start_s: float
    end_s: float


@dataclass(frozen=True)
class PhoneTime:
    """One phone as the engine pronounced it. ``unit`` is the index of its unit."""

    phone: str
    start_s: float
    end_s: float
    unit: int


@dataclass(frozen=True, eq=False)
class Reference:
    """A correctly pronounced sentence.

    units and phones are empty where the engine gives no times (gTTS, a recording): the times then
    come from aligning the clip with espeak-ng's rendering of the sentence. key: content address of
    (text, language, engine, voice, version); the cache's file name.
    """

    clip: AudioClip
    info: ReferenceInfo
    key: str
    units: tuple[UnitTime, ...] = ()
    phones: tuple[PhoneTime, ...] = ()
