"""Run the system's programs: bounded in time, with English messages."""

import contextlib
import logging
import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar

from pronounce_kiosk.core.errors import DeviceError

log = logging.getLogger(__name__)

TIMEOUT_S = 15.0
BUS_TIMEOUT_S = 10
"""Less than `TIMEOUT_S`, so that busctl reports it."""

_SIGNS = {
    "not_allowed": ("access denied", "interactive authentication", "notauthorized"),
    "slow": ("timed out",),
    "busy": ("busy",),
    "no_service": ("no such file", "not provided", "unknown"),
}
"""Parts of a program's complaint, in lower case, for each reason of a refusal."""


class ProgramError(Exception):
    """A program cannot be run, is too slow or fails.

    Attributes:
        reason: "missing", "slow" or "refused".
        said: The program's complaint, in one line.
    """

    def __init__(self, reason: str, said: str = "") -> None:
        super().__init__(said or reason)
        self.reason = reason
        self.said = said


def run_program(
    *command: str, timeout_s: float = TIMEOUT_S, environment: Mapping[str, str] | None = None
) -> str:
    """Run a program and return its output. environment: this process's, in English, where None.

    Raises:
        ProgramError: It is missing, does not end in time or fails.
    """
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=timeout_s,
            check=False,
            env=environment or english_environment(),
        )
    except subprocess.TimeoutExpired as error:
        raise ProgramError("slow") from error
    except OSError as error:
        raise ProgramError("missing", str(error)) from error
    # A device's own name may not be UTF-8.
    said = " ".join(done.stderr.decode(errors="replace").split())
    if done.returncode != 0:
        raise ProgramError("refused", said)
    return done.stdout.decode(errors="replace")


def ask_program(
    *command: str, sentences: Mapping[str, str], missing: str, timeout_s: float = TIMEOUT_S
) -> str:
    """Run a program and return its output; a refusal is one of the sentences.

    Args:
        command: The program and its arguments.
        sentences: What to do, by the reason: ``missing``, slow, refused (any other) and those of
            `_SIGNS` that the program gives.
        missing: The reason where there is no such program.
        timeout_s: Time to wait.

    Raises:
        DeviceError: The program refuses; field ``reason_key`` is the reason.
    """
    try:
        return run_program(*command, timeout_s=timeout_s)
    except ProgramError as error:
        log.info("%s: %s", " ".join(command), error)
        reason = missing if error.reason == "missing" else error.reason
        for named, signs in _SIGNS.items():
            if named in sentences and any(sign in error.said.lower() for sign in signs):
                reason = named
                break
        raise DeviceError(sentences[reason], reason_key=reason) from error


class SystemdService:
    """A service of systemd, called over D-Bus through busctl (package systemd).

    Blocks on another program: do not call in the GUI thread.

    Args:
        command: The program busctl, or what stands in for it.

    Attributes:
        service: The service's name after ``org.freedesktop.``, such as login1.
        interface: The methods' interface, likewise.
        sentences: As in `ask_program`; no_service for a missing service or program.
    """

    service: ClassVar[str]
    interface: ClassVar[str]
    sentences: ClassVar[Mapping[str, str]]

    def __init__(self, command: Sequence[str] = ("busctl",)) -> None:
        self._command = tuple(command)

    def _call(self, *call: str) -> str:
        """Call a method: its name, the signature of its arguments, the arguments."""
        name = f"org.freedesktop.{self.service}"
        options = ("--system", f"--timeout={BUS_TIMEOUT_S}", "call", name)
        words = (f"/org/freedesktop/{self.service}", f"org.freedesktop.{self.interface}", *call)
        return ask_program(
            *self._command, *options, *words, sentences=self.sentences, missing="no_service"
        )


def english_environment() -> dict[str, str]:
    """Return an environment for English messages, and a decimal point in JSON."""
    return {**os.environ, "LC_ALL": "C.UTF-8"}


@contextlib.contextmanager
def changed_environment(values: Mapping[str, str]) -> Iterator[None]:
    """Set variables of this process, and restore them."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
