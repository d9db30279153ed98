"""A real sound server (PulseAudio, or PipeWire with WirePlumber) that sees USB cards with profiles
on a machine without any: libasound is shown cards (fake_cards.c), their PCMs are fake_pcm.c's, and
umockdev plays udev, hotplug included. Everything lies in one temporary folder and ends with it.
"""

from __future__ import annotations

import contextlib
import functools
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
PATIENCE_S = 60.0  # far beyond what anything here takes; reached only when it never comes
CARD = "alsa_card.usb-0d8c_USB_PnP_Sound_Device-00"
UMOCKDEV = "libumockdev-preload.so.0"

_SERVER_ALSA = """\
pcm_type.usbrig {{ lib "{folder}/libusbrig.so" }}
pcm.hw {{ @args [ CARD DEV SUBDEV ]
  @args.CARD {{ type integer default 0 }}
  @args.DEV {{ type integer default 0 }}
  @args.SUBDEV {{ type integer default -1 }}
  type usbrig card $CARD channels_min 1 }}
pcm.front {{ @args [ CARD DEV ]
  @args.CARD {{ type integer default 0 }}
  @args.DEV {{ type integer default 0 }}
  type usbrig card $CARD channels_min 2 }}
pcm.iec958 {{ @args [ CARD ] @args.CARD {{ type integer default 0 }}
  type usbrig card $CARD channels_min 2 }}
ctl.hw {{ @args [ CARD ] @args.CARD {{ type integer default 0 }} type hw card $CARD }}
pcm.null {{ type null }}
pcm.plug {{ @args [ SLAVE ] @args.SLAVE {{ type string }} type plug slave.pcm $SLAVE }}
"""
_CLIENT_ALSA = """\
pcm.pulse { type pulse }
ctl.pulse { type pulse }
pcm.!default { type pulse }
ctl.!default { type pulse }
"""
_PULSEAUDIO = """\
.fail
load-module module-device-restore
load-module module-stream-restore
load-module module-card-restore
load-module module-udev-detect use_ucm=0
load-module module-native-protocol-unix auth-anonymous=1
load-module module-default-device-restore
load-module module-always-sink
load-module module-switch-on-port-available
"""


def missing_for(server: str) -> str:
    """What is not installed here, "" where the rig can run."""
    commands = ["gcc", "umockdev-wrapper", "dbus-daemon", "pactl", "setpriv"]
    commands += {
        "pulseaudio": ["pulseaudio"],
        "pipewire": ["pipewire", "wireplumber", "pipewire-pulse"],
    }[server]
    missing = [command for command in commands if shutil.which(command) is None]
    if not Path("/usr/include/alsa/asoundlib.h").exists():
        missing.append("libasound2-dev")
    return ", ".join(missing)


@functools.cache
def _libraries() -> Path:
    """The two C files built, once a run."""
    folder = Path(tempfile.mkdtemp(prefix="usb-rig-lib-"))
    for source, library, *more in (
        ("fake_cards.c", "libcards.so", "-ldl"),
        ("fake_pcm.c", "libusbrig.so", "-DPIC"),
    ):
        command = ["gcc", "-shared", "-fPIC", "-Wall", "-Werror", "-o", str(folder / library)]
        subprocess.run([*command, str(HERE / source), *more, "-lasound"], check=True)
    return folder


class UsbRig:
    """``server``: pulseaudio or pipewire. Use as a context; cards and server are started by you."""

    def __init__(self, server: str) -> None:
        self.server = server
        self.folder = Path(tempfile.mkdtemp(prefix="usb-rig-", dir="/tmp"))
        self._processes: dict[str, subprocess.Popen[Any]] = {}
        self._root = ""
        self._plugged: set[int] = set()
        for name in ("cards", "home", "run"):
            (self.folder / name).mkdir(mode=0o700)
        for library in _libraries().iterdir():
            shutil.copy(library, self.folder)
        (self.folder / "server-asound.conf").write_text(_SERVER_ALSA.format(folder=self.folder))
        (self.folder / "client-asound.conf").write_text(_CLIENT_ALSA)
        (self.folder / "default.pa").write_text(_PULSEAUDIO)
        restart = self.folder / "restart-wireplumber"
        restart.write_text(
            f"#!/bin/sh\n[ ! -f {self.folder}/wp.pid ] || kill $(cat {self.folder}/wp.pid)\n"
        )
        restart.chmod(0o755)

    def __enter__(self) -> UsbRig:
        try:
            self._start_bus()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        for name in reversed(list(self._processes)):
            self._end(name)
        shutil.rmtree(self.folder, ignore_errors=True)
        if self._root:
            shutil.rmtree(self._root, ignore_errors=True)

    def environment(self) -> dict[str, str]:
        """For a program that uses the server."""
        runtime = self.folder / "run"
        return {
            **{k: v for k, v in os.environ.items() if not k.startswith(("PULSE_", "PIPEWIRE_"))},
            "HOME": str(self.folder / "home"),
            "XDG_RUNTIME_DIR": str(runtime),
            "XDG_CONFIG_HOME": str(self.folder / "home/.config"),
            "XDG_STATE_HOME": str(self.folder / "home/.local/state"),
            "PULSE_SERVER": f"unix:{runtime}/pulse/native",
            "ALSA_CONFIG_PATH": str(self.folder / "client-asound.conf"),
            "DBUS_SESSION_BUS_ADDRESS": f"unix:path={self.folder}/run/bus",
            "DBUS_SYSTEM_BUS_ADDRESS": "disabled:",
            "USB_RIG": str(self.folder / "cards"),
        }

    @contextlib.contextmanager
    def applied(self) -> Iterator[None]:
        """Makes this process a client of the server; PortAudio looks again."""
        from pronounce_kiosk.devices.portaudio import refresh_devices

        names = ("PULSE_SERVER", "ALSA_CONFIG_PATH", "XDG_RUNTIME_DIR")
        before = {name: os.environ.get(name) for name in names}
        os.environ.update({name: self.environment()[name] for name in names})
        try:
            refresh_devices()
            yield
        finally:
            for name, value in before.items():
                os.environ.pop(name, None)
                if value is not None:
                    os.environ[name] = value
            refresh_devices()

    def plug(self, number: int = 1, port: str = "1.2") -> None:
        """A dongle goes into a port and becomes that card; all dongles are of one make."""
        self._tell(f"plug {number} {port}")
        self._plugged.add(number)

    def unplug(self, number: int = 1) -> None:
        """The dongle is pulled out."""
        self._tell(f"unplug {number}")
        self._plugged.discard(number)

    def as_at_first(self) -> None:
        """One dongle, which hears noise, server and service up, and the microphone right."""
        self.hears("noise")
        for number in sorted(self._plugged - {1}):
            self.unplug(number)
        if 1 not in self._plugged:
            self.plug()
        for name, start in (("pin", self.start_pin), (self.server, self.start_server)):
            if name not in self._processes:
                start()
        self.wait_until_right()

    def hears(self, content: str) -> None:
        """What every dongle gives from now on: see fake_pcm.c."""
        path = self.folder / "cards/content"
        path.with_suffix(".new").write_text(content)
        path.with_suffix(".new").rename(path)

    def start_server(self) -> None:
        """Starts it and waits until it answers."""
        both = f"{UMOCKDEV}:{self.folder}/libcards.so"
        alsa = {"ALSA_CONFIG_PATH": str(self.folder / "server-asound.conf")}
        udev = {**alsa, "LD_PRELOAD": both, "UMOCKDEV_DIR": self._root}
        if self.server == "pulseaudio":
            self._start(
                "pulseaudio", ["pulseaudio", "-n", "-F", str(self.folder / "default.pa"),
                "--exit-idle-time=-1", "--daemonize=no", "--use-pid-file=no", "--disable-shm=yes",
                "--realtime=no", "--high-priority=no", "--log-target=stderr", "-v"], udev,
            )  # fmt: skip
        else:
            cards = {"LD_PRELOAD": f"{self.folder}/libcards.so", "USB_RIG_NO_CONTROL": "1"}
            self._start("pipewire", ["pipewire"], {**alsa, **cards})
            self.wait(lambda: (self.folder / "run/pipewire-0").exists(), "pipewire")
            # Comes again when ended, as its unit does; `restart-wireplumber` ends it.
            again = 'while :; do wireplumber & echo $! >"$0"; wait; sleep 0.1; done'
            self._start("wireplumber", ["sh", "-c", again, f"{self.folder}/wp.pid"], udev)
            self._start("pipewire-pulse", ["pipewire-pulse"], {})
        self.wait(lambda: self.try_pactl("info") is not None, lambda: self.logs())
        if "pin" not in self._processes:
            self._unstick()

    def _unstick(self) -> None:
        """WirePlumber 0.4 now and then starts without ever learning a card's profiles: `mic pin`
        restarts it then; without the service the rig does, for what a test wants to show."""
        restart_s = time.monotonic() + 3.0
        while not self._knows_profiles():
            if time.monotonic() > restart_s:
                subprocess.run([str(self.folder / "restart-wireplumber")], check=False)
                restart_s = time.monotonic() + 3.0
            time.sleep(0.05)

    def _knows_profiles(self) -> bool:
        there = len(list((self.folder / "cards").glob("card*")))
        known = self.profiles()
        return len(known) == there and None not in known.values()

    def stop_server(self) -> None:
        """Ends it, as a session does."""
        for name in ("pipewire-pulse", "wireplumber", "pipewire", "pulseaudio"):
            self._end(name)

    def restart_server(self) -> None:
        """Ends and starts it: what it saved, it restores."""
        self.stop_server()
        self.start_server()

    def start_pin(self, *options: str) -> None:
        """The service under test, with the Python that runs this."""
        command = [sys.executable, "-m", "pronounce_kiosk.cli", "mic", "pin", *options]
        root = HERE.parents[3]
        self._start("pin", command, {"PYTHONPATH": str(root), "PYTHONUNBUFFERED": "1"})

    def stop_pin(self) -> str:
        """Ends the service; what it said."""
        self._end("pin")
        return self.log("pin")

    def log(self, name: str) -> str:
        """What a process of the rig has printed."""
        path = self.folder / f"{name}.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def logs(self) -> str:
        """All of it, for a failure's message."""
        return "\n".join(
            f"--- {path.name}\n{path.read_text(errors='replace')[-2000:]}"
            for path in sorted(self.folder.glob("*.log"))
        )

    def pactl(self, *words: str) -> str:
        """What pactl prints; fails where it does."""
        done = self._run_pactl(*words)
        assert done.returncode == 0, f"pactl {' '.join(words)}: {done.stderr}"
        return done.stdout

    def try_pactl(self, *words: str) -> str | None:
        """What pactl prints, None where it fails."""
        done = self._run_pactl(*words)
        return done.stdout if done.returncode == 0 else None

    def profiles(self) -> dict[str, str]:
        """Each card's active profile."""
        cards = json.loads(self.try_pactl("-f", "json", "list", "cards") or "[]")
        return {card["name"]: card["active_profile"] for card in cards}

    def wrong(self, patience_s: float = 0.7) -> str:
        """What is wrong with the microphone, "" where all is right; no sound for so long is."""
        default = (self.try_pactl("get-default-source") or "").strip()
        if not default.startswith("alsa_input.usb-") or "iec958" in default:
            return f"the default source is {default!r}; profiles {self.profiles()}"
        if "no" not in (self.try_pactl("get-source-mute", default) or ""):
            return "it is muted"
        if not self.is_heard(patience_s):
            return f"{default} gives no sound"
        return ""

    def is_heard(self, patience_s: float = 0.7) -> bool:
        """Whether a client that asks for no source in particular hears sound; at once where it
        does."""
        command = ["parec", "--format=s16le", "--channels=1", "--rate=16000", "--latency-msec=50",
                   "--raw"]  # fmt: skip
        deadline = time.monotonic() + patience_s
        with subprocess.Popen(
            command, env=self.environment(), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        ) as listener:
            assert listener.stdout is not None
            try:
                while (left_s := deadline - time.monotonic()) > 0:
                    if not select.select([listener.stdout], [], [], left_s)[0]:
                        return False
                    heard = os.read(listener.stdout.fileno(), 65536)
                    if not heard or any(heard):
                        return bool(heard)
                return False
            finally:
                listener.kill()

    def wait_until_right(self) -> float:
        """How long it took until the microphone is right; fails where it never is."""
        began_s = time.monotonic()
        self.wait(lambda: not self.wrong(), lambda: f"{self.wrong()}\n{self.logs()}")
        return time.monotonic() - began_s

    def wait(
        self,
        reached: Callable[[], object],
        what: str | Callable[[], str],
        patience_s: float = PATIENCE_S,
    ) -> None:
        """Waits for something; fails after a while."""
        deadline = time.monotonic() + patience_s
        while not reached():
            if time.monotonic() > deadline:
                raise AssertionError(f"never came: {what if isinstance(what, str) else what()}")
            time.sleep(0.02)

    def _run_pactl(self, *words: str) -> subprocess.CompletedProcess[str]:
        try:
            return subprocess.run(
                ["pactl", *words],
                env={**self.environment(), "LC_ALL": "C.UTF-8"},
                capture_output=True, text=True, errors="replace", timeout=10, check=False,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            return subprocess.CompletedProcess(words, 1, "", "it does not answer")

    def _start_bus(self) -> None:
        # umockdev's devices, and a session bus of the rig's own: WirePlumber wants one.
        self._start(
            "dbus", ["dbus-daemon", "--session", "--nofork", "--nopidfile",
            f"--address=unix:path={self.folder}/run/bus"], {},
        )  # fmt: skip
        self._processes["bus"] = subprocess.Popen(
            ["setpriv", "--pdeathsig", "KILL", "umockdev-wrapper", sys.executable,
             str(HERE / "usb_devices.py")],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env={**os.environ, "USB_RIG": str(self.folder / "cards")},
        )  # fmt: skip
        self._root = self._answer()

    def _tell(self, line: str) -> None:
        stdin = self._processes["bus"].stdin
        assert stdin is not None
        stdin.write(line + "\n")
        stdin.flush()
        assert self._answer() == "ok"

    def _answer(self) -> str:
        stdout = self._processes["bus"].stdout
        assert stdout is not None
        answer = stdout.readline().strip()
        assert answer, "the rig's USB bus has died"
        return str(answer)

    def _start(self, name: str, command: list[str], more: dict[str, str]) -> None:
        with (self.folder / f"{name}.log").open("ab") as log:
            self._processes[name] = subprocess.Popen(
                ["setpriv", "--pdeathsig", "KILL", *command],
                env={**self.environment(), **more},
                stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
                start_new_session=True,
            )  # fmt: skip

    def _signal(self, process: subprocess.Popen[Any], number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError):
            if os.getpgid(process.pid) == process.pid:
                os.killpg(process.pid, number)  # its children too
            else:
                process.send_signal(number)

    def _end(self, name: str) -> None:
        process = self._processes.pop(name, None)
        if process is None:
            return
        self._signal(process, signal.SIGTERM)
        try:
            process.wait(5.0)
        except subprocess.TimeoutExpired:
            self._signal(process, signal.SIGKILL)
            process.wait()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                stream.close()
