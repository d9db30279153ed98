"""The demonstration's sound server, with ears and a brake."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from pronounce_kiosk.audio.clip import PIPELINE_SAMPLE_RATE_HZ, AudioClip
from pronounce_kiosk.demo.sound import SPEAKER, VirtualSound


@dataclass
class SpeakerRecording:
    """What the speaker played; whole once its block has ended."""

    clip: AudioClip


class WatchedSound(VirtualSound):
    """A private sound server that can be listened to, frozen and killed."""

    @property
    def server(self) -> subprocess.Popen[bytes]:
        assert self._server is not None
        return self._server

    def pause(self) -> None:
        """Freeze the server."""
        self.server.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        """End `pause`."""
        self.server.send_signal(signal.SIGCONT)

    def stop(self) -> None:
        """End it, frozen or not."""
        if self._server is not None:
            self.resume()
        super().stop()

    @contextmanager
    def heard_on_speaker(self) -> Iterator[SpeakerRecording]:
        """Record the speaker while the block runs; 16 kHz mono."""
        silence = AudioClip.from_array(np.zeros(0, np.float32), PIPELINE_SAMPLE_RATE_HZ)
        recording = SpeakerRecording(silence)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "heard.raw"
            command = ["parec", f"--device={SPEAKER}.monitor", "--format=float32le", "--channels=1"]
            command += [f"--rate={PIPELINE_SAMPLE_RATE_HZ}", "--latency-msec=50", str(path)]
            listener = subprocess.Popen(command, env={**os.environ, **self.environment()})
            try:
                while not (path.exists() and path.stat().st_size):
                    assert listener.poll() is None
                    time.sleep(0.01)
                yield recording
                # The last samples are still on their way through the server.
                time.sleep(0.3)
            finally:
                listener.terminate()
                listener.wait()
            heard = path.read_bytes()
        samples = np.frombuffer(heard[: len(heard) // 4 * 4], np.float32)
        recording.clip = AudioClip.from_array(samples, PIPELINE_SAMPLE_RATE_HZ)
