"""Measure a microphone's recording, for `mic test` and the doctor."""

import time
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.audio.level import frame_rms
from pronounce_kiosk.devices.hum import hum_frequency_hz
from pronounce_kiosk.devices.microphone import (
    CLIPPED_AT,
    CLIPPED_SAMPLES_A_SECOND,
    Microphone,
    MicrophoneStatus,
)
from pronounce_kiosk.devices.portaudio import HOST, AudioDevice, list_devices, refresh_devices
from pronounce_kiosk.devices.recorder import dbfs

FRAME_S = 0.05
FLOOR_PERCENTILE = 10
LOUD_FLOOR_DBFS = -45.0
QUIET_PEAK_DBFS = -60.0
RATES_HZ = (16_000, 44_100, 48_000)


@dataclass(frozen=True)
class MicCheck:
    """Measurements of a short recording; dBFS, -120 for digital silence.

    Attributes:
        rms_dbfs: Over all of it.
        peak_dbfs: Over all of it.
        floor_dbfs: Level that the quietest tenth of its 50 ms frames stays under.
        zeros_s: The longest run of exact zeros.
        hum_hz: 50 or 60, 0 without hum.
    """

    name: str
    sample_rate_hz: int
    duration_s: float
    rms_dbfs: float
    peak_dbfs: float
    floor_dbfs: float
    zeros_s: float
    clipped_samples: int
    hum_hz: int
    overflow_count: int
    status: MicrophoneStatus

    @property
    def findings(self) -> tuple[str, ...]:
        """One sentence a fault that says what to do; none where all is well."""
        if not self.status.usable:
            return (self.status.message,)
        if self.zeros_s >= self.duration_s - FRAME_S:
            return (MicrophoneStatus.ZEROS.message,)
        found = []
        if self.clipped_samples > CLIPPED_SAMPLES_A_SECOND * self.duration_s:
            found.append("It is driven too loud: run mic pin, or move away from it.")
        if self.hum_hz:
            found.append(
                f"It hums at {self.hum_hz} Hz: try another USB port or power supply, and keep "
                "it away from mains leads."
            )
        elif self.floor_dbfs > LOUD_FLOOR_DBFS:
            found.append(
                f"It is loud here ({self.floor_dbfs:.0f} dBFS when quietest): find the noise."
            )
        if self.peak_dbfs < QUIET_PEAK_DBFS:
            found.append("Next to nothing is heard: speak into it, check its switch and volume.")
        if self.overflow_count:
            found.append("Samples were lost: the machine is too busy, or its power is weak.")
        return tuple(found)

    @property
    def summary(self) -> str:
        """The measurements in one line."""
        return (
            f"{self.name} at {self.sample_rate_hz} Hz: level {self.rms_dbfs:.0f} dBFS, peak "
            f"{self.peak_dbfs:.0f}, noise floor {self.floor_dbfs:.0f}"
        )


_GONE = (MicrophoneStatus.ABSENT, MicrophoneStatus.NO_SERVER, MicrophoneStatus.STALLED)


def check_microphone(microphone: Microphone, seconds: float = 2.0) -> MicCheck:
    """Record and measure. A microphone that gives no samples is a finding, not an error.

    Raises:
        DeviceError: The recording cannot be started.
    """
    blocks: list[NDArray[np.float32]] = []
    microphone.start(lambda samples, _: blocks.append(samples))
    try:
        rate_hz = microphone.sample_rate_hz
        deadline_s = time.monotonic() + seconds + 3.0  # after that the stream counts as stalled
        status = MicrophoneStatus.OK
        while sum(map(len, blocks)) < seconds * rate_hz and time.monotonic() < deadline_s:
            time.sleep(0.05)
            status = microphone.poll()
            if status in _GONE:
                break
    finally:
        microphone.stop()
    samples = np.concatenate(blocks) if blocks else np.zeros(0, np.float32)
    if not len(samples) and status.usable:
        status = MicrophoneStatus.STALLED
    return measure(samples, rate_hz, microphone.name, microphone.overflow_count, status)


def measure(
    samples: NDArray[np.float32],
    rate_hz: int,
    name: str = "",
    overflow_count: int = 0,
    status: MicrophoneStatus = MicrophoneStatus.OK,
) -> MicCheck:
    """Measure a recording, float32 shape (n,); silence and no samples give -120 dBFS."""
    clip = AudioClip.from_array(samples, rate_hz)
    rms = frame_rms(samples, max(1, int(FRAME_S * rate_hz)))
    return MicCheck(
        name=name,
        sample_rate_hz=rate_hz,
        duration_s=clip.duration_s,
        rms_dbfs=dbfs(clip.rms),
        peak_dbfs=dbfs(clip.peak),
        floor_dbfs=dbfs(float(np.percentile(rms, FLOOR_PERCENTILE)) if len(rms) else 0.0),
        zeros_s=_longest_zeros(samples) / rate_hz,
        clipped_samples=int(np.count_nonzero(np.abs(samples) >= CLIPPED_AT)),
        hum_hz=hum_frequency_hz(samples, rate_hz),
        overflow_count=overflow_count,
        status=status,
    )


def accepted_rates() -> dict[str, tuple[int, ...]]:
    """Return which of 16, 44.1 and 48 kHz each of PortAudio's inputs accepts.

    Raises:
        DeviceError: PortAudio is missing or does not answer.
    """
    import sounddevice

    def takes(device: AudioDevice, rate_hz: int) -> bool:
        try:
            sounddevice.check_input_settings(
                device=device.index, samplerate=rate_hz, channels=1, dtype="float32"
            )
        except (sounddevice.PortAudioError, ValueError):
            return False
        return True

    refresh_devices()
    inputs = [device for device in list_devices() if device.input_channels > 0]
    return HOST.call(
        lambda: {d.name: tuple(rate for rate in RATES_HZ if takes(d, rate)) for d in inputs}
    )


def _longest_zeros(samples: NDArray[np.float32]) -> int:
    edges = np.flatnonzero(np.concatenate(([1.0], samples, [1.0])))
    return int(np.diff(edges).max()) - 1
