"""Call espeak-ng's C library: samples with the times of words and phones.

The command-line program gives no times. By default each sentence is synthesised in a process of its
own; espeak_native.py says why.
"""

import json
import subprocess
import sys
import threading
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from pronounce_kiosk.audio.clip import FloatArray
from pronounce_kiosk.core.errors import ReferenceFailedError
from pronounce_kiosk.references import espeak_native

DEFAULT_RATE_WPM = 160
DEFAULT_PITCH = 50
_TIMEOUT_S = 20


@dataclass(frozen=True)
class SpokenWord:
    """A word event. text_start counts characters of the text from 0; times in seconds."""

    text_start: int
    start_s: float


@dataclass(frozen=True)
class SpokenPhone:
    """A phone event: IPA without stress marks; "" is a pause."""

    ipa: str
    start_s: float
    end_s: float


@dataclass(frozen=True, eq=False)
class Spoken:
    """samples: float32 mono at sample_rate_hz (22050), events in time order."""

    samples: FloatArray
    sample_rate_hz: int
    words: tuple[SpokenWord, ...]
    phones: tuple[SpokenPhone, ...]


class EspeakLibrary:
    """Synthesises text with espeak-ng.

    Args:
        fresh_process: True gives equal samples for equal arguments every time (25 ms more); False
            renders in this process, behind a lock: for training data by the thousand.
    """

    _lock = threading.Lock()

    def __init__(self, fresh_process: bool = True) -> None:
        self._fresh_process = fresh_process

    @cached_property
    def version(self) -> str:
        """The library's version, part of a reference's content address."""
        return str(self._answer([])[0]["version"])

    def speak(
        self,
        text: str,
        voice: str,
        rate_wpm: int = DEFAULT_RATE_WPM,
        pitch: int = DEFAULT_PITCH,
        pitch_range: int = 50,
        phonemes: bool = False,
    ) -> Spoken:
        """Synthesise a text.

        Args:
            text: Text without anything to pronounce gives 0 samples.
            voice: ``ko``, ``en-us``, or with a variant ``ko+f2``.
            rate_wpm: 80-450. pitch and pitch_range: 0-99.
            phonemes: Text between [[ ]] is phoneme mnemonics.

        Raises:
            ReferenceFailedError: The voice is unknown, or the library or its data is missing or
                fails.
        """
        header, pcm = self._answer([text, voice, rate_wpm, pitch, pitch_range, phonemes])
        rate = header["sample_rate_hz"]
        samples = np.frombuffer(pcm, np.int16).astype(np.float32) / np.float32(32768)
        words = tuple(SpokenWord(*word) for word in header["words"])
        return Spoken(samples, rate, words, _with_ends(header["phones"], len(samples) / rate))

    def _answer(self, request: list[Any]) -> tuple[dict[str, Any], bytes]:
        """Return header and 16-bit samples, as `espeak_native.answer` does."""
        if self._fresh_process:
            header, pcm = _ask_process(request)
        else:
            with self._lock:
                header, pcm = espeak_native.answer(request)
        if "error" in header:
            raise ReferenceFailedError(header["error"])
        return header, pcm


def _ask_process(request: list[Any]) -> tuple[dict[str, Any], bytes]:
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-S", espeak_native.__file__],
            input=json.dumps(request).encode("utf-8"),
            capture_output=True,
            timeout=_TIMEOUT_S,
            check=True,
        )
    except (subprocess.SubprocessError, OSError) as error:
        raise ReferenceFailedError(
            "espeak-ng could not say the sentence: check it with espeak-ng on its own."
        ) from error
    line, _, pcm = done.stdout.partition(b"\n")
    return json.loads(line), pcm


def _with_ends(marks: list[Any], end_s: float) -> tuple[SpokenPhone, ...]:
    """Add ends: a phone ends where the next begins, the last one where the audio does."""
    ends = [start for _, start in marks[1:]] + [end_s]
    return tuple(
        SpokenPhone(ipa, start, max(start, end))
        for (ipa, start), end in zip(marks, ends, strict=True)
    )
