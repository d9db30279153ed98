"""Google's voice through gTTS, fetched ahead of practice and never during it."""

import io
import json
import logging
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.audio.files import read_clip
from pronounce_kiosk.audio.reference import Reference
from pronounce_kiosk.core.atomic import write_atomically
from pronounce_kiosk.core.documents import read_kept
from pronounce_kiosk.core.errors import ReferenceFailedError, UnreadableAudioError
from pronounce_kiosk.core.score import ReferenceInfo
from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.references.cache import reference_key

CONNECT_TIMEOUT_S = 3.05
READ_TIMEOUT_S = 6.0
TOTAL_TIMEOUT_S = 20.0
REFUSED_WAIT_S = 15 * 60.0
UNREACHABLE_WAIT_S = 60.0
LONGEST_WAIT_S = 24 * 3600.0
_MAX_BYTES = 8_000_000
_LANGUAGES = {"zh": "zh-CN"}
_VERSION = "translate-1"
"""A fixed one, as the service gives none."""

_log = logging.getLogger(__name__)


class GttsEngine:
    """References from Google Translate's voice, over the network.

    Args:
        state_file: Where a refusal is stored, so that a restart does not ask again too soon; None
            keeps it in this process only.
        clock: Seconds since the epoch.
    """

    name = "gtts"

    def __init__(
        self,
        state_file: Path | None = None,
        clock: Callable[[], float] = time.time,
        timeout_s: tuple[float, float] = (CONNECT_TIMEOUT_S, READ_TIMEOUT_S),
        total_timeout_s: float = TOTAL_TIMEOUT_S,
    ) -> None:
        self._state_file = state_file
        self._clock = clock
        self._timeout_s = timeout_s
        self._total_timeout_s = total_timeout_s
        self._until_s, self._failures = _remembered(state_file)

    def key(self, sentence: Sentence) -> str:
        """Return the content address of the reference that `render` would give."""
        return reference_key(sentence, self.name, _voice(sentence), _VERSION)

    def wait_s(self) -> float:
        """Return the seconds to wait after a refusal or a missing network; 0.0 for none."""
        wait_s = self._until_s - self._clock()
        # A Pi's clock jumps when the network comes: a wait beyond the longest is such a jump.
        return wait_s if 0.0 < wait_s <= LONGEST_WAIT_S else 0.0

    def render(self, sentence: Sentence) -> Reference:
        """Fetch the sentence; blocks for `TOTAL_TIMEOUT_S` at most.

        Raises:
            ReferenceFailedError: Field ``reason`` is ``waiting`` (asked again too soon),
                ``unreachable``, ``refused``, ``unsupported`` or ``garbage``.
        """
        wait_s = self.wait_s()
        if wait_s:
            raise _failed("waiting", f"gTTS is not asked for another {wait_s:.0f} seconds")
        mp3 = self._fetch(sentence)
        clip = _decoded(mp3)
        if clip is None:
            self._back_off(REFUSED_WAIT_S)
            raise _failed("garbage", "gTTS answered with something that is not speech")
        self._answered()
        return Reference(clip, ReferenceInfo(self.name, _voice(sentence)), self.key(sentence))

    def _fetch(self, sentence: Sentence) -> bytes:
        """Fetch the mp3 within the total time. A stalled socket is left to its thread."""
        outcome: list[bytes | Exception] = []

        def work() -> None:
            try:
                outcome.append(_speak(sentence.text, _voice(sentence), self._timeout_s))
            except Exception as error:
                outcome.append(error)

        thread = threading.Thread(target=work, name="gtts", daemon=True)
        thread.start()
        thread.join(self._total_timeout_s)
        result = outcome[0] if outcome else TimeoutError("no whole answer in time")
        if isinstance(result, bytes):
            return result
        raise self._explained(result) from result

    def _explained(self, error: Exception) -> ReferenceFailedError:
        """Store the reason of a failure and build its error."""
        response = getattr(error, "rsp", None)
        # gTTS raises these two itself; decoding errors are subclasses of ValueError.
        if type(error) is ValueError or isinstance(error, AssertionError):
            return _failed("unsupported", "gTTS cannot say this sentence or its language")
        if response is None and not isinstance(error, ValueError):
            self._back_off(UNREACHABLE_WAIT_S)
            return _failed("unreachable", "gTTS cannot be reached: check the network")
        if response is None or response.status_code == 200:
            self._back_off(REFUSED_WAIT_S)
            return _failed("garbage", "gTTS answered without speech")
        self._back_off(max(REFUSED_WAIT_S, _retry_after_s(response)))
        return _failed("refused", f"gTTS refused ({response.status_code})")

    def _back_off(self, wait_s: float) -> None:
        wait_s = min(wait_s * 2**self._failures, LONGEST_WAIT_S)
        self._failures = min(self._failures + 1, 10)
        self._until_s = self._clock() + wait_s
        self._remember()

    def _answered(self) -> None:
        if self._failures:
            self._failures, self._until_s = 0, 0.0
            self._remember()

    def _remember(self) -> None:
        if self._state_file is None:
            return
        state = {"until_s": self._until_s, "failures": self._failures}
        try:
            write_atomically(self._state_file, json.dumps(state).encode())
        except OSError as error:
            _log.info("the wait for gTTS is not kept: %s", error)


def _remembered(state_file: Path | None) -> tuple[float, int]:
    """Return when gTTS may be asked again, and how often in a row it failed."""
    if state_file is None:
        return 0.0, 0
    return read_kept(state_file, _parsed, (0.0, 0), "gTTS may be asked at once")


def _parsed(document: Any) -> tuple[float, int]:
    return float(document["until_s"]), min(max(int(document["failures"]), 0), 10)


def _voice(sentence: Sentence) -> str:
    """Return Google's code of the language; it has one voice each."""
    return _LANGUAGES.get(sentence.language, sentence.language)


def _speak(text: str, language: str, timeout_s: tuple[float, float]) -> bytes:
    """Fetch the mp3 of a text. Raises gTTS's errors."""
    import gtts

    buffer = io.BytesIO()
    gtts.gTTS(text, lang=language, timeout=timeout_s).write_to_fp(buffer)  # type: ignore[arg-type]
    return buffer.getvalue()


def _decoded(mp3: bytes) -> AudioClip | None:
    """Decode an mp3; None where the bytes are not audible audio."""
    if not 0 < len(mp3) <= _MAX_BYTES:
        return None
    with tempfile.TemporaryDirectory(prefix="pronounce-kiosk-") as folder:
        path = Path(folder) / "speech.mp3"
        path.write_bytes(mp3)
        try:
            clip = read_clip(path)
        except UnreadableAudioError as error:
            _log.info("gTTS's answer is not audio: %s", error)
            return None
    return clip if clip.duration_s >= 0.1 and np.any(clip.samples) else None


def _retry_after_s(response: Any) -> float:
    try:
        return min(max(float(response.headers.get("Retry-After", "0")), 0.0), LONGEST_WAIT_S)
    except ValueError:  # a date: use the usual wait
        return 0.0


def _failed(reason: str, what: str) -> ReferenceFailedError:
    return ReferenceFailedError(
        f"{what}; espeak-ng says the sentence instead.", reason=reason, engine="gtts"
    )
