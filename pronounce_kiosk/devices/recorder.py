"""Record a take: join a microphone's blocks to a clip, with a level meter."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pronounce_kiosk.audio.clip import PIPELINE_SAMPLE_RATE_HZ, AudioClip
from pronounce_kiosk.devices.microphone import Microphone, MicrophoneStatus

_log = logging.getLogger(__name__)

METER_S = 0.1
SILENCE_DBFS = -120.0
"""The meter's value for digital silence and for no samples."""


@dataclass(frozen=True)
class RecorderStatus:
    """A recording as of the last poll.

    Attributes:
        rms_dbfs: Over the last 100 ms, -120 for digital silence, 0 for a full-scale square wave (a
            full-scale sine has -3).
        peak_dbfs: Likewise.
        full: The longest duration was reached and the recording has stopped by itself.
    """

    recording: bool
    duration_s: float
    rms_dbfs: float
    peak_dbfs: float
    overflow_count: int
    full: bool
    microphone: MicrophoneStatus


class Recorder:
    """Records takes from one microphone, one after the other.

    All methods are called on one thread; a timer calls `poll` every 50 ms or so. The microphone
    queues the samples of the audio callback.

    Args:
        max_take_s: A take is cut there.
        on_16k: Receives every new stretch of the take, float32 shape (n,) at 16 kHz, from within
            `poll` and `finish`, such as for a detector of the end of speech.
    """

    def __init__(
        self,
        microphone: Microphone,
        max_take_s: float = 20.0,
        on_16k: Callable[[NDArray[np.float32]], None] | None = None,
    ) -> None:
        self.microphone = microphone
        self.on_16k = on_16k
        self._max_samples = int(max_take_s * PIPELINE_SAMPLE_RATE_HZ)
        self._recording = False
        self._forget()

    def _forget(self) -> None:
        self._accepting = False  # from start until finish has drained the queue
        self._blocks: list[NDArray[np.float32]] = []
        self._n_samples = 0
        self._meter: NDArray[np.float32] = np.zeros(0, np.float32)
        self._resampler: Any = None

    @property
    def recording(self) -> bool:
        """Whether a take is under way."""
        return self._recording

    def start(self) -> None:
        """Begin a take, dropping one under way. Finds a microphone that was plugged in again.

        Raises:
            DeviceError: See `Microphone.start`.
        """
        self.cancel()
        self.microphone.start(self._on_block)
        self._recording = self._accepting = True

    def poll(self) -> RecorderStatus:
        """Process the queued samples and return the status. Never waits.

        Works between takes too, for the microphone's status.
        """
        microphone = self.microphone.poll()
        full = self._n_samples >= self._max_samples
        if full and self._recording:
            self._stop()
        heard = AudioClip.from_array(self._meter, PIPELINE_SAMPLE_RATE_HZ)
        return RecorderStatus(
            recording=self._recording,
            duration_s=self._n_samples / PIPELINE_SAMPLE_RATE_HZ,
            rms_dbfs=dbfs(heard.rms),
            peak_dbfs=dbfs(heard.peak),
            overflow_count=self.microphone.overflow_count,
            full=full,
            microphone=microphone,
        )

    def so_far(self) -> AudioClip:
        """Return the take up to the last poll: 16 kHz, the beginning of the later `finish`."""
        self._blocks = [np.concatenate([np.zeros(0, np.float32), *self._blocks])]
        return AudioClip.from_array(self._blocks[0], PIPELINE_SAMPLE_RATE_HZ)

    def finish(self) -> AudioClip:
        """End the take and return it: 16 kHz, empty where no samples came. Never raises.

        After the microphone went away it holds the samples before. A second call gives an empty
        clip.
        """
        if self._recording:
            self._stop()
            self.microphone.poll()  # drains the callback's queue
        if self._resampler is not None:
            self._keep(self._resampler.resample_chunk(np.zeros(0, np.float32), last=True))
        if self.microphone.overflow_count:
            _log.info("Samples were lost %d times", self.microphone.overflow_count)
        take = self.so_far()
        self._forget()
        return take

    def cancel(self) -> None:
        """End the take, if any, and drop it. Never raises."""
        if self._recording:
            self._stop()
        self._forget()

    def _stop(self) -> None:
        self._recording = False
        self.microphone.stop()

    def _on_block(self, samples: NDArray[np.float32], sample_rate_hz: int) -> None:
        if not self._accepting:
            return
        # A driver's NaN would stay in the resampler for the rest of the take.
        if not np.isfinite(samples).all():
            samples = np.nan_to_num(samples, nan=0.0, posinf=1.0, neginf=-1.0)
        if sample_rate_hz != PIPELINE_SAMPLE_RATE_HZ:
            if self._resampler is None:
                import soxr

                self._resampler = soxr.ResampleStream(
                    sample_rate_hz, PIPELINE_SAMPLE_RATE_HZ, 1, dtype="float32"
                )
            samples = self._resampler.resample_chunk(samples)
        self._keep(samples)

    def _keep(self, samples: NDArray[np.float32]) -> None:
        samples = samples[: max(self._max_samples - self._n_samples, 0)]
        if not len(samples):
            return
        self._blocks.append(samples)
        self._n_samples += len(samples)
        n_meter = int(METER_S * PIPELINE_SAMPLE_RATE_HZ)
        self._meter = np.concatenate((self._meter, samples))[-n_meter:]
        if self.on_16k is not None:
            self.on_16k(samples)


def dbfs(amplitude: float) -> float:
    """Return the level of an amplitude, `SILENCE_DBFS` for 0."""
    return float(20 * np.log10(max(amplitude, 10 ** (SILENCE_DBFS / 20))))
