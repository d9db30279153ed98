"""The speaker, through sounddevice."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.core.errors import DeviceError
from pronounce_kiosk.devices.portaudio import HOST, close_stream, open_stream
from pronounce_kiosk.devices.sound_server import NO_SERVER, query_server
from pronounce_kiosk.devices.stream import StreamRequest

_log = logging.getLogger(__name__)

LATENCY_S = 0.3  # with 0.1 a busy machine (scoring a take) leaves gaps; raising it starts later
TAIL_S = 0.5
OVERDUE_S = 2.0
"""Time after a clip's length at which it counts as finished. A server whose speaker went away sends
no callback, and the learner's button must not stay pressed."""

_FAINT = 1e-3
"""Limits the gain to 60 dB."""

OnFinished = Callable[[], None]


@dataclass(eq=False)
class _Playback:
    """One clip being played, the only data that the stream's thread touches."""

    on_finished: OnFinished | None
    most_gain: float
    gain: float
    samples: NDArray[np.float32] | None = None  # known once the device's rate is
    position: int = 0
    rate_hz: int = 1
    stream: Any = None
    ended: bool = False
    overdue: threading.Timer | None = None

    def fill(self, frames: int) -> NDArray[np.float32]:
        """Return the next samples; see `Fill`."""
        if self.samples is None:
            return np.zeros(frames, np.float32)
        part = self.samples[self.position : self.position + frames]
        self.position += len(part)
        return part * np.float32(min(self.gain, self.most_gain))


class Speaker:
    """The speaker, through PortAudio: the sound server's default sink. One clip plays at a time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._now: _Playback | None = None
        self._gain = 1.0

    @property
    def playing(self) -> bool:
        """Whether a clip is being played."""
        return self._now is not None

    @property
    def position_s(self) -> float:
        """How much of the clip being played has been heard, within 0.07 s; on any thread.

        The buffer is kept full, so what lies in it lasts `LATENCY_S`.
        """
        playback = self._now
        if playback is None:
            return 0.0
        return max(0.0, playback.position / playback.rate_hz - LATENCY_S)

    def play(self, clip: AudioClip, on_finished: OnFinished | None = None) -> None:
        """Start playing and return at once, stopping a clip under way.

        Args:
            clip: Resampled where the device refuses its rate. An empty one has ended at once.
            on_finished: Called once, on any thread, when the clip has ended or the speaker went
                away; not after `stop` or another `play`.

        Raises:
            DeviceError: There is no speaker or it refuses; field ``status`` is "no_server" where
                the sound server does not answer.
        """
        self.stop()
        if not len(clip.samples):
            if on_finished is not None:
                on_finished()
            return
        playback = _Playback(on_finished, 1.0 / max(clip.peak, _FAINT), self._gain)
        try:
            stream, rate_hz, device = open_stream(
                StreamRequest(
                    "output",
                    clip.sample_rate_hz,
                    LATENCY_S,
                    playback.fill,
                    lambda: HOST.post(lambda: self._end(playback)),
                )
            )
        except DeviceError as error:
            if query_server().is_dead:
                raise DeviceError(NO_SERVER, status="no_server") from error
            raise
        _log.info("Playing %.2f s on %s at %d Hz", clip.duration_s, device.name, rate_hz)
        playback.overdue = threading.Timer(clip.duration_s + OVERDUE_S, lambda: self._end(playback))
        playback.overdue.daemon = True
        # The stream may end before its last buffers are played (measured: 120 ms are lost), so
        # silence is appended.
        tail = np.zeros(round(TAIL_S * rate_hz), np.float32)
        samples = np.concatenate((clip.resampled(rate_hz).samples, tail))
        with self._lock:
            self._now = playback
            playback.stream = stream
            playback.rate_hz = rate_hz
            playback.samples = samples
            ended = playback.ended
        playback.overdue.start()
        if ended:  # the speaker went away between opening and here
            self._end(playback)

    def stop(self) -> None:
        """Stop playing, if anything plays. Never raises."""
        with self._lock:
            playback, self._now = self._now, None
        if playback is not None:
            _close(playback)

    def set_gain_db(self, gain_db: float) -> None:
        """Set the gain from now on, also of a clip under way; never clips."""
        with self._lock:
            self._gain = 10 ** (gain_db / 20)
            if self._now is not None:
                self._now.gain = self._gain

    def _end(self, playback: _Playback) -> None:
        """Finish a playback. On the audio host's or a timer thread."""
        with self._lock:
            playback.ended = True
            if self._now is not playback:
                return
            self._now = None
        _close(playback)
        if playback.on_finished is not None:
            playback.on_finished()


def _close(playback: _Playback) -> None:
    if playback.overdue is not None:
        playback.overdue.cancel()
    close_stream(playback.stream)
