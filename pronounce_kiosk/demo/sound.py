"""A private, real PulseAudio with a virtual microphone and speaker, for the demo and the tests.

Needs no sound card, D-Bus, user configuration or particular user (root works too), and leaves the
machine's own sound server alone.

    pacat --> [far end: null sink] --monitor--> [remap source "Virtual USB Microphone"] --> program
    program --> [null sink "Virtual Speaker"] --monitor--> parec
"""

from __future__ import annotations

import contextlib
import logging
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np

from pronounce_kiosk.audio.clip import PIPELINE_SAMPLE_RATE_HZ, AudioClip
from pronounce_kiosk.core.errors import DeviceError
from pronounce_kiosk.devices.portaudio import refresh_devices

_log = logging.getLogger(__name__)

MICROPHONE = "virtual_usb_microphone"
MICROPHONE_DESCRIPTION = "Virtual USB Microphone"
FAR_END = "far_end"
SPEAKER = "virtual_speaker"
SERVER_RATE_HZ = 48_000

START_TIMEOUT_S = 15.0
_SOCKET_PATH_LIMIT = 107  # length limit of a Unix socket's path

# norewinds: without it a null sink works in chunks of two seconds, which delays the first samples
# of a recording.
_MODULES = (
    f"module-null-sink sink_name={FAR_END} rate={SERVER_RATE_HZ} channels=1 norewinds=1"
    " sink_properties=device.description=FarEnd",
    f"module-null-sink sink_name={SPEAKER} rate={SERVER_RATE_HZ} norewinds=1"
    " sink_properties=device.description='Virtual\\ Speaker'",
)
_MICROPHONE_MODULE = (
    "module-remap-source",
    f"source_name={MICROPHONE}",
    f"master={FAR_END}.monitor",
    "source_properties=device.description='" + MICROPHONE_DESCRIPTION.replace(" ", "\\ ") + "'",
)

_ALSA_CONFIG = """\
# Only the private server: no other card or PCM is seen.
pcm.pulse { type pulse }
ctl.pulse { type pulse }
pcm.!default { type pulse }
ctl.!default { type pulse }
"""


class VirtualSound:
    """The server, from `start` (or ``with``) to `stop`; it also ends with its parent process.

    Args:
        room_noise_dbfs: RMS of the microphone's noise while nobody speaks, as real microphones give
            no exact zeros; None for exact zeros.
    """

    def __init__(self, room_noise_dbfs: float | None = -70.0) -> None:
        self._room_noise_dbfs = room_noise_dbfs
        self._folder: Path | None = None
        self._server: subprocess.Popen[bytes] | None = None
        self._noise: subprocess.Popen[bytes] | None = None
        self._players: list[subprocess.Popen[bytes]] = []
        self._microphone_module: str | None = None

    def __enter__(self) -> VirtualSound:
        self.start()
        return self

    def __exit__(
        self,
        error_type: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Start the server, the microphone and the speaker (0.2 s or so).

        Raises:
            DeviceError: PulseAudio or a part of it is not installed, or it does not start.
        """
        _check_installed()
        self._folder = _make_folder()
        try:
            self._start_server()
            self.pactl("set-default-sink", SPEAKER)
            self.restore_microphone()
            self.resume_room_noise()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """End all processes and remove their files. Never raises; may be called twice."""
        self.stop_room_noise()
        while self._players:
            _end(self._players.pop())
        if self._server is not None:
            self.resume()
            assert self._server.stdin is not None
            self._server.stdin.close()  # the server ends with its input
            _end(self._server, wait_s=1.0)
            self._server = None
        self._microphone_module = None
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None

    def restart(self) -> None:
        """End the server with all its streams, and start a new one."""
        self.stop_room_noise()
        assert self._server is not None
        self._server.kill()
        self._server.wait()
        assert self._server.stdin is not None
        self._server.stdin.close()
        self._microphone_module = None
        self._start_server()
        self.pactl("set-default-sink", SPEAKER)
        self.restore_microphone()
        self.resume_room_noise()

    def environment(self) -> dict[str, str]:
        """Return the variables that direct a program, PortAudio and libpulse to this server.

        Set them before PortAudio initialises (before `sounddevice` is imported), or use `applied`.
        XDG_RUNTIME_DIR is not among them, as Wayland needs it.
        """
        folder = self._running_folder()
        return {
            "PULSE_SERVER": f"unix:{folder / 'native'}",
            "PULSE_RUNTIME_PATH": str(folder / "runtime"),
            "PULSE_CONFIG_PATH": str(folder / "config"),
            "PULSE_STATE_PATH": str(folder / "state"),
            "PULSE_COOKIE": str(folder / "state" / "cookie"),
            "ALSA_CONFIG_PATH": str(folder / "asound.conf"),
        }

    @contextlib.contextmanager
    def applied(self) -> Iterator[None]:
        """Use the server in this process: set `environment` and reinitialise PortAudio.

        Leaving restores both. No stream may be open at either time.
        """
        before = {key: os.environ.get(key) for key in self.environment()}
        os.environ.update(self.environment())
        try:
            refresh_devices()
            yield
        finally:
            for key, value in before.items():
                if value is None:
                    os.environ.pop(key, None)
                else:
                    os.environ[key] = value
            refresh_devices()

    def speak(self, sound: AudioClip | Path, wait: bool = True) -> None:
        """Play a clip, or a file that libsndfile reads, into the microphone, unchanged.

        Returns when it has been played; at once with ``wait=False`` (it ends with the server at the
        latest).

        Raises:
            DeviceError: The player fails.
        """
        if isinstance(sound, Path):
            clip_path = sound
            raw: list[str] = []
        else:
            clip_path = self._running_folder() / f"spoken-{time.monotonic_ns()}.raw"
            clip_path.write_bytes(sound.samples.tobytes())
            raw = ["--raw", "--format=float32le", "--channels=1", f"--rate={sound.sample_rate_hz}"]
        command = ["paplay", f"--device={FAR_END}", *raw, str(clip_path)]
        player = subprocess.Popen(
            command,
            env=self._child_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE if wait else subprocess.DEVNULL,
        )
        if not wait:
            self._players = [other for other in self._players if other.poll() is None]
            self._players.append(player)
            return
        _, complaint = player.communicate()
        if player.returncode != 0:
            raise DeviceError(
                "The sound could not be played into the virtual microphone: see the log.",
                reason=complaint.decode(errors="replace").strip(),
            )

    def remove_microphone(self) -> None:
        """Unplug the microphone, if it is plugged in."""
        if self._microphone_module is not None:
            self.pactl("unload-module", self._microphone_module)
            self._microphone_module = None

    def restore_microphone(self) -> None:
        """Plug the microphone in, as the default source, unless it is plugged in."""
        if self._microphone_module is None:
            self._microphone_module = self.pactl("load-module", *_MICROPHONE_MODULE).strip()
            self.pactl("set-default-source", MICROPHONE)

    def resume_room_noise(self) -> None:
        """Start the room's noise (again)."""
        if self._room_noise_dbfs is None or self._noise is not None:
            return
        # /dev/urandom as 16-bit samples is white noise with an RMS of -4.77 dBFS. PulseAudio's
        # volume is the cube root of the amplitude, 65536 for 1.
        amplitude = 10 ** ((self._room_noise_dbfs + 4.77) / 20)
        self._noise = subprocess.Popen(
            [
                "pacat",
                "--playback",
                f"--device={FAR_END}",
                "--format=s16le",
                "--channels=1",
                f"--rate={PIPELINE_SAMPLE_RATE_HZ}",
                f"--volume={round(65536 * min(amplitude, 1.0) ** (1 / 3))}",
                "/dev/urandom",
            ],
            env=self._child_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def stop_room_noise(self) -> None:
        """Stop the room's noise: the microphone gives exact zeros while nobody speaks."""
        if self._noise is not None:
            _end(self._noise)
            self._noise = None

    @contextlib.contextmanager
    def heard_on_speaker(self) -> Iterator[SpeakerRecording]:
        """Record the speaker's output while the block runs; 16 kHz mono.

        ``.clip`` of the yielded object holds it afterwards.

        Raises:
            DeviceError: No samples come.
        """
        path = self._running_folder() / f"heard-{time.monotonic_ns()}.raw"
        listener = subprocess.Popen(
            [
                "parec",
                f"--device={SPEAKER}.monitor",
                "--format=float32le",
                "--channels=1",
                f"--rate={PIPELINE_SAMPLE_RATE_HZ}",
                "--latency-msec=50",
                str(path),
            ],
            env=self._child_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        recording = SpeakerRecording()
        try:
            _wait_for_bytes(path, listener)
            yield recording
            # The last samples are still on their way through the server.
            time.sleep(0.3)
        finally:
            _end(listener)
        heard = path.read_bytes()
        samples = np.frombuffer(heard[: len(heard) // 4 * 4], np.float32)
        recording.clip = AudioClip.from_array(samples, PIPELINE_SAMPLE_RATE_HZ)
        path.unlink()

    def pause(self) -> None:
        """Freeze the server, for tests of a hanging sound system."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        """End `pause`."""
        self._signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> None:
        if self._server is not None:
            self._server.send_signal(number)

    def _start_server(self) -> None:
        folder = self._running_folder()
        (folder / "asound.conf").write_text(_ALSA_CONFIG, encoding="utf-8")
        # Shared memory has no benefit here and is small in containers.
        (folder / "config" / "client.conf").write_text("autospawn = no\nenable-shm = no\n")
        (folder / "config" / "daemon.conf").write_text("")
        modules = (
            f"module-native-protocol-unix auth-anonymous=1 auth-cookie-enabled=0"
            f" socket={folder / 'native'}",
            *_MODULES,
            # Ends the server with its input: when this process dies, in any way.
            "module-cli exit_on_eof=1",
        )
        command = [
            "pulseaudio",
            "-n",
            "--daemonize=no",
            "--system=no",
            "--use-pid-file=no",
            "--exit-idle-time=-1",
            "--disable-shm=yes",
            "--realtime=no",
            "--high-priority=no",
            "--log-target=stderr",
            *(word for module in modules for word in ("-L", module)),
        ]
        with (folder / "log").open("wb") as log:
            self._server = subprocess.Popen(
                command,
                env=self._child_environment(),
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=log,
            )
        self._wait_for_server()

    def _wait_for_server(self) -> None:
        assert self._server is not None
        deadline = time.monotonic() + START_TIMEOUT_S
        while time.monotonic() < deadline and self._server.poll() is None:
            answer = self._run_pactl("list", "short", "modules")
            # module-cli is the last to load.
            if answer.returncode == 0 and b"module-cli" in answer.stdout:
                return
            time.sleep(0.05)
        log = (self._running_folder() / "log").read_text(errors="replace")
        _log.info("The virtual sound server's log:\n%s", log)
        raise DeviceError(
            "The virtual sound server did not start: run scripts/setup and see the log.",
            log=log,
        )

    def pactl(self, *words: str) -> str:
        """Run `pactl` against this server and return its output.

        Raises:
            DeviceError: It fails.
        """
        answer = self._run_pactl(*words)
        if answer.returncode != 0:
            raise DeviceError(
                "The virtual sound server refused a command: see the log.",
                command=" ".join(words),
                reason=answer.stderr.decode(errors="replace").strip(),
            )
        return answer.stdout.decode(errors="replace")

    def _run_pactl(self, *words: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            ["pactl", *words],
            env=self._child_environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            timeout=START_TIMEOUT_S,
        )

    def _child_environment(self) -> Mapping[str, str]:
        folder = self._running_folder()
        return {
            **os.environ,
            **self.environment(),
            "XDG_RUNTIME_DIR": str(folder / "runtime"),
            "HOME": str(folder),
            # PulseAudio would start a bus, or announce itself on the user's.
            "DBUS_SESSION_BUS_ADDRESS": "disabled:",
            "DBUS_SYSTEM_BUS_ADDRESS": "disabled:",
        }

    def _running_folder(self) -> Path:
        if self._folder is None:
            raise DeviceError("The virtual sound server is not running: start it first.")
        return self._folder


class SpeakerRecording:
    """Result of `VirtualSound.heard_on_speaker`; empty until its block has ended."""

    def __init__(self) -> None:
        self.clip = AudioClip.from_array(np.zeros(0, np.float32), PIPELINE_SAMPLE_RATE_HZ)


def _check_installed() -> None:
    missing = [
        package
        for command, package in (("pulseaudio", "pulseaudio"), ("pactl", "pulseaudio-utils"))
        if shutil.which(command) is None
    ]
    if not any(Path("/usr/lib").glob("*/alsa-lib/libasound_module_pcm_pulse.so")):
        missing.append("libasound2-plugins")
    if missing:
        raise DeviceError(
            f"The virtual sound server needs {', '.join(missing)}: run scripts/setup.",
            packages=tuple(missing),
        )


def _make_folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="virtual-sound-"))
    if len(str(folder / "native")) > _SOCKET_PATH_LIMIT:
        folder.rmdir()
        folder = Path(tempfile.mkdtemp(prefix="virtual-sound-", dir="/tmp"))
    for name in ("runtime", "config", "state"):
        (folder / name).mkdir(mode=0o700)
    return folder


def _wait_for_bytes(path: Path, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline and process.poll() is None:
        if path.exists() and path.stat().st_size:
            return
        time.sleep(0.01)
    raise DeviceError("Nothing could be recorded from the virtual speaker: see the log.")


def _end(process: subprocess.Popen[Any], wait_s: float = 0.0) -> None:
    """Wait for a child process to end, then kill it."""
    acts: tuple[Callable[[], None] | None, ...] = (None, process.terminate, process.kill)
    for act in acts:
        if act is not None:
            act()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(wait_s)
            return
        wait_s = 1.0
