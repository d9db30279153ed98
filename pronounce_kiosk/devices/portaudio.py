"""The single thread that calls PortAudio, and the choice of a device.

PortAudio keeps its state per process, is not thread-safe, and any of its calls may hang on a frozen
sound server. So every call runs on one daemon thread of this module, and callers wait for a bounded
time. The module-level host mirrors the library's process-wide state.
"""

import atexit
import logging
import queue
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from functools import cache, partial
from typing import Any, TypeVar

from pronounce_kiosk.core.errors import DeviceError
from pronounce_kiosk.devices.programs import changed_environment
from pronounce_kiosk.devices.stream import Direction, Stream, StreamRequest

_log = logging.getLogger(__name__)
_T = TypeVar("_T")

THINGS = {"input": "microphone", "output": "speaker"}

SERVER_PCMS = ("pulse", "pipewire", "default")
"""ALSA PCMs of the sound server, best first. They accept any sample rate; ``hw:`` of a cheap USB
microphone refuses 16 kHz."""

SOURCE_VARIABLES = ("PULSE_SOURCE", "PIPEWIRE_NODE")

CALL_TIMEOUT_S = 4.0
"""Time after which the server counts as frozen. Opening, starting and closing take 4-40 ms."""

END_S = 0.5
"""Time to wait for a stream's thread, which checks every 10 ms whether to end."""


@dataclass(frozen=True)
class AudioDevice:
    """One entry of PortAudio's device list. The index is only valid until the next refresh."""

    index: int
    name: str
    input_channels: int
    output_channels: int
    default_rate_hz: int

    def channels(self, direction: Direction) -> int:
        """Return the number of channels in a direction; 0 where it has none."""
        return self.input_channels if direction == "input" else self.output_channels

    @property
    def is_server(self) -> bool:
        """Whether the device is the sound server rather than a card."""
        return self.name in SERVER_PCMS


def choose_device(
    devices: Sequence[AudioDevice], direction: Direction, name_contains: str | None = None
) -> AudioDevice | None:
    """Choose the device to open by name, never by index; None where there is none.

    With a name: the first whose name contains it, in any case. Without: the sound server
    (`SERVER_PCMS` in order), else the first device with channels in the direction.
    """
    able = [device for device in devices if device.channels(direction) > 0]
    if name_contains:
        wanted = name_contains.casefold()
        return next((device for device in able if wanted in device.name.casefold()), None)
    servers = [device for name in SERVER_PCMS for device in able if device.name == name]
    return next(iter(servers + able), None)


class AudioHost:
    """Runs PortAudio's calls on one thread.

    `sounddevice` is imported there at the first call: importing it reads the environment
    (ALSA_CONFIG_PATH, PULSE_SERVER) and probes every device.
    """

    def __init__(self) -> None:
        self._jobs: queue.SimpleQueue[tuple[Future[Any], Callable[[], Any]]] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._stuck: Future[Any] | None = None
        self._open: set[Stream] = set()  # touched on the host's thread only

    def call(
        self,
        work: Callable[[], _T],
        timeout_s: float | None = None,
        if_late: Callable[[_T], None] | None = None,
    ) -> _T:
        """Run ``work`` on the host's thread (at once, if called from there) and return its result.

        Args:
            work: The function to run.
            timeout_s: Time to wait, `CALL_TIMEOUT_S` where None. While a late call runs, others
                fail at once.
            if_late: Receives a result that came too late, to undo it.

        Raises:
            DeviceError: ``work`` did not end in time. Its own errors are raised too.
        """
        if threading.current_thread() is self._thread:
            return work()
        if timeout_s is None:
            timeout_s = CALL_TIMEOUT_S
        self._start_thread()
        with self._lock:
            if self._stuck is not None and not self._stuck.done():
                raise DeviceError("The sound system does not answer: restart the device.")
            self._stuck = None
        future: Future[_T] = Future()
        self._jobs.put((future, work))
        try:
            return future.result(timeout_s)
        except TimeoutError:
            self._stuck = future
            if if_late is not None:
                future.add_done_callback(lambda late: _undo(late, if_late))
            raise DeviceError("The sound system does not answer: restart the device.") from None

    def post(self, work: Callable[[], None]) -> None:
        """Queue ``work`` without waiting, also from a callback; its errors are logged."""
        future: Future[None] = Future()
        future.add_done_callback(_log_failure)
        self._start_thread()
        self._jobs.put((future, work))

    def close_all(self, timeout_s: float = 1.0) -> bool:
        """End every stream; False where one, or the host, hangs."""

        def close() -> bool:
            for stream in tuple(self._open):
                self.close(stream)
            return not self._open

        try:
            return self._thread is None or self.call(close, timeout_s)
        except DeviceError:
            return False

    def devices(self) -> tuple[AudioDevice, ...]:
        """Return PortAudio's list as of the last refresh. On the host's thread only."""
        found = _sounddevice().query_devices()
        return tuple(
            AudioDevice(
                index=index,
                name=str(entry["name"]),
                input_channels=int(entry["max_input_channels"]),
                output_channels=int(entry["max_output_channels"]),
                default_rate_hz=round(entry["default_samplerate"]),
            )
            for index, entry in enumerate(found)
        )

    def refresh(self) -> bool:
        """Read the device list anew; False, without effect, while a stream is open.

        PortAudio's list is fixed at its initialisation; only terminating and initialising it shows
        devices plugged in since. On the host's thread only.
        """
        if self._open:
            return False
        sounddevice = _sounddevice()
        sounddevice._terminate()
        sounddevice._initialize()
        return True

    def open(self, device: AudioDevice, request: StreamRequest) -> tuple[Stream, int]:
        """Open and start a stream; return it and its rate. On the host's thread only.

        Tries the wanted rate, then the device's own.

        Raises:
            PortAudioError: sounddevice's; the device refuses both.
        """
        sounddevice = _sounddevice()
        reads = request.direction == "input"
        make = partial(
            sounddevice.InputStream if reads else sounddevice.OutputStream,
            device=device.index,
            channels=1,
            dtype="float32",
            latency=request.latency_s,
        )
        rate_hz = request.rate_hz
        try:
            raw = make(samplerate=rate_hz)
        except sounddevice.PortAudioError:
            rate_hz = device.default_rate_hz
            raw = make(samplerate=rate_hz)
        # Closed from its own thread, as that thread's last action, where it could not be before.
        stream = Stream(raw, request, on_idle=lambda idle: self.post(lambda: self.close(idle)))
        try:
            raw.start()
            stream.start()
        except BaseException:
            raw.close()
            raise
        self._open.add(stream)
        return stream, rate_hz

    def close(self, stream: Stream) -> None:
        """End a stream at once. Never raises. On the host's thread only.

        Where its own thread hangs in a frozen server, it is closed when that thread returns.
        """
        if stream not in self._open or not stream.end(END_S):
            return
        self._open.discard(stream)
        # Errors are suppressed: a dead server makes them all fail.
        stream.raw.abort()
        stream.raw.close()

    def _start_thread(self) -> None:
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="portaudio", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        while True:
            future, work = self._jobs.get()
            try:
                result = work()
            except BaseException as error:
                future.set_exception(error)
            else:
                future.set_result(result)


def open_stream(
    request: StreamRequest, name_contains: str | None = None, source_name: str | None = None
) -> tuple[Stream, int, AudioDevice]:
    """Open and start a stream from any thread; return it, its rate and its device.

    The device list is read anew before giving up, and before opening anything but the sound server,
    whose entry never goes stale.

    Args:
        request: The wanted stream.
        name_contains: Part of the device's name; ignored with ``source_name``.
        source_name: A source of the sound server by its own name; then only `SERVER_PCMS` are used.

    Raises:
        DeviceError: There is no such device or it refuses.
    """
    thing = THINGS[request.direction]
    # The server's PCM has no argument for a source; its client library reads these variables when
    # it connects.
    environment = dict.fromkeys(SOURCE_VARIABLES, source_name) if source_name else {}

    def find() -> AudioDevice | None:
        devices = HOST.devices()
        if source_name is None:
            return choose_device(devices, request.direction, name_contains)
        return choose_device([each for each in devices if each.is_server], request.direction)

    def work() -> tuple[Stream, int, AudioDevice]:
        device = find()
        fresh = False
        if device is None or not device.is_server:
            fresh = HOST.refresh()
            device = find()
        while True:
            if device is None:
                named = f' named "{name_contains}"' if name_contains else ""
                raise DeviceError(f"No {thing}{named} was found: plug it in and try again.")
            try:
                with changed_environment(environment):
                    return (*HOST.open(device, request), device)
            except _sounddevice().PortAudioError as error:
                if fresh or not HOST.refresh():
                    raise DeviceError(
                        f"The {thing} does not start: unplug it, plug it in and try again.",
                        name=device.name,
                        reason=str(error),
                    ) from error
            fresh, device = True, find()

    return HOST.call(work, if_late=lambda opened: close_stream(opened[0]))


def close_stream(stream: Stream) -> None:
    """End a stream, dropping its buffer. Never waits and never raises.

    Runs on the host's thread, before anything that is opened after this call.
    """
    HOST.post(lambda: HOST.close(stream))


def refresh_devices() -> bool:
    """Read PortAudio's device list anew; False while a stream is open.

    Needed after a card was plugged in and after ALSA_CONFIG_PATH or PULSE_SERVER changed.
    """
    return HOST.call(HOST.refresh)


@cache
def _sounddevice() -> Any:
    try:
        import sounddevice
    except OSError as error:  # the Python package is installed, libportaudio2 is not
        raise DeviceError("The sound library PortAudio is missing: run scripts/setup.") from error
    atexit.register(_on_exit)  # after sounddevice's own, so it runs before that
    return sounddevice


def _on_exit() -> None:
    """Close the streams before sounddevice ends PortAudio.

    PortAudio would wait for a stuck call for ever, and free a stream that its thread still reads.
    """
    if not HOST.close_all():
        atexit.unregister(_sounddevice()._exit_handler)


def _log_failure(done: Future[None]) -> None:
    error = done.exception()
    if error is not None:
        _log.error("Work on the audio thread failed", exc_info=error)


def _undo(late: Future[_T], if_late: Callable[[_T], None]) -> None:
    if late.exception() is None:
        if_late(late.result())


HOST = AudioHost()
