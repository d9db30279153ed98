"""Voice activity detection, and trimming a clip to its voice.

webrtcvad (WebRTC's Gaussian mixtures) depends on the level, so it always gets the normalised clip.
It sometimes classifies steady noise as voice, so a frame must also come within `FLOOR_DB` of the
loudest. Only the ends are cut: pauses inside are part of the take.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from pronounce_kiosk.audio.clip import PIPELINE_SAMPLE_RATE_HZ, AudioClip, FloatArray
from pronounce_kiosk.audio.level import decibels, frame_rms, normalised

FRAME_MS = 30
FRAME = PIPELINE_SAMPLE_RATE_HZ * FRAME_MS // 1000
AGGRESSIVENESS = 2
"""webrtcvad's mode, 0-3. 3 loses the ends of quiet children's words, 1 keeps breath."""
FLOOR_DB = 35.0
"""A frame this far below the loudest counts as voiceless, whatever webrtcvad answers."""
MIN_RUN_FRAMES = 3
"""Voice begins with this many voiced frames in a row: a click or a tap is shorter."""
HANGOVER_BEFORE_FRAMES = 3
"""Frames kept before the first voiced one, for an unvoiced onset (ㅅ, ㅊ, h)."""
HANGOVER_AFTER_FRAMES = 4
"""Frames kept after the last voiced one, for the release of a final stop."""
ONSET_DB = -25.0
ONSET_WINDOW = 320
"""The onset is where a window of this length (20 ms) first comes this near to the loudest one."""
MAX_GAIN = 100.0
"""Largest gain (40 dB) of the streaming detector for a quiet microphone."""


@dataclass(frozen=True)
class Trimmed:
    """A trimmed clip, empty where there is no voice. Times in seconds in the original clip."""

    clip: AudioClip
    start_s: float
    end_s: float


def voiced_frames(clip: AudioClip, only_first: bool = False) -> NDArray[np.bool_]:
    """Find the 30 ms frames with voice, shape (n // 480,), of a 16 kHz clip.

    Runs under `MIN_RUN_FRAMES` are removed. All False for silence. only_first: stop after the first
    run that is long enough.
    """
    if clip.sample_rate_hz != PIPELINE_SAMPLE_RATE_HZ:
        raise ValueError(f"trim works at {PIPELINE_SAMPLE_RATE_HZ} Hz, not {clip.sample_rate_hz}")
    samples = normalised(clip).samples
    rms = frame_rms(samples, FRAME)
    if not len(rms) or rms.max() < 1e-6:
        return np.zeros(len(rms), np.bool_)
    pcm = _int16(samples).tobytes()
    vad = _new_vad()
    loud = decibels(rms) > decibels(float(rms.max())) - FLOOR_DB
    voiced = np.zeros(len(rms), np.bool_)
    run = 0
    for number, is_loud in enumerate(loud.tolist()):
        # Fed quiet frames too: webrtcvad's answer depends on all earlier frames.
        start = 2 * FRAME * number
        is_speech = vad.is_speech(pcm[start : start + 2 * FRAME], PIPELINE_SAMPLE_RATE_HZ)
        run = run + 1 if is_speech and is_loud else 0
        voiced[number] = run > 0
        if only_first and run == MIN_RUN_FRAMES:
            break
    # A frame stays where some run of so many around it is all voice.
    runs = sliding_window_view(np.pad(voiced, MIN_RUN_FRAMES - 1), MIN_RUN_FRAMES).all(axis=1)
    kept: NDArray[np.bool_] = np.any(sliding_window_view(runs, MIN_RUN_FRAMES), axis=1)
    return kept


def first_voiced_frame(clip: AudioClip) -> int | None:
    """Find the first of `voiced_frames`; None where there is none."""
    voiced = np.flatnonzero(voiced_frames(clip, only_first=True))
    return int(voiced[0]) if len(voiced) else None


def trim(clip: AudioClip) -> Trimmed:
    """Cut a 16 kHz clip to its voice with a hangover; an empty clip where there is none."""
    voiced = np.flatnonzero(voiced_frames(clip))
    if not len(voiced):
        return Trimmed(clip.part(0, 0), 0.0, 0.0)
    start = _start_in_phase(clip, max(0, (int(voiced[0]) - HANGOVER_BEFORE_FRAMES) * FRAME))
    end = min(len(clip.samples), (int(voiced[-1]) + 1 + HANGOVER_AFTER_FRAMES) * FRAME)
    return Trimmed(clip.part(start, end), start / clip.sample_rate_hz, end / clip.sample_rate_hz)


def in_phase(clip: AudioClip) -> AudioClip:
    """Drop a partial frame at the beginning, so that whole frames lead to the voice's onset.

    A clip's first sample is arbitrary (a click, a cut). Aligned to the onset, the frames of VAD and
    noise profile fall on the voice alike whatever precedes it.
    """
    onset = _onset(clip, 0)
    return clip.part((onset or 0) % FRAME, len(clip.samples))


def _start_in_phase(clip: AudioClip, start: int) -> int:
    """Return the last sample up to `start` that lies whole frames before the voice's onset.

    Needed again after denoising, which may move the onset.
    """
    onset = _onset(clip, start)
    if onset is None:
        return start
    return max(onset - -(-(onset - start) // FRAME) * FRAME, onset % FRAME)


def _onset(clip: AudioClip, start: int) -> int | None:
    """Find the first sample from `start` on where a window comes near the loudest one's level."""
    power = np.square(clip.samples.astype(np.float64))
    total = np.concatenate([[0.0], np.cumsum(power)])
    level = total[ONSET_WINDOW:] - total[:-ONSET_WINDOW]
    if not len(level) or not level.max() > 0:
        return None
    loud = level[start:] > level.max() * 10 ** (ONSET_DB / 10)
    return start + int(np.argmax(loud)) if loud.any() else None


class SpeechEndDetector:
    """Detects in a 16 kHz stream that the speaker has begun and finished.

    The noise floor starts as the level of the first frames and follows the quietest ones, down at
    once and up slowly. Voice is a frame that webrtcvad accepts and that is `ABOVE_FLOOR_DB` above
    the floor. Not thread-safe.

    Args:
        silence_end_ms: A pause this long after the voice ends the take, unless `wait` changes it.
    """

    PAUSE_MS = 300
    """Pause after which the take may have ended: it leaves 200 ms to tell whether the sentence is
    finished (`PracticeEngine.wait_ms`). Raising it ends takes later; lowering it checks in more
    pauses."""
    ABOVE_FLOOR_DB = 8.0
    FLOOR_FRAMES = 5
    FLOOR_START_MAX_DBFS = -30.0
    FLOOR_RISE_DB_PER_S = 4.0
    START_FRAMES = 4

    def __init__(self, silence_end_ms: int = 1200) -> None:
        self.silence_end_ms = silence_end_ms
        self.started = False
        self.ended = False
        self.speaking = False
        self._vad = _new_vad()
        self._pending: FloatArray = np.zeros(0, np.float32)
        self._floor_db = self.FLOOR_START_MAX_DBFS
        self._first_db: list[float] = []
        self._loudest = 0.0
        self._voiced_run = 0
        self._quiet_ms = 0
        self._end_ms = silence_end_ms

    def wait(self, silence_ms: int) -> None:
        """Set another silence duration for the pause under way."""
        self._end_ms = silence_ms

    @property
    def pausing(self) -> bool:
        """Whether the speaker has begun and pauses long enough that the take may have ended."""
        return self._quiet_ms >= min(self.PAUSE_MS, self.silence_end_ms // 2)

    def feed(self, samples: FloatArray) -> None:
        """Process float32 samples, shape (n,), of any n; an incomplete frame is buffered."""
        self._pending = np.concatenate([self._pending, np.asarray(samples, np.float32)])
        while len(self._pending) >= FRAME:
            frame, self._pending = self._pending[:FRAME], self._pending[FRAME:]
            self._hear(frame)

    def _hear(self, frame: FloatArray) -> None:
        centred = frame.astype(np.float64) - float(frame.mean())
        rms = float(np.sqrt(np.mean(np.square(centred))))
        level_db = float(decibels(rms))
        rise_db = self.FLOOR_RISE_DB_PER_S * FRAME_MS / 1000
        # Digital silence (a microphone that delivers nothing) does not describe the room.
        if rms > 0:
            self._first_db = [*self._first_db, level_db][-self.FLOOR_FRAMES :]
            self._floor_db = min(max(level_db, -90.0), self._floor_db + rise_db)
        if len(self._first_db) < self.FLOOR_FRAMES:
            return
        self._loudest = max(rms, self._loudest * 0.995)
        gain = min(MAX_GAIN, 0.1 / max(self._loudest, 1e-9))
        voiced = level_db > self._floor_db + self.ABOVE_FLOOR_DB and self._vad.is_speech(
            _int16(centred * gain).tobytes(), PIPELINE_SAMPLE_RATE_HZ
        )
        self._voiced_run = self._voiced_run + 1 if voiced else 0
        if self._voiced_run >= self.START_FRAMES:
            self.started = True
            self.speaking = True
            self._quiet_ms = 0
            self._end_ms = self.silence_end_ms
        elif not voiced and self.started:
            self._quiet_ms += FRAME_MS
            self.speaking = self._quiet_ms < HANGOVER_AFTER_FRAMES * FRAME_MS
            self.ended = self.ended or self._quiet_ms >= self._end_ms


def _new_vad() -> Any:
    """Make a fresh detector.

    Imported late: webrtcvad looks up its own version, which loads the standard library's e-mail
    parser and would delay the window.
    """
    import webrtcvad

    return webrtcvad.Vad(AGGRESSIVENESS)


def _int16(samples: NDArray[np.floating]) -> NDArray[np.int16]:
    pcm: NDArray[np.int16] = np.clip(np.round(samples * 32767.0), -32768, 32767).astype(np.int16)
    return pcm
