"""Query and change the sound server (PulseAudio, or PipeWire through pipewire-pulse) by `pactl`.

A query may take long, or never be answered, and neither the window nor an audio callback may wait
for it: `ServerWatch` queries on a thread of its own.
"""

import logging
import shutil
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from pronounce_kiosk.core.documents import json_document
from pronounce_kiosk.core.errors import DeviceError
from pronounce_kiosk.devices.programs import ProgramError, run_program

_log = logging.getLogger(__name__)

NO_SERVER = "The sound server does not answer: wait a moment, or restart the device."
MONITOR_SUFFIX = ".monitor"
QUERY_TIMEOUT_S = 1.0
PACTL_TIMEOUT_S = 5.0

_Told = TypeVar("_Told")


@dataclass(frozen=True)
class Source:
    """A source that can be recorded from.

    Attributes:
        volume_percent: Of the loudest channel.
        alsa_card: The kernel's number of its card, "" where the server gives none.
        ports: Those of its card's sockets (microphone, line in) that are available.
    """

    name: str
    description: str
    muted: bool = False
    volume_percent: int = 100
    alsa_card: str = ""
    ports: tuple[str, ...] = ()
    active_port: str = ""

    @property
    def is_monitor(self) -> bool:
        """Whether it is a speaker's monitor rather than a microphone."""
        return self.name.endswith(MONITOR_SUFFIX)

    def is_called(self, name_contains: str) -> bool:
        """Tell whether its name or description contains the text, in any case."""
        wanted = name_contains.casefold()
        return wanted in self.name.casefold() or wanted in self.description.casefold()


@dataclass(frozen=True)
class ServerState:
    """The server's answer.

    Attributes:
        known: False where there is no pactl or no query has ended yet: conclude nothing.
        reachable: False where no server answered.
    """

    known: bool = False
    reachable: bool = False
    default_name: str = ""
    sources: tuple[Source, ...] = ()

    @property
    def is_dead(self) -> bool:
        """Whether a sound server is expected here and does not answer."""
        return self.known and not self.reachable

    @property
    def default_is_monitor(self) -> bool:
        """Whether recording the default source would record a speaker."""
        return self.default_name.endswith(MONITOR_SUFFIX)

    def source_named(self, name_contains: str) -> Source | None:
        """Find the first microphone whose name or description contains the text, in any case."""
        microphones = (source for source in self.sources if not source.is_monitor)
        return next((each for each in microphones if each.is_called(name_contains)), None)


UNKNOWN = ServerState()


def pactl(*words: str, timeout_s: float = PACTL_TIMEOUT_S) -> str:
    """Run pactl and return its output.

    Raises:
        DeviceError: pactl is missing, fails or takes too long.
    """
    try:
        return run_program("pactl", *words, timeout_s=timeout_s)
    except ProgramError as error:
        command, said = " ".join(words), error.said
        if error.reason == "missing":
            text = "The command pactl is missing: install the package pulseaudio-utils."
        elif error.reason == "slow":
            text = "The sound server does not answer: restart it, or the device."
        elif "onnection refused" in said or "onnection failure" in said:
            text = "No sound server runs: start it, or restart the device."
        else:
            why = said or "no reason given"
            text = f"The sound server refuses {command} ({why}): see whether it runs."
        raise DeviceError(text, command=command, reason=said) from error


def default_source(timeout_s: float = PACTL_TIMEOUT_S) -> str:
    """Query the name of the default source, "" for none.

    Raises:
        DeviceError: As `pactl`.
    """
    name = pactl("get-default-source", timeout_s=timeout_s).strip()
    return "" if name == "(null)" else name


def query_server() -> ServerState:
    """Query pactl for the default source and all sources. Never raises."""
    if shutil.which("pactl") is None:
        return UNKNOWN
    try:
        name = default_source(QUERY_TIMEOUT_S)
    except DeviceError as error:
        _log.info("%s", error)
        return ServerState(known=True)
    try:
        sources = parse_entries(
            parse_source, pactl("-f", "json", "list", "sources", timeout_s=QUERY_TIMEOUT_S)
        )
    except DeviceError as error:
        _log.info("%s", error)
        sources = ()
    return ServerState(True, True, name, sources)


def parse_entries(parse: Callable[[dict[str, Any]], _Told], listing: str) -> tuple[_Told, ...]:
    """Parse a list in JSON by pactl; log and leave out entries that cannot be parsed.

    Raises:
        DeviceError: It is no JSON list.
    """
    entries = parse_answer(listing)
    if not isinstance(entries, list):
        raise _unreadable()
    found = []
    for entry in entries:
        if not (isinstance(entry, dict) and entry.get("name")):
            continue
        try:
            found.append(parse(entry))
        except (ValueError, TypeError, AttributeError, OverflowError) as error:
            _log.info("the sound server says something odd of %r: %s", entry["name"], error)
    return tuple(found)


def parse_answer(text: str) -> Any:
    """Parse JSON by pactl, which prints nothing for an empty list.

    Raises:
        DeviceError: It is not JSON.
    """
    try:
        return json_document(text or "[]")
    except ValueError as error:
        raise _unreadable() from error


def _unreadable() -> DeviceError:
    return DeviceError("The sound server's answer cannot be read: restart it.")


def parse_source(entry: dict[str, Any]) -> Source:
    """Parse an entry of ``pactl -f json list sources``."""
    properties = entry.get("properties") or {}
    volumes = [_percent(channel) for channel in (entry.get("volume") or {}).values()]
    return Source(
        name=str(entry["name"]),
        description=str(entry.get("description") or ""),
        muted=bool(entry.get("mute")),
        volume_percent=max(volumes, default=100),
        alsa_card=str(properties.get("alsa.card") or properties.get("api.alsa.pcm.card") or ""),
        ports=tuple(
            str(port.get("name", ""))
            for port in entry.get("ports") or ()
            if port.get("availability") != "not available"
        ),
        active_port=str(entry.get("active_port") or ""),
    )


def _percent(channel: dict[str, Any]) -> int:
    return int(str(channel.get("value_percent", "100%")).rstrip("% ") or 100)


class ServerWatch:
    """The last known `ServerState`, renewed in the background.

    `poll` never waits: it starts a query when the last is older than ``interval_s`` and returns the
    last known state.
    """

    def __init__(
        self,
        query: Callable[[], ServerState] = query_server,
        interval_s: float = 1.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._query = query
        self._interval_s = interval_s
        self._clock = clock
        self._state = UNKNOWN
        self._asked_s: float | None = None
        self._thread: threading.Thread | None = None
        self._generation = 0

    def ask_now(self) -> ServerState:
        """Query and wait for the answer (`QUERY_TIMEOUT_S` twice at most)."""
        self._generation += 1  # invalidates an answer under way
        self._asked_s = self._clock()
        self._state = self._query()
        return self._state

    def poll(self, interval_s: float | None = None) -> ServerState:
        """Return the last known state without waiting. interval_s: overrides the watch's."""
        now_s = self._clock()
        interval_s = self._interval_s if interval_s is None else interval_s
        due = self._asked_s is None or now_s - self._asked_s >= interval_s
        if due and (self._thread is None or not self._thread.is_alive()):
            self._asked_s = now_s
            self._thread = threading.Thread(
                target=self._ask, args=(self._generation,), name="pactl", daemon=True
            )
            self._thread.start()
        return self._state

    def _ask(self, generation: int) -> None:
        state = self._query()
        if generation == self._generation:
            self._state = state
