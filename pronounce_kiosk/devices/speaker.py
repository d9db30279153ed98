"""The speaker: the real one through sounddevice, a fake one beside it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.devices.portaudio import close_stream, on_audio_thread, open_stream

_log = logging.getLogger(__name__)

LATENCY_S = 0.3  # with 0.1 a busy machine (a take being scored) makes gaps
TAIL_S = 0.5
OVERDUE_S = 2.0
"""How long after its length a clip may still be playing. A server whose speaker went away calls
back no more, and the learner's button must not stay pressed for ever."""

OnFinished = Callable[[], None]


class Speaker(Protocol):
    """What plays clips, one at a time."""

    @property
    def playing(self) -> bool:
        """Whether a clip is being played."""

    def play(self, clip: AudioClip, on_finished: OnFinished | None = None) -> None:
        """Starts playing and returns at once; a clip being played is stopped first.

        ``on_finished`` is called once, on any thread, when the clip has ended or the speaker went
        away meanwhile; not after `stop` or another `play`. An empty clip has ended at once.
        Raises `DeviceError` when there is no speaker or it refuses.
        """

    def stop(self) -> None:
        """Ends playing, if any. Never raises."""


class _Playback:
    """One clip on its way out: what the stream's thread touches, and nothing else."""

    def __init__(self, on_finished: OnFinished | None) -> None:
        self.on_finished = on_finished
        self.samples: NDArray[np.float32] | None = None  # known once the device's rate is
        self.position = 0
        self.stream: Any = None
        self.ended = False
        self.overdue: threading.Timer | None = None

    def fill(self, frames: int) -> NDArray[np.float32]:
        """The next samples; see `Fill`."""
        if self.samples is None:
            return np.zeros(frames, np.float32)
        part = self.samples[self.position : self.position + frames]
        self.position += len(part)
        return part


class SoundDeviceSpeaker:
    """The real speaker, through PortAudio: the sound server's default sink.

    name_contains: part of a PortAudio device's name, for a machine without a sound server.
    """

    def __init__(self, name_contains: str | None = None) -> None:
        self._name_contains = name_contains or None
        self._lock = threading.Lock()
        self._now: _Playback | None = None

    @property
    def playing(self) -> bool:
        """Whether a clip is being played."""
        return self._now is not None

    def play(self, clip: AudioClip, on_finished: OnFinished | None = None) -> None:
        """See `Speaker.play`. Resamples where the device refuses the clip's rate."""
        self.stop()
        if not len(clip.samples):
            if on_finished is not None:
                on_finished()
            return
        playback = _Playback(on_finished)
        stream, rate_hz, device = open_stream(
            "output",
            clip.sample_rate_hz,
            self._name_contains,
            latency_s=LATENCY_S,
            move=playback.fill,
            on_end=lambda: on_audio_thread(lambda: self._end(playback)),
        )
        _log.info("Playing %.2f s on %s at %d Hz", clip.duration_s, device.name, rate_hz)
        playback.overdue = threading.Timer(clip.duration_s + OVERDUE_S, lambda: self._end(playback))
        playback.overdue.daemon = True
        # The end of the stream may come before its last buffers are played (measured: 120 ms are
        # cut off), so silence is what is last.
        tail = np.zeros(round(TAIL_S * rate_hz), np.float32)
        samples = np.concatenate((clip.resampled(rate_hz).samples, tail))
        with self._lock:
            self._now = playback
            playback.stream = stream
            playback.samples = samples
            ended = playback.ended
        playback.overdue.start()
        if ended:  # the speaker went away between opening and here
            self._end(playback)

    def stop(self) -> None:
        """See `Speaker.stop`."""
        with self._lock:
            playback, self._now = self._now, None
        if playback is not None:
            _close(playback)

    def _end(self, playback: _Playback) -> None:
        """The clip has been played, or can no longer be. On the audio host's or a timer thread."""
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
