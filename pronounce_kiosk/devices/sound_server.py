"""Query the sound server (PulseAudio, or PipeWire through pipewire-pulse) for its sources.

`pactl` runs on a thread of its own: the answer may take long, or never come, and neither the window
nor an audio callback may wait for it.
"""

from __future__ import annotations

import logging
import shutil
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from pronounce_kiosk.core.documents import json_document
from pronounce_kiosk.core.errors import DeviceError
from pronounce_kiosk.devices.pactl import pactl

_log = logging.getLogger(__name__)

NO_SERVER = "The sound server does not answer: wait a moment, or restart the device."
MONITOR_SUFFIX = ".monitor"
QUERY_TIMEOUT_S = 1.0


@dataclass(frozen=True)
class Source:
    """One source of the server: its stable name and its description."""

    name: str
    description: str

    @property
    def is_monitor(self) -> bool:
        """Whether it is a speaker's monitor rather than a microphone."""
        return self.name.endswith(MONITOR_SUFFIX)


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
        wanted = name_contains.casefold()
        for source in self.sources:
            if source.is_monitor:
                continue
            if wanted in source.name.casefold() or wanted in source.description.casefold():
                return source
        return None


UNKNOWN = ServerState()


def query_server(timeout_s: float = QUERY_TIMEOUT_S) -> ServerState:
    """Query pactl for the default source and all sources. Never raises."""
    if shutil.which("pactl") is None:
        return UNKNOWN
    try:
        name = pactl("get-default-source", timeout_s=timeout_s).strip()
    except DeviceError as error:
        _log.info("%s", error)
        return ServerState(known=True)
    try:
        listing = pactl("-f", "json", "list", "sources", timeout_s=timeout_s)
    except DeviceError as error:
        _log.info("%s", error)
        listing = "[]"
    return ServerState(
        known=True,
        reachable=True,
        default_name="" if name == "(null)" else name,
        sources=parse_sources(listing),
    )


def parse_sources(listing: str) -> tuple[Source, ...]:
    """Parse the output of ``pactl -f json list sources``; none where it is not JSON."""
    try:
        entries = json_document(listing)
    except ValueError:
        return ()
    if not isinstance(entries, list):
        return ()
    return tuple(
        Source(str(entry["name"]), str(entry.get("description") or ""))
        for entry in entries
        if isinstance(entry, dict) and entry.get("name")
    )


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
