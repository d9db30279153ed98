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
from pronounce_kiosk.devices.portaudio import HOST, AudioDevice, refresh_devices
from pronounce_kiosk.devices.recorder import dbfs

FRAME_S = 0.05
FLOOR_PERCENTILE = 10
LOUD_FLOOR_DBFS = -45.0
QUIET_PEAK_DBFS = -60.0
RATES_HZ = (16_000, 44_100, 48_000)


@dataclass(frozen=True)
class MicCheck:
    """A short recording and what is measured of it; levels in dBFS, -120 for digital silence."""

    name: str
    clip: AudioClip
    overflow_count: int
    status: MicrophoneStatus

    @property
    def floor_dbfs(self) -> float:
        """Level that the quietest tenth of its 50 ms frames stays under."""
        rms = frame_rms(self.clip.samples, max(1, int(FRAME_S * self.clip.sample_rate_hz)))
        return dbfs(float(np.percentile(rms, FLOOR_PERCENTILE)) if len(rms) else 0.0)

    @property
    def zeros_s(self) -> float:
        """Duration of the longest run of exact zeros."""
        edges = np.flatnonzero(np.concatenate(([1.0], self.clip.samples, [1.0])))
        return (int(np.diff(edges).max()) - 1) / self.clip.sample_rate_hz

    @property
    def clipped_samples(self) -> int:
        """Number of samples at full scale."""
        return int(np.count_nonzero(np.abs(self.clip.samples) >= CLIPPED_AT))

    @property
    def findings(self) -> tuple[str, ...]:
        """One sentence a fault that says what to do; none where all is well."""
        clip, floor_dbfs = self.clip, self.floor_dbfs
        if not self.status.usable:
            return (self.status.message,)
        if self.zeros_s >= clip.duration_s - FRAME_S:
            return (MicrophoneStatus.ZEROS.message,)
        found = []
        if self.clipped_samples > CLIPPED_SAMPLES_A_SECOND * clip.duration_s:
            found.append("It is driven too loud: run mic pin, or move away from it.")
        hum_hz = hum_frequency_hz(clip.samples, clip.sample_rate_hz)
        if hum_hz:
            found.append(
                f"It hums at {hum_hz} Hz: try another USB port or power supply, and keep "
                "it away from mains leads."
            )
        elif floor_dbfs > LOUD_FLOOR_DBFS:
            found.append(f"It is loud here ({floor_dbfs:.0f} dBFS when quietest): find the noise.")
        if dbfs(clip.peak) < QUIET_PEAK_DBFS:
            found.append("Next to nothing is heard: speak into it, check its switch and volume.")
        if self.overflow_count:
            found.append("Samples were lost: the machine is too busy, or its power is weak.")
        return tuple(found)

    @property
    def summary(self) -> str:
        """The measurements in one line."""
        clip = self.clip
        return (
            f"{self.name} at {clip.sample_rate_hz} Hz: level {dbfs(clip.rms):.0f} dBFS, peak "
            f"{dbfs(clip.peak):.0f}, noise floor {self.floor_dbfs:.0f}"
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
    if not blocks and status.usable:
        status = MicrophoneStatus.STALLED
    samples = np.concatenate(blocks) if blocks else np.zeros(0, np.float32)
    clip = AudioClip.from_array(samples, rate_hz)
    return MicCheck(microphone.name, clip, microphone.overflow_count, status)


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
    inputs = [device for device in HOST.call(HOST.devices) if device.input_channels > 0]
    return HOST.call(
        lambda: {d.name: tuple(rate for rate in RATES_HZ if takes(d, rate)) for d in inputs}
    )
