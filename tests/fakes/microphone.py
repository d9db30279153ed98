"""A microphone that hears a clip."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.core.errors import DeviceError
from pronounce_kiosk.devices.microphone import BLOCK_MS, MicrophoneStatus, OnBlock, StreamHealth


@dataclass
class FakeFaults:
    """When a `FakeMicrophone` fails, in seconds from `start`; None for never.

    stall_s: blocks stop coming. zeros_s: only exact zeros come. vanish_s: the stream ends, and
    no start works until `FakeMicrophone.plug_in`.
    """

    stall_s: float | None = None
    zeros_s: float | None = None
    vanish_s: float | None = None


class FakeMicrophone:
    """Stands for a microphone in tests: "hears" a clip, then a quiet room for ever.

    realtime: paced by ``clock``. Otherwise every `poll` is ``step_s`` of its own time later, so
        a take needs no waiting and comes out the same every time.
    """

    name = "Fake Microphone"

    def __init__(
        self,
        clip: AudioClip,
        realtime: bool = False,
        faults: FakeFaults | None = None,
        step_s: float = 0.1,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._clip = clip
        self._realtime = realtime
        self._faults = faults or FakeFaults()
        self._step_s = step_s
        self._clock = clock
        self._now_s = 0.0
        self._started_s: float | None = None
        self._delivered = 0
        self._plugged_in = True
        self._ended = False
        self._on_block: OnBlock | None = None
        self._health = StreamHealth(0.0)
        self._noise = np.random.default_rng(0)
        self._status = MicrophoneStatus.OK
        self.overflow_count = 0

    @property
    def sample_rate_hz(self) -> int:
        return self._clip.sample_rate_hz

    @property
    def status(self) -> MicrophoneStatus:
        return self._status

    def say(self, clip: AudioClip) -> None:
        """Has another clip to hear from the next start on."""
        self._clip = clip

    def plug_in(self) -> None:
        """Mends every fault; a recording that ended stays ended, as with a real one."""
        self._plugged_in = True
        self._faults = FakeFaults()

    def unplug(self) -> None:
        """Takes the microphone away now."""
        self._plugged_in = False
        self._ended = True

    def start(self, on_block: OnBlock) -> None:
        """See `Microphone.start`; the clip begins anew."""
        self.stop()
        if not self._plugged_in:
            self._status = MicrophoneStatus.ABSENT
            raise DeviceError(self._status.message, status=self._status)
        self._on_block = on_block
        self._started_s = self._time_s()
        self._delivered = 0
        self._ended = False
        self.overflow_count = 0
        self._health = StreamHealth(self._started_s)
        self._status = MicrophoneStatus.OK

    def poll(self) -> MicrophoneStatus:
        if not self._realtime:
            self._now_s += self._step_s
        if self._started_s is not None:
            self._status = self._run(self._time_s() - self._started_s)
        else:
            self._status = MicrophoneStatus.OK if self._plugged_in else MicrophoneStatus.ABSENT
        return self._status

    def stop(self) -> None:
        self._started_s = None

    def _run(self, elapsed_s: float) -> MicrophoneStatus:
        stall_s = _or_never(self._faults.stall_s)
        vanish_s = _or_never(self._faults.vanish_s)
        if not self._ended:
            self._deliver(min(elapsed_s, stall_s, vanish_s))
        if elapsed_s >= vanish_s:
            self.unplug()
        return MicrophoneStatus.ABSENT if self._ended else self._health.judge(self._time_s())

    def _deliver(self, until_s: float) -> None:
        block = self.sample_rate_hz * BLOCK_MS // 1000
        while self._delivered + block <= round(until_s * self.sample_rate_hz):
            samples = self._heard(self._delivered, block)
            self._delivered += block
            self._health.feed(samples, self.sample_rate_hz, self._time_s())
            if self._on_block is not None:
                self._on_block(samples, self.sample_rate_hz)

    def _heard(self, start: int, count: int) -> NDArray[np.float32]:
        if start >= _or_never(self._faults.zeros_s) * self.sample_rate_hz:
            return np.zeros(count, np.float32)
        heard = self._noise.normal(0.0, 3e-4, count).astype(np.float32)
        clip = self._clip.samples[start : start + count]
        heard[: len(clip)] = clip
        return heard

    def _time_s(self) -> float:
        return self._clock() if self._realtime else self._now_s


def _or_never(at_s: float | None) -> float:
    return float("inf") if at_s is None else at_s
