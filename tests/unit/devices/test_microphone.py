from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.core.errors import DeviceError
from pronounce_kiosk.devices.microphone import (
    Microphone,
    MicrophoneStatus,
    StreamHealth,
    judge_server,
)
from pronounce_kiosk.devices.sound_server import UNKNOWN, ServerState, ServerWatch, Source
from tests.fakes.microphone import FakeFaults, FakeMicrophone

RATE_HZ = 16_000
NOISE = np.random.default_rng(1).normal(0, 0.01, 320).astype(np.float32)
ZEROS = np.zeros(320, np.float32)  # 20 ms
LOUD = np.ones(320, np.float32)

USB = Source("alsa_input.usb-C-Media-00.analog-mono", "USB PnP Sound Device")
MONITOR = Source("alsa_output.platform.stereo.monitor", "Monitor of USB PnP Sound Device")


def server(default: str, *sources: Source) -> ServerState:
    return ServerState(known=True, reachable=True, default_name=default, sources=sources)


def test_a_stream_that_delivers_is_ok() -> None:
    health = StreamHealth(100.0)
    for i in range(500):
        health.feed(NOISE, RATE_HZ, 100.0 + i * 0.02)
        assert health.judge(100.0 + i * 0.02) is MicrophoneStatus.OK


def test_no_block_for_over_a_second_is_a_stall_and_the_next_block_ends_it() -> None:
    health = StreamHealth(100.0)
    assert health.judge(101.0) is MicrophoneStatus.OK
    assert health.judge(101.01) is MicrophoneStatus.STALLED
    health.feed(NOISE, RATE_HZ, 105.0)
    assert health.judge(105.5) is MicrophoneStatus.OK
    health.feed(NOISE[:0], RATE_HZ, 105.9)  # an empty block is no block
    assert health.judge(106.1) is MicrophoneStatus.STALLED


def test_exact_zeros_over_two_seconds_are_named_and_one_sample_ends_it() -> None:
    health = StreamHealth(0.0)
    for i in range(100):
        health.feed(ZEROS, RATE_HZ, i * 0.02)
    assert health.judge(2.0) is MicrophoneStatus.OK
    health.feed(ZEROS, RATE_HZ, 2.02)
    assert health.judge(2.02) is MicrophoneStatus.ZEROS
    one = ZEROS.copy()
    one[-1] = 1 / 32768
    health.feed(one, RATE_HZ, 2.04)
    assert health.judge(2.04) is MicrophoneStatus.OK


def test_a_quiet_microphone_is_not_zeros() -> None:
    health = StreamHealth(0.0)
    one_step = ZEROS.copy()
    one_step[7] = -1 / 32768
    for i in range(400):
        health.feed(one_step, RATE_HZ, i * 0.02)
    assert health.judge(8.0) is MicrophoneStatus.OK


@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from([0, 1]), min_size=1, max_size=60), st.integers(1, 7))
def test_zeros_count_the_same_however_the_stream_is_cut(pattern: list[int], cut: int) -> None:
    # 0.25 s a pattern entry at a toy rate; the verdict is that of the trailing zeros.
    samples = np.repeat(np.array(pattern, np.float32) * 0.5, 4)
    health = StreamHealth(0.0)
    for start in range(0, len(samples), cut):
        health.feed(samples[start : start + cut], 16, 0.0)
    sounding = np.flatnonzero(samples)
    trailing = len(samples) - (sounding[-1] + 1 if len(sounding) else 0)
    expected = MicrophoneStatus.ZEROS if trailing / 16 > 2.0 else MicrophoneStatus.OK
    assert health.judge(0.0) is expected


def test_clipping_shows_for_a_second_and_a_click_does_not() -> None:
    health = StreamHealth(0.0)
    click = NOISE.copy()
    click[:4] = -1.0
    health.feed(click, RATE_HZ, 0.0)
    assert health.judge(0.0) is MicrophoneStatus.OK
    health.feed(LOUD, RATE_HZ, 0.5)
    assert health.judge(1.4) is MicrophoneStatus.CLIPPING
    health.feed(NOISE, RATE_HZ, 1.4)
    assert health.judge(1.6) is MicrophoneStatus.OK


def test_the_worst_is_named_first() -> None:
    health = StreamHealth(0.0)
    health.feed(LOUD, RATE_HZ, 0.0)
    for _ in range(101):
        health.feed(ZEROS, RATE_HZ, 0.1)
    assert health.judge(0.2) is MicrophoneStatus.ZEROS
    assert health.judge(2.0) is MicrophoneStatus.STALLED


@pytest.mark.parametrize(
    ("state", "name", "expected"),
    [
        (UNKNOWN, None, MicrophoneStatus.OK),
        (UNKNOWN, "usb", MicrophoneStatus.OK),
        (ServerState(known=True), None, MicrophoneStatus.NO_SERVER),
        (ServerState(known=True), "usb", MicrophoneStatus.NO_SERVER),
        (server(USB.name, MONITOR, USB), None, MicrophoneStatus.OK),
        (server(MONITOR.name, MONITOR), None, MicrophoneStatus.MONITOR),
        (server(MONITOR.name, MONITOR, USB), None, MicrophoneStatus.MONITOR),
        (server(""), None, MicrophoneStatus.ABSENT),
        (server(MONITOR.name, MONITOR, USB), "usb pnp", MicrophoneStatus.OK),
        (server(MONITOR.name, MONITOR, USB), "c-media", MicrophoneStatus.OK),
        # A speaker's monitor carries the card's name too.
        (server(MONITOR.name, MONITOR), "usb pnp", MicrophoneStatus.ABSENT),
        (server(USB.name, USB), "Jabra", MicrophoneStatus.ABSENT),
    ],
)
def test_what_the_server_says(
    state: ServerState, name: str | None, expected: MicrophoneStatus
) -> None:
    assert judge_server(state, name) is expected


def test_every_status_but_ok_says_what_to_do() -> None:
    for status in MicrophoneStatus:
        assert status.key == f"microphone_{status.value}"
        assert (status.message == "") == (status is MicrophoneStatus.OK)
    assert {s for s in MicrophoneStatus if s.usable} == {
        MicrophoneStatus.OK,
        MicrophoneStatus.CLIPPING,
        MicrophoneStatus.HUM,
    }


def test_a_monitor_is_never_opened() -> None:
    watch = ServerWatch(query=lambda: server(MONITOR.name, MONITOR))
    microphone = Microphone(watch=watch)
    with pytest.raises(DeviceError, match="plug it in") as caught:
        microphone.start(lambda _samples, _rate: None)
    assert caught.value.fields["status"] is MicrophoneStatus.MONITOR
    assert microphone.status is MicrophoneStatus.MONITOR


class Heard:
    """Collects what a microphone gives."""

    def __init__(self) -> None:
        self.blocks: list[np.ndarray] = []

    def __call__(self, samples: np.ndarray, sample_rate_hz: int) -> None:
        assert samples.dtype == np.float32
        assert samples.ndim == 1
        self.blocks.append(samples)

    @property
    def samples(self) -> np.ndarray:
        return np.concatenate(self.blocks) if self.blocks else np.zeros(0, np.float32)


def clip(seconds: float, rate_hz: int = RATE_HZ) -> AudioClip:
    t = np.arange(int(seconds * rate_hz)) / rate_hz
    return AudioClip.from_array(0.3 * np.sin(2 * np.pi * 440 * t), rate_hz)


def test_the_fake_hears_its_clip_and_then_a_quiet_room() -> None:
    spoken = clip(0.5)
    microphone = FakeMicrophone(spoken)
    heard = Heard()
    microphone.start(heard)
    for _ in range(50):
        assert microphone.poll() is MicrophoneStatus.OK
    assert len(heard.samples) == 5 * RATE_HZ
    assert np.array_equal(heard.samples[:8000], spoken.samples)
    room = heard.samples[8000:]
    assert 0 < np.abs(room).max() < 0.01


def test_the_fake_paces_itself_by_the_clock() -> None:
    now = [10.0]
    microphone = FakeMicrophone(clip(1.0), realtime=True, clock=lambda: now[0])
    heard = Heard()
    microphone.start(heard)
    microphone.poll()
    assert len(heard.samples) == 0
    now[0] = 10.25
    microphone.poll()
    assert len(heard.samples) == 0.24 * RATE_HZ
    now[0] = 10.26
    microphone.poll()
    assert len(heard.samples) == 0.26 * RATE_HZ


@pytest.mark.parametrize(
    ("faults", "expected", "after_s"),
    [
        (FakeFaults(stall_s=0.5), MicrophoneStatus.STALLED, 1.5),
        (FakeFaults(zeros_s=0.5), MicrophoneStatus.ZEROS, 2.5),
        (FakeFaults(vanish_s=0.5), MicrophoneStatus.ABSENT, 0.4),
    ],
)
def test_the_fakes_faults_are_seen_in_time_and_it_works_again(
    faults: FakeFaults, expected: MicrophoneStatus, after_s: float
) -> None:
    microphone = FakeMicrophone(clip(10.0), faults=faults)
    heard = Heard()
    microphone.start(heard)
    seen = [microphone.poll() for _ in range(40)]
    first = seen.index(expected)
    assert after_s <= (first + 1) * 0.1 <= after_s + 0.3
    assert set(seen[:first]) == {MicrophoneStatus.OK}
    assert set(seen[first:]) == {expected}

    microphone.plug_in()
    heard.blocks.clear()
    microphone.start(heard)
    assert microphone.poll() is MicrophoneStatus.OK
    assert len(heard.samples) == 0.1 * RATE_HZ


def test_an_unplugged_fake_refuses_to_start() -> None:
    microphone = FakeMicrophone(clip(1.0))
    microphone.start(Heard())
    microphone.unplug()
    assert microphone.poll() is MicrophoneStatus.ABSENT
    with pytest.raises(DeviceError):
        microphone.start(Heard())
    assert microphone.poll() is MicrophoneStatus.ABSENT
    microphone.plug_in()
    assert microphone.poll() is MicrophoneStatus.OK
    microphone.start(Heard())
    assert microphone.poll() is MicrophoneStatus.OK
