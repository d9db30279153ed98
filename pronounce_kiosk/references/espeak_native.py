"""ctypes bindings of libespeak-ng (speak_lib.h of 1.51 and 1.52).

Standard library only, so that it also runs as a script in a bare interpreter: a JSON request on
stdin, a JSON header line and 16-bit samples on stdout. espeak-ng keeps state between sentences
(repeating one gives 0-13 samples more or less), so only a fresh process is deterministic; it also
contains a crash of the C library.
"""

import ctypes
import json
import sys
from functools import cache
from typing import Any

_AUDIO_OUTPUT_SYNCHRONOUS = 2
_INITIALIZE_PHONEME_EVENTS = 1
_INITIALIZE_PHONEME_IPA = 2
_INITIALIZE_DONT_EXIT = 0x8000
_CHARS_UTF8 = 1
_PHONEMES = 0x100  # [[...]] in the text is espeak-ng's phoneme mnemonics
_RATE, _VOLUME, _PITCH, _RANGE = 1, 2, 3, 4
_EVENT_LIST_TERMINATED, _EVENT_WORD, _EVENT_PHONEME = 0, 1, 7
_EE_OK = 0


class NativeError(Exception):
    """espeak-ng fails; args[0] is one sentence for the user."""


class _EventId(ctypes.Union):
    _fields_ = (("number", ctypes.c_int), ("name", ctypes.c_char_p), ("string", ctypes.c_char * 8))


class _Event(ctypes.Structure):
    _fields_ = (
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", _EventId),
    )


_Callback = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event)
)


class NativeEspeak:
    """libespeak-ng in this process. Not thread-safe; the module docstring describes its state."""

    def __init__(self) -> None:
        try:
            # By its name: ctypes.util.find_library runs ldconfig or a compiler, 50 ms and more.
            self._library = ctypes.CDLL("libespeak-ng.so.1")
        except OSError as error:
            raise NativeError(
                "espeak-ng is missing: run scripts/setup, or apt install espeak-ng."
            ) from error
        self._library.espeak_Info.restype = ctypes.c_char_p
        self.sample_rate_hz: int = self._library.espeak_Initialize(
            _AUDIO_OUTPUT_SYNCHRONOUS,
            0,
            None,
            _INITIALIZE_PHONEME_EVENTS | _INITIALIZE_PHONEME_IPA | _INITIALIZE_DONT_EXIT,
        )
        if self.sample_rate_hz <= 0:
            raise NativeError(
                "espeak-ng found no voice data: run scripts/setup, or apt install espeak-ng-data."
            )

    @property
    def version(self) -> str:
        """Version of the loaded library."""
        text: bytes = self._library.espeak_Info(None)
        return text.decode("ascii", "replace").split()[0]

    def speak(
        self, text: str, voice: str, rate_wpm: int, pitch: int, pitch_range: int, phonemes: bool
    ) -> tuple[bytes, list[tuple[int, float]], list[tuple[str, float]]]:
        """Synthesise a text.

        Returns:
            16-bit samples; words as (text start, start_s); phones as (ipa, start_s).
        """
        data = text.replace("\0", " ").encode("utf-8")
        chunks: list[bytes] = []
        words: list[tuple[int, float]] = []
        phones: list[tuple[str, float]] = []

        def on_audio(wav: Any, count: int, events: Any) -> int:
            if count > 0 and wav:
                chunks.append(ctypes.string_at(wav, count * 2))
            index = 0
            while events and events[index].type != _EVENT_LIST_TERMINATED:
                event = events[index]
                start_s = event.sample / self.sample_rate_hz
                if event.type == _EVENT_WORD:
                    words.append((event.text_position - 1, start_s))
                elif event.type == _EVENT_PHONEME:
                    raw = bytes(event.id.string).split(b"\0")[0]
                    phones.append((_clean_ipa(raw.decode("utf-8", "ignore")), start_s))
                index += 1
            return 0

        callback = _Callback(on_audio)
        self._library.espeak_SetSynthCallback(callback)
        if self._library.espeak_SetVoiceByName(voice.encode()) != _EE_OK:
            raise NativeError(
                f"espeak-ng has no voice {voice!r}: choose one from espeak-ng --voices."
            )
        # Changing the voice resets all parameters, so each is set every time.
        parameters = {_RATE: rate_wpm, _VOLUME: 100, _PITCH: pitch, _RANGE: pitch_range}
        for parameter, value in parameters.items():
            self._library.espeak_SetParameter(parameter, int(value), 0)
        flags = _CHARS_UTF8 | (_PHONEMES if phonemes else 0)
        size = ctypes.c_size_t(len(data) + 1)
        status = self._library.espeak_Synth(data, size, 0, 1, 0, flags, None, None)
        self._library.espeak_Synchronize()
        if status != _EE_OK:
            raise NativeError("espeak-ng could not say the sentence: try again.")
        return b"".join(chunks), words, phones


def _clean_ipa(ipa: str) -> str:
    """Remove stress marks, tie bars and syllable separators."""
    return ipa.translate({ord(mark): None for mark in "ˈˌ͡‿.-|_ "})


def answer(request: list[Any]) -> tuple[dict[str, Any], bytes]:
    """Serve a request: the arguments of `NativeEspeak.speak`, or [] for the version alone.

    Returns:
        A header (version, sample_rate_hz, words and phones, or only error) and 16-bit samples.
    """
    try:
        engine = _loaded()
        header = {"version": engine.version, "sample_rate_hz": engine.sample_rate_hz}
        if not request:
            return header, b""
        pcm, words, phones = engine.speak(*request)
    except NativeError as error:
        return {"error": error.args[0]}, b""
    return {**header, "words": words, "phones": phones}, pcm


_loaded = cache(NativeEspeak)


def main() -> int:
    """Serve one request from stdin."""
    header, pcm = answer(json.load(sys.stdin))
    sys.stdout.buffer.write(json.dumps(header).encode("utf-8") + b"\n" + pcm)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
