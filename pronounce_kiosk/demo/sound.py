"""A private, real PulseAudio with a virtual microphone and speaker, for the demo and the tests.

Needs no sound card, D-Bus, user configuration or particular user (root works too), and leaves the
machine's own sound server alone.

    pacat --> [far end: null sink] --monitor--> [remap source "Virtual USB Microphone"] --> program
    program --> [null sink "Virtual Speaker"] --monitor--> parec
"""

import contextlib
import logging
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Self

from pronounce_kiosk.audio.clip import PIPELINE_SAMPLE_RATE_HZ, AudioClip
from pronounce_kiosk.core.errors import DeviceError
from pronounce_kiosk.devices.portaudio import refresh_devices
from pronounce_kiosk.devices.programs import ProgramError, changed_environment, run_program

_log = logging.getLogger(__name__)

MICROPHONE = "virtual_usb_microphone"
MICROPHONE_DESCRIPTION = "Virtual USB Microphone"
FAR_END = "far_end"
SPEAKER = "virtual_speaker"
SERVER_RATE_HZ = 48_000

ROOM_NOISE_DBFS = -70.0
"""RMS of the microphone's noise while nobody speaks: a real microphone gives no exact zeros."""
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
    """The server, from `start` (or ``with``) to `stop`; it also ends with its parent process."""

    def __init__(self) -> None:
        self._folder: Path | None = None
        self._server: subprocess.Popen[bytes] | None = None
        self._noise: subprocess.Popen[bytes] | None = None
        self._players: list[subprocess.Popen[bytes]] = []
        self._microphone_module: str | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.stop()

    def start(self) -> None:
        """Start the server, the microphone and the speaker (0.2 s or so).

        Raises:
            DeviceError: PulseAudio or a part of it is not installed, or it does not start.
        """
        _check_installed()
        self._folder = _make_folder()
        try:
            self._begin()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """End all processes and remove their files. Never raises; may be called twice."""
        self.stop_room_noise()
        while self._players:
            _end(self._players.pop())
        if self._server is not None:
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
        assert self._server.stdin is not None
        self._server.kill()
        self._server.wait()
        self._server.stdin.close()
        self._microphone_module = None
        self._begin()

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
        with changed_environment(self.environment()):
            refresh_devices()
            yield
        refresh_devices()

    def speak(self, sound: AudioClip | Path, wait: bool = True) -> None:
        """Play a clip, or a file that libsndfile reads, into the microphone, unchanged.

        Returns when it has been played; at once with ``wait=False`` (it ends with the server at the
        latest).

        Raises:
            DeviceError: The player fails.
        """
        raw: list[str] = []
        if isinstance(sound, AudioClip):
            raw = ["--raw", "--format=float32le", "--channels=1", f"--rate={sound.sample_rate_hz}"]
            path = self._running_folder() / f"spoken-{time.monotonic_ns()}.raw"
            path.write_bytes(sound.samples.tobytes())
        else:
            path = sound
        stderr = subprocess.PIPE if wait else subprocess.DEVNULL
        player = self._spawn("paplay", f"--device={FAR_END}", *raw, str(path), stderr=stderr)
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
        if self._noise is not None:
            return
        # /dev/urandom as 16-bit samples is white noise with an RMS of -4.77 dBFS. PulseAudio's
        # volume is the cube root of the amplitude, 65536 for 1.
        amplitude = 10 ** ((ROOM_NOISE_DBFS + 4.77) / 20)
        volume = round(65536 * amplitude ** (1 / 3))
        raw = ("--format=s16le", "--channels=1", f"--rate={PIPELINE_SAMPLE_RATE_HZ}")
        self._noise = self._spawn(
            "pacat", "--playback", f"--device={FAR_END}", *raw, f"--volume={volume}", "/dev/urandom"
        )

    def stop_room_noise(self) -> None:
        """Stop the room's noise: the microphone gives exact zeros while nobody speaks."""
        if self._noise is not None:
            _end(self._noise)
            self._noise = None

    def _begin(self) -> None:
        self._start_server()
        self.pactl("set-default-sink", SPEAKER)
        self.restore_microphone()
        self.resume_room_noise()

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
        command = (
            "pulseaudio", "-n", "--daemonize=no", "--system=no", "--use-pid-file=no",
            "--exit-idle-time=-1", "--disable-shm=yes", "--realtime=no", "--high-priority=no",
            "--log-target=stderr", *(word for module in modules for word in ("-L", module)),
        )  # fmt: skip
        with (folder / "log").open("wb") as log:
            self._server = self._spawn(*command, stdin=subprocess.PIPE, stderr=log)
        self._wait_for_server()

    def _wait_for_server(self) -> None:
        assert self._server is not None
        deadline = time.monotonic() + START_TIMEOUT_S
        while time.monotonic() < deadline and self._server.poll() is None:
            # module-cli is the last to load.
            with contextlib.suppress(DeviceError):
                if "module-cli" in self.pactl("list", "short", "modules"):
                    return
            time.sleep(0.05)
        log = (self._running_folder() / "log").read_text(errors="replace")
        _log.info("The virtual sound server's log:\n%s", log)
        raise DeviceError(
            "The virtual sound server did not start: run scripts/setup and see the log.", log=log
        )

    def pactl(self, *words: str) -> str:
        """Run `pactl` against this server and return its output.

        Raises:
            DeviceError: It fails.
        """
        try:
            return run_program(
                "pactl", *words, timeout_s=START_TIMEOUT_S, environment=self._child_environment()
            )
        except ProgramError as error:
            raise DeviceError(
                "The virtual sound server refused a command: see the log.", reason=error.said
            ) from error

    def _spawn(self, *command: str, **streams: Any) -> subprocess.Popen[bytes]:
        """Start a program that uses the server; its streams are closed but for those given."""
        closed = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.DEVNULL)
        return subprocess.Popen(command, env=self._child_environment(), **{**closed, **streams})

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
            f"The virtual sound server needs {', '.join(missing)}: run scripts/setup."
        )


def _make_folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="virtual-sound-"))
    if len(str(folder / "native")) > _SOCKET_PATH_LIMIT:
        folder.rmdir()
        folder = Path(tempfile.mkdtemp(prefix="virtual-sound-", dir="/tmp"))
    for name in ("runtime", "config", "state"):
        (folder / name).mkdir(mode=0o700)
    return folder


def _end(process: subprocess.Popen[Any], wait_s: float = 0.0) -> None:
    """Wait for a child process to end, then kill it."""
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(wait_s)
    process.kill()
    process.wait()
