"""One open sound stream, and the thread that moves its samples.

PortAudio's own callback threads are not used. With ALSA, a start that takes over a second (a
starved machine) ended its thread and left a stream that could never be closed: another thread and
five files were lost each time, and closing it cancelled whatever thread had come in its place. And
a start that the server refused left the call waiting for ever. A stream without callback is read
and written from here, and always closes.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

_log = logging.getLogger(__name__)

LOOK_S = 0.01
"""Between two looks for samples. They come in pieces of some 50 ms, out of a buffer of 200 ms."""
MOST_FRAMES = 8192
"""Moved at once: a driver that claims more has lost its count."""

OnSamples = Callable[[NDArray[np.float32], bool], None]
"""Gets float32 samples, shape (n,), and whether some before them were lost."""
Fill = Callable[[int], NDArray[np.float32]]
"""Gives at most so many float32 samples, shape (n,); fewer: they are the last."""


class Stream:
    """A started PortAudio stream without callback, from `start` until its thread has ended.

    on_end: called once, on the stream's own thread, where it ends by itself: everything has been
        written, or the device went away. Not after `end`.
    on_idle: called last of all on that thread, however it ended, where `end` had been called.
    """

    def __init__(
        self,
        raw: Any,
        move: OnSamples | Fill,
        reads: bool,
        on_end: Callable[[], None],
        on_idle: Callable[[Stream], None],
    ) -> None:
        self.raw = raw
        self._move: Any = move
        self._on_end = on_end
        self._on_idle = on_idle
        self._ending = threading.Event()
        self._thread = threading.Thread(
            target=self._run, args=(reads,), name="capture" if reads else "playback", daemon=True
        )

    def start(self) -> None:
        """Begin to move samples."""
        self._thread.start()

    def end(self, timeout_s: float) -> bool:
        """Ask the thread to end, and wait for it; False where it does not in time."""
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
                # The driver's buffer has overflown once more while it was being started anew.
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
