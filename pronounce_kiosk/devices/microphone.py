"""The microphone, through sounddevice, and its health.

The stream's thread only copies, queues and counts. Everything else happens in `poll`, which the
caller's timer calls (every 50 ms or so) on the caller's thread: it delivers the queued blocks and
returns the status.
"""

import logging
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pronounce_kiosk.audio.clip import PIPELINE_SAMPLE_RATE_HZ
from pronounce_kiosk.core.errors import DeviceError
from pronounce_kiosk.devices.hum import WINDOW_S, hum_frequency_hz
from pronounce_kiosk.devices.portaudio import close_stream, open_stream
from pronounce_kiosk.devices.reopen import CardReopener
from pronounce_kiosk.devices.sound_server import NO_SERVER, ServerState, ServerWatch, Source
from pronounce_kiosk.devices.stream import StreamRequest

_log = logging.getLogger(__name__)

OnBlock = Callable[[NDArray[np.float32], int], None]
"""Receives float32 samples, shape (n,), full scale 1.0, and their rate in Hz."""

BLOCK_MS = 20
LATENCY_S = 0.2  # tolerates a busy interpreter; raising it delays the level meter
QUEUE_LIMIT_BLOCKS = 120 * 1000 // BLOCK_MS  # bounds the memory where nobody polls

STALL_S = 1.0
ZEROS_S = 2.0
REST_INTERVAL_S = 5.0
"""Interval of queries to the server while nobody records and all is well; each starts two
processes. Starting a recording queries anyway."""
HUM_WINDOWS = 2  # windows of a second, with equal hum in all
CLIPPED_AT = 0.999
CLIPPED_SAMPLES_A_SECOND = 16  # 1 ms; fewer is a click, not worth a message


class MicrophoneStatus(StrEnum):
    """Status of the microphone. Only `OK`, `CLIPPING` and `HUM` give a take worth scoring."""

    OK = "ok"
    ABSENT = "absent"  # none is connected, or it was unplugged
    NO_SERVER = "no_server"  # the sound server does not answer
    MONITOR = "monitor"  # the default source is a speaker's monitor: there is no microphone
    STALLED = "stalled"  # no samples for over a second (PulseAudio, after an unplug)
    ZEROS = "zeros"  # exact zeros for over two seconds (PipeWire, after an unplug; a mute switch)
    CLIPPING = "clipping"  # too loud; the take goes on
    HUM = "hum"  # mains hum dominates for over two seconds; the take goes on

    @property
    def usable(self) -> bool:
        """Whether the current recording is the learner's voice."""
        return self in (MicrophoneStatus.OK, MicrophoneStatus.CLIPPING, MicrophoneStatus.HUM)

    @property
    def key(self) -> str:
        """The message's name in the interface's translations."""
        return f"microphone_{self.value}"

    @property
    def message(self) -> str:
        """One English sentence that says what to do; empty for `OK`."""
        return _MESSAGES[self]


_MESSAGES = {
    MicrophoneStatus.OK: "",
    MicrophoneStatus.ABSENT: "The microphone is not there: plug it in and try again.",
    MicrophoneStatus.NO_SERVER: NO_SERVER,
    MicrophoneStatus.MONITOR: "No microphone is plugged in: plug it in and try again.",
    MicrophoneStatus.STALLED: "The microphone has gone silent: unplug it and plug it in again.",
    MicrophoneStatus.ZEROS: (
        "The microphone hears nothing at all: check its switch, or unplug it and plug it in again."
    ),
    MicrophoneStatus.CLIPPING: "That is too loud: move a little away from the microphone.",
    MicrophoneStatus.HUM: "The microphone hums: plug it into another port or power supply.",
}


class StreamHealth:
    """Judges a running stream from its samples and a clock; pure, knows no device.

    Exact zeros are counted in samples, a stall in seconds since the last block.
    """

    def __init__(self, now_s: float) -> None:
        self._last_block_s = now_s
        self._zeros = 0
        self._sample_rate_hz = 1
        self._clipped: deque[tuple[float, int]] = deque()
        self._window: list[NDArray[np.float32]] = []
        self._window_samples = 0
        self._hums: deque[int] = deque([0] * HUM_WINDOWS, maxlen=HUM_WINDOWS)

    def feed(self, samples: NDArray[np.float32], sample_rate_hz: int, now_s: float) -> None:
        """Count a block that arrived at ``now_s``; an empty block changes nothing."""
        if not len(samples):
            return
        self._last_block_s = now_s
        sounding = np.flatnonzero(samples)
        if len(sounding):
            self._zeros = len(samples) - 1 - int(sounding[-1])
        else:
            self._zeros += len(samples)
        self._sample_rate_hz = sample_rate_hz
        clipped = int(np.count_nonzero(np.abs(samples) >= CLIPPED_AT))
        if clipped:
            self._clipped.append((now_s, clipped))
        self._listen_for_hum(samples, sample_rate_hz)

    def judge(self, now_s: float) -> MicrophoneStatus:
        """Return `STALLED`, `ZEROS`, `CLIPPING`, `HUM` or `OK` at ``now_s``, the worst first."""
        if now_s - self._last_block_s > STALL_S:
            return MicrophoneStatus.STALLED
        if self._zeros > ZEROS_S * self._sample_rate_hz:
            return MicrophoneStatus.ZEROS
        while self._clipped and now_s - self._clipped[0][0] > 1.0:
            self._clipped.popleft()
        if sum(count for _, count in self._clipped) >= CLIPPED_SAMPLES_A_SECOND:
            return MicrophoneStatus.CLIPPING
        hums = set(self._hums)
        return MicrophoneStatus.HUM if len(hums) == 1 and 0 not in hums else MicrophoneStatus.OK

    def _listen_for_hum(self, samples: NDArray[np.float32], sample_rate_hz: int) -> None:
        self._window.append(samples)
        self._window_samples += len(samples)
        if self._window_samples >= WINDOW_S * sample_rate_hz:
            self._hums.append(hum_frequency_hz(np.concatenate(self._window), sample_rate_hz))
            self._window, self._window_samples = [], 0


def judge_server(server: ServerState, name_contains: str | None) -> MicrophoneStatus:
    """Derive `OK`, `ABSENT`, `NO_SERVER` or `MONITOR` from the sound server's state; pure.

    When a source goes away, the server moves its streams to another one, and they run on: only the
    server's state shows it. name_contains: the wanted source, None for the default one.
    """
    if not server.known:
        return MicrophoneStatus.OK
    if server.is_dead:
        return MicrophoneStatus.NO_SERVER
    if name_contains is not None:
        there = server.source_named(name_contains) is not None
        return MicrophoneStatus.OK if there else MicrophoneStatus.ABSENT
    if not server.default_name:
        return MicrophoneStatus.ABSENT
    return MicrophoneStatus.MONITOR if server.default_is_monitor else MicrophoneStatus.OK


@dataclass(eq=False)
class _Capture:
    """Queue and counters of one recording, the only data that the stream's thread touches.

    New for every `start`, so that a dead stream cannot deliver into the next take.
    """

    blocks: deque[NDArray[np.float32]] = field(default_factory=deque)
    overflow_count: int = 0
    ended: bool = False

    def on_audio(self, samples: NDArray[np.float32], lost: bool) -> None:
        if lost:
            self.overflow_count += 1
        if len(self.blocks) >= QUEUE_LIMIT_BLOCKS:
            self.overflow_count += 1
            return
        self.blocks.append(samples.copy())

    def on_end(self) -> None:
        self.ended = True


class Microphone:
    """The microphone, through PortAudio. All methods are called on one thread.

    Records mono at ``wanted_rate_hz`` where the device can, else at the device's own rate
    (`sample_rate_hz`). A hung card (exact zeros, a stall) is switched off and on in the background,
    so that the next `start` may succeed.

    Args:
        name_contains: Part of the microphone's name, in any case; None takes the sound server's
            default source. It is searched among the sound server's sources first (name or
            description), then among PortAudio's devices.

    Attributes:
        name: The device as opened; empty before the first `start`.
        sample_rate_hz: The rate of the blocks; 0 before the first `start`.
        status: As of the last `start` or `poll`.
    """

    def __init__(
        self,
        name_contains: str | None = None,
        wanted_rate_hz: int = PIPELINE_SAMPLE_RATE_HZ,
        watch: ServerWatch | None = None,
    ) -> None:
        self._name_contains = name_contains or None
        self._reopener = CardReopener()
        self._wanted_rate_hz = wanted_rate_hz
        self._watch = watch or ServerWatch()
        self._stream: Any = None
        self._capture = _Capture()
        self._health = StreamHealth(time.monotonic())
        self._on_block: OnBlock | None = None
        self._through_server = True  # assumed until a start shows otherwise
        self.name = ""
        self.sample_rate_hz = 0
        self.status = MicrophoneStatus.OK

    @property
    def overflow_count(self) -> int:
        """The number of sample losses since `start`."""
        return self._capture.overflow_count

    def start(self, on_block: OnBlock) -> None:
        """Start recording, ending an earlier recording. Works again after an unplug.

        Takes 10-50 ms; at most a few seconds on a frozen server.

        Raises:
            DeviceError: There is no microphone or it refuses; field ``status`` is the
                `MicrophoneStatus`, as `status` is.
        """
        self.stop()
        capture = _Capture()
        server = self._watch.ask_now()
        source = server.source_named(self._name_contains) if self._name_contains else None
        if self._name_contains is None and server.default_is_monitor:
            # Opening it would record the kiosk's own output.
            self._fail(MicrophoneStatus.MONITOR)
        try:
            self._stream, self.sample_rate_hz, device = open_stream(
                StreamRequest(
                    "input", self._wanted_rate_hz, LATENCY_S, capture.on_audio, capture.on_end
                ),
                self._name_contains,
                source.name if source else None,
            )
        except DeviceError as error:
            _log.info("No recording: %s %s", error, error.fields)
            if server.is_dead:
                self._fail(MicrophoneStatus.NO_SERVER)
            self._fail(MicrophoneStatus.ABSENT, error)
        self._through_server = device.is_server
        self.name = _name_of(device.name, source, server) if device.is_server else device.name
        self._capture = capture
        self._on_block = on_block
        self._health = StreamHealth(time.monotonic())
        self.status = MicrophoneStatus.OK
        _log.info("Recording from %s (%s) at %d Hz", self.name, device.name, self.sample_rate_hz)

    def poll(self) -> MicrophoneStatus:
        """Call ``on_block`` for every queued block, then return the status.

        Also works between recordings, where it tells whether there is a microphone. Never waits and
        raises only what ``on_block`` raises.
        """
        ended = self._capture.ended  # read before draining: it is set after the last block
        while self._capture.blocks:
            samples = self._capture.blocks.popleft()
            self._health.feed(samples, self.sample_rate_hz, time.monotonic())
            if self._on_block is not None:
                self._on_block(samples, self.sample_rate_hz)
        at_rest = self._stream is None and self.status.usable
        server = self._watch.poll(REST_INTERVAL_S if at_rest else None)
        self.status = self._judge(server, ended)
        return self.status

    def stop(self) -> None:
        """End the recording. Queued blocks come with the next `poll`. Never raises."""
        if self._stream is None:
            return
        stream, self._stream = self._stream, None
        close_stream(stream)

    def _fail(self, status: MicrophoneStatus, error: DeviceError | None = None) -> None:
        self.status = status
        if error is None:
            raise DeviceError(status.message, status=status)
        error.fields["status"] = status
        raise error

    def _judge(self, server: ServerState, ended: bool) -> MicrophoneStatus:
        said = MicrophoneStatus.OK
        if self._through_server and (self._stream is None or server.reachable):
            # While recording, a server that does not answer in time is no finding yet: if it died,
            # the stream ends or stalls.
            said = judge_server(server, self._name_contains)
        if self._stream is not None:
            if ended:
                dead = server.is_dead and self._through_server
                return MicrophoneStatus.NO_SERVER if dead else MicrophoneStatus.ABSENT
            if not said.usable:
                return said
            heard = self._health.judge(time.monotonic())
            if not heard.usable and self._through_server:
                self._reopener.ask(self._name_contains)
            return heard
        if server.known and self._through_server:
            return said
        # Unknown without opening the device: the last status stands, unless it was about the
        # learner.
        return MicrophoneStatus.OK if self.status.usable else self.status


def _name_of(pcm: str, source: Source | None, server: ServerState) -> str:
    """Return the display name of the source behind the server's PCM."""
    if source is None:
        source = next((s for s in server.sources if s.name == server.default_name), None)
    return (source.description or source.name) if source else pcm
