"""One open sound stream, and the thread that moves its samples.

PortAudio's callback threads are not used. With ALSA, a start that takes over a second leaves a
callback stream that cannot be closed (leaking a thread and five files, and cancelling an unrelated
thread), and a start that the server refuses never returns. A stream without callback always closes.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

_log = logging.getLogger(__name__)

LOOK_S = 0.01
"""Interval of polling for samples. They come in pieces of about 50 ms, out of a buffer of 200
ms."""
MOST_FRAMES = 8192
"""Frames moved at once; a driver that reports more is wrong."""

Direction = Literal["input", "output"]
OnSamples = Callable[[NDArray[np.float32], bool], None]
"""Receives float32 samples, shape (n,), and whether samples before them were lost."""
Fill = Callable[[int], NDArray[np.float32]]
"""Returns at most as many float32 samples as asked for, shape (n,); fewer mark the end."""


@dataclass(frozen=True)
class StreamRequest:
    """A mono float32 stream to open.

    Attributes:
        rate_hz: The wanted rate.
        latency_s: Length of the driver's buffer, which ``move`` must not exceed.
        move: Receives recorded samples (`OnSamples`) or gives those to play (`Fill`), on the
            stream's own thread.
        on_end: Called once, on that thread, when the stream ends by itself: everything has been
            written, or the device went away. Not after `Stream.end`.
    """

    direction: Direction
    rate_hz: int
    latency_s: float
    move: OnSamples | Fill
    on_end: Callable[[], None]


class Stream:
    """A started PortAudio stream without callback, from `start` until its thread has ended.

    Args:
        on_idle: Called last on the stream's thread where `end` had been called.
    """

    def __init__(self, raw: Any, request: StreamRequest, on_idle: Callable[[Stream], None]) -> None:
        self.raw = raw
        self._move: Any = request.move
        self._on_end = request.on_end
        self._on_idle = on_idle
        self._ending = threading.Event()
        reads = request.direction == "input"
        self._thread = threading.Thread(
            target=self._run, args=(reads,), name="capture" if reads else "playback", daemon=True
        )

    def start(self) -> None:
        """Start moving samples."""
        self._thread.start()

    def end(self, timeout_s: float) -> bool:
        """Stop the thread and wait for it; False where it does not end in time."""
        self._ending.set()
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _run(self, reads: bool) -> None:
        import sounddevice

        try:
            (self._read if reads else self._write)(sounddevice)
        except sounddevice.PortAudioError as error:
            _log.info("A sound stream ended: %s", error)
        except Exception:
            _log.exception("A sound stream's samples could not be handed on")
        if not self._ending.is_set():
            self._on_end()
        if self._ending.is_set():
            self._on_idle(self)

    def _read(self, sounddevice: Any) -> None:
        overflowed = sounddevice._lib.paInputOverflowed
        lost = False
        while not self._ending.is_set():
            try:
                ready = min(self.raw.read_available, MOST_FRAMES)
            except sounddevice.PortAudioError as error:
                # The buffer overflowed again while being restarted.
                if error.args[-1] != overflowed:
                    raise
                ready, lost = 0, True
            if not ready:
                self._ending.wait(LOOK_S)
                continue
            samples, lost_now = self.raw.read(ready)
            self._move(samples[:, 0], lost or lost_now)
            lost = False

    def _write(self, sounddevice: Any) -> None:
        while not self._ending.is_set():
            room = min(self.raw.write_available, MOST_FRAMES)
            if not room:
                self._ending.wait(LOOK_S)
                continue
            samples = self._move(room)
            if len(samples):
                self.raw.write(np.ascontiguousarray(samples, np.float32).reshape(-1, 1))
            if len(samples) < room:
                return
