"""Microphone and speaker on a real sound server: PulseAudio, ALSA's pulse PCM, PortAudio."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import sounddevice
import soundfile

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.core.errors import DeviceError
from pronounce_kiosk.demo.sound import MICROPHONE
from pronounce_kiosk.devices import portaudio
from pronounce_kiosk.devices.microphone import Microphone, MicrophoneStatus
from pronounce_kiosk.devices.portaudio import HOST, close_stream, open_stream, refresh_devices
from pronounce_kiosk.devices.recorder import Recorder, RecorderStatus
from pronounce_kiosk.devices.sound_server import query_server
from pronounce_kiosk.devices.speaker import Speaker
from pronounce_kiosk.devices.stream import StreamRequest
from tests.fakes.sound import WatchedSound

RATE_HZ = 16_000
PATIENCE_S = 60.0  # far beyond what anything here takes; reached only when it never comes


@pytest.fixture
def recorder(sound: WatchedSound) -> Iterator[Recorder]:
    made = Recorder(Microphone())
    yield made
    made.cancel()


@pytest.fixture
def speaker(sound: WatchedSound) -> Iterator[Speaker]:
    made = Speaker()
    yield made
    made.stop()


def poll_until(
    recorder: Recorder, reached: Callable[[RecorderStatus], bool]
) -> list[RecorderStatus]:
    """Every status up to the first that is as wanted."""
    deadline = time.monotonic() + PATIENCE_S
    statuses = []
    while time.monotonic() < deadline:
        statuses.append(recorder.poll())
        if reached(statuses[-1]):
            return statuses
        time.sleep(0.02)
    raise AssertionError(f"never came; the last was {statuses[-1]}")


def wait_until(reached: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not reached():
        assert time.monotonic() < deadline, "never came"
        time.sleep(0.01)


def tone(
    frequency_hz: float, seconds: float, amplitude: float, rate_hz: int = RATE_HZ
) -> AudioClip:
    t = np.arange(int(seconds * rate_hz)) / rate_hz
    return AudioClip.from_array(amplitude * np.sin(2 * np.pi * frequency_hz * t), rate_hz)


def chirp(seconds: float, rate_hz: int) -> AudioClip:
    """A sweep from 200 to 1200 Hz: unlike a tone, it matches itself at one place only, and half a
    sample's delay changes nothing."""
    t = np.arange(int(seconds * rate_hz)) / rate_hz
    phase = 2 * np.pi * (200 * t + (1200 - 200) / (2 * seconds) * t**2)
    return AudioClip.from_array(0.4 * np.sin(phase), rate_hz)


def best_match(heard: AudioClip, said: AudioClip) -> tuple[float, float]:
    """Where ``said`` is in ``heard``: its correlation coefficient there (1: the same but for
    loudness) and its gain."""
    x = heard.samples.astype(np.float64)
    y = said.resampled(heard.sample_rate_hz).samples.astype(np.float64)
    assert len(x) >= len(y)
    n = len(x) + len(y)
    products = np.fft.irfft(np.fft.rfft(x, n) * np.conj(np.fft.rfft(y, n)), n)
    products = products[: len(x) - len(y) + 1]
    start = int(np.argmax(products))
    part = x[start : start + len(y)]
    energy = np.dot(y, y)
    return products[start] / np.sqrt(energy * np.dot(part, part)), products[start] / energy


def whole(attempt: Callable[[], tuple[AudioClip, AudioClip]]) -> AudioClip:
    """What was heard, where what was said is in it whole and as loud.

    Three attempts: on a machine too busy for real-time audio any one may have a gap. What the
    program itself cuts off or changes, it does in all three.
    """
    found = []
    for _ in range(3):
        heard, said = attempt()
        found.append(best_match(heard, said))
        if found[-1][0] > 0.98 and abs(found[-1][1] - 1) < 0.03:
            return heard
    raise AssertionError(f"likeness and gain: {found}")


def say_and_record(recorder: Recorder, sound: WatchedSound, said: AudioClip | Path) -> AudioClip:
    recorder.start()
    poll_until(recorder, lambda s: s.duration_s > 0.1)
    player = threading.Thread(target=sound.speak, args=(said,))
    player.start()
    poll_until(recorder, lambda _: not player.is_alive())
    end_s = recorder.poll().duration_s + 0.3
    poll_until(recorder, lambda s: s.duration_s > end_s)
    return recorder.finish()


def record_whole(recorder: Recorder, sound: WatchedSound, said: AudioClip) -> AudioClip:
    return whole(lambda: (say_and_record(recorder, sound, said), said))


def play_and_record(sound: WatchedSound, speaker: Speaker, played: AudioClip) -> AudioClip:
    ended = threading.Event()
    with sound.heard_on_speaker() as heard:
        speaker.play(played, ended.set)
        assert speaker.playing
        assert ended.wait(PATIENCE_S)
    assert not speaker.playing
    return heard.clip


def test_only_the_virtual_devices_are_seen(sound: WatchedSound) -> None:
    assert [device.name for device in HOST.call(HOST.devices)] == ["pulse", "default"]
    state = query_server()
    assert state.default_name == "virtual_usb_microphone"
    assert state.source_named("virtual usb") is not None


def test_a_tone_is_heard_with_its_pitch_length_and_level(
    sound: WatchedSound, recorder: Recorder
) -> None:
    take = record_whole(recorder, sound, tone(440.0, 1.0, amplitude=0.25))
    assert recorder.microphone.sample_rate_hz == RATE_HZ
    assert recorder.microphone.name == "Virtual USB Microphone"
    assert take.sample_rate_hz == RATE_HZ
    sounding = np.flatnonzero(np.abs(take.samples) > 0.02)
    part = take.samples[sounding[0] : sounding[-1]]
    assert len(part) / RATE_HZ == pytest.approx(1.0, abs=0.02)
    spectrum = np.abs(np.fft.rfft(part * np.hanning(len(part))))
    assert np.argmax(spectrum) * RATE_HZ / len(part) == pytest.approx(440.0, abs=2.0)
    assert np.sqrt(np.mean(np.square(part))) == pytest.approx(0.25 / np.sqrt(2), rel=0.03)
    # Before and after there is the room: quiet, but not digital silence.
    room = take.samples[: sounding[0] - 160]
    assert 1e-5 < np.sqrt(np.mean(np.square(room))) < 1e-3


def test_speech_is_heard_as_it_was_said(
    sound: WatchedSound, recorder: Recorder, tmp_path: Path
) -> None:
    path = tmp_path / "speech.wav"
    words = "Good morning, how are you?"
    subprocess.run(["espeak-ng", "-v", "en", "-w", str(path), words], check=True)
    samples, rate_hz = soundfile.read(path)
    said = AudioClip.from_array(samples, rate_hz)
    whole(lambda: (say_and_record(recorder, sound, path), said))


def test_the_level_meter_follows_the_voice(sound: WatchedSound, recorder: Recorder) -> None:
    recorder.start()
    poll_until(recorder, lambda s: s.duration_s > 0.2 and -80 < s.rms_dbfs < -60)
    sound.speak(tone(300.0, PATIENCE_S, amplitude=0.5), wait=False)
    poll_until(recorder, lambda s: s.rms_dbfs == pytest.approx(-9.0, abs=0.5))
    sound._players[-1].terminate()
    poll_until(recorder, lambda s: s.rms_dbfs < -60)


@pytest.mark.parametrize("rate_hz", [48_000, 10_000_000])
def test_a_device_at_another_rate_still_gives_a_16_khz_take(
    sound: WatchedSound, rate_hz: int
) -> None:
    # 48 kHz it takes; 10 MHz the server really refuses, and the device's own rate is used, as
    # with a card that refuses 16 kHz.
    recorder = Recorder(Microphone(wanted_rate_hz=rate_hz))
    take = record_whole(recorder, sound, chirp(1.0, RATE_HZ))
    assert recorder.microphone.sample_rate_hz == (48_000 if rate_hz == 48_000 else 44_100)
    assert take.sample_rate_hz == RATE_HZ


def test_a_microphone_is_found_by_name_where_it_is_not_the_default(sound: WatchedSound) -> None:
    module = sound.pactl(
        "load-module", "module-null-sink", "sink_name=other", "norewinds=1"
    ).strip()
    remap = sound.pactl(
        "load-module",
        "module-remap-source",
        "source_name=second_microphone",
        "master=other.monitor",
        "source_properties=device.description=Second",
    ).strip()
    sound.pactl("set-default-source", "second_microphone")
    try:
        recorder = Recorder(Microphone("virtual usb"))
        record_whole(recorder, sound, chirp(1.0, RATE_HZ))
        assert recorder.microphone.name == "Virtual USB Microphone"
        assert "PULSE_SOURCE" not in os.environ
        with pytest.raises(DeviceError, match="Nowhere Ltd"):
            Recorder(Microphone("Nowhere Ltd")).start()
    finally:
        sound.pactl("unload-module", remap)
        sound.pactl("unload-module", module)
        sound.pactl("set-default-source", MICROPHONE)


@pytest.mark.parametrize("name", [None, "virtual usb"])
def test_pulling_the_microphone_out_is_seen_and_it_records_again_when_back(
    sound: WatchedSound, name: str | None
) -> None:
    recorder = Recorder(Microphone(name))
    gone = MicrophoneStatus.MONITOR if name is None else MicrophoneStatus.ABSENT
    for _ in range(3):  # see `whole`
        recorder.start()
        before = {s.microphone for s in poll_until(recorder, lambda s: s.duration_s > 0.5)}
        if before == {MicrophoneStatus.OK}:
            break
    assert before == {MicrophoneStatus.OK}
    sound.remove_microphone()
    during = poll_until(recorder, lambda s: not s.microphone.usable)
    assert during[-1].microphone is gone
    assert during[-1].recording
    assert recorder.finish().duration_s >= 0.5

    with pytest.raises(DeviceError, match="plug it in"):
        recorder.start()
    assert not recorder.poll().microphone.usable

    sound.restore_microphone()
    poll_until(recorder, lambda s: s.microphone is MicrophoneStatus.OK)
    record_whole(recorder, sound, chirp(1.0, RATE_HZ))


def test_a_switched_off_microphone_gives_zeros_and_is_named(
    sound: WatchedSound, recorder: Recorder
) -> None:
    recorder.start()
    poll_until(recorder, lambda s: s.duration_s > 0.2)
    sound.stop_room_noise()
    poll_until(recorder, lambda s: s.microphone is MicrophoneStatus.ZEROS)
    sound.resume_room_noise()
    poll_until(recorder, lambda s: s.microphone is MicrophoneStatus.OK)


def test_shouting_is_named(sound: WatchedSound, recorder: Recorder) -> None:
    recorder.start()
    shout = np.clip(3 * tone(200.0, 0.5, amplitude=1.0).samples, -1, 1)
    sound.speak(AudioClip.from_array(shout, RATE_HZ), wait=False)
    poll_until(recorder, lambda s: s.microphone is MicrophoneStatus.CLIPPING)
    poll_until(recorder, lambda s: s.microphone is MicrophoneStatus.OK)


def test_a_frozen_server_is_a_stall_and_stopping_does_not_hang(
    sound: WatchedSound, recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorder.start()
    poll_until(recorder, lambda s: s.duration_s > 0.2)
    monkeypatch.setattr(portaudio, "CALL_TIMEOUT_S", 0.5)
    sound.pause()
    try:
        poll_until(recorder, lambda s: s.microphone is MicrophoneStatus.STALLED)
        assert recorder.finish().duration_s > 0.2
        with pytest.raises(DeviceError, match="does not answer"):
            recorder.start()
    finally:
        sound.resume()
    monkeypatch.undo()
    deadline = time.monotonic() + PATIENCE_S
    while not recorder.recording and time.monotonic() < deadline:
        try:
            recorder.start()
        except DeviceError:
            time.sleep(0.1)
    poll_until(recorder, lambda s: s.duration_s > 0.2)


def holdings() -> tuple[int, int]:
    """Threads of the server's clients in this process, and its open files."""
    threads = [task / "comm" for task in Path("/proc/self/task").iterdir()]
    clients = sum(comm.read_text() == "threaded-ml\n" for comm in threads if comm.exists())
    return clients, len(os.listdir("/proc/self/fd"))


def before_each_start(monkeypatch: pytest.MonkeyPatch, act: Callable[[], None]) -> None:
    """Have something happen to the server when a stream has been opened and is to be started."""
    start = sounddevice.InputStream.start

    def started(stream: sounddevice.InputStream) -> None:
        act()
        start(stream)

    monkeypatch.setattr(sounddevice.InputStream, "start", started)


def test_a_start_that_takes_long_leaves_nothing_behind(
    sound: WatchedSound, recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    # PortAudio itself waits a second for what it starts.
    def freeze() -> None:
        sound.pause()
        threading.Timer(1.1, sound.resume).start()

    refresh_devices()
    before = holdings()
    before_each_start(monkeypatch, freeze)
    for _ in range(4):  # which of its threads is the quicker to lock decides what it makes of it
        recorder.start()
        recorder.cancel()
    monkeypatch.undo()
    wait_until(lambda: holdings() <= before)


def test_a_start_that_is_refused_hangs_nothing(
    sound: WatchedSound, recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = sound.server
    refresh_devices()
    before = holdings()
    before_each_start(monkeypatch, lambda: (server.kill(), server.wait())[0])
    try:
        with pytest.raises(DeviceError, match="plug it in"):
            recorder.start()
    finally:
        monkeypatch.undo()
        sound.restart()
    recorder.start()
    poll_until(recorder, lambda s: s.duration_s > 0.2)
    recorder.cancel()
    wait_until(lambda: holdings() <= before)


def test_a_stream_that_cannot_be_closed_now_is_closed_later(
    sound: WatchedSound, recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    refresh_devices()
    before = holdings()
    hang, entered = threading.Event(), threading.Event()

    def stuck(samples: object, lost: bool) -> None:
        entered.set()
        assert hang.wait(PATIENCE_S)

    monkeypatch.setattr(portaudio, "END_S", 0.05)
    stream, _, _ = open_stream(StreamRequest("input", RATE_HZ, 0.2, stuck, lambda: None))
    assert entered.wait(PATIENCE_S)
    close_stream(stream)
    assert not refresh_devices()  # it is still open
    hang.set()
    wait_until(refresh_devices)
    wait_until(lambda: holdings() <= before)


def test_the_list_of_devices_is_not_read_anew_under_a_stream(
    sound: WatchedSound, recorder: Recorder
) -> None:
    recorder.start()
    assert not refresh_devices()
    poll_until(recorder, lambda s: s.duration_s > 0.2)
    recorder.cancel()
    assert refresh_devices()


@pytest.mark.parametrize("rate_hz", [16_000, 22_050, 44_100])
def test_what_is_played_arrives_whole(sound: WatchedSound, speaker: Speaker, rate_hz: int) -> None:
    said = chirp(0.8, rate_hz)
    whole(lambda: (play_and_record(sound, speaker, said), said))


@pytest.mark.parametrize(("gain_db", "peak"), [(0.0, 0.25), (-12.0, 0.063), (20.0, 1.0)])
def test_it_plays_louder_and_softer_and_never_clips(
    sound: WatchedSound, speaker: Speaker, gain_db: float, peak: float
) -> None:
    speaker.set_gain_db(gain_db)
    heard = play_and_record(sound, speaker, tone(440.0, 0.8, amplitude=0.25))
    middle = np.abs(heard.samples[np.abs(heard.samples) > 0.02])
    assert np.quantile(middle, 0.98) == pytest.approx(peak, rel=0.1)


def test_a_rate_the_speaker_refuses_is_resampled(sound: WatchedSound, speaker: Speaker) -> None:
    said = chirp(0.5, 1_000_000)
    whole(lambda: (play_and_record(sound, speaker, said), said))


def test_stopping_is_at_once_and_does_not_report_an_end(
    sound: WatchedSound, speaker: Speaker
) -> None:
    ends: list[str] = []
    second_ended = threading.Event()
    first, second = tone(700.0, 5.0, 0.3), chirp(0.5, RATE_HZ)
    with sound.heard_on_speaker() as heard:
        speaker.play(first, lambda: ends.append("first"))
        speaker.stop()
        assert not speaker.playing
        speaker.play(first, lambda: ends.append("first"))
        speaker.play(second, lambda: (ends.append("second"), second_ended.set())[0])
        assert second_ended.wait(PATIENCE_S)
    assert ends == ["second"]
    assert best_match(heard.clip, second)[0] > 0.9
    # However long it took to get there, the first was heard for less than its five seconds.
    assert np.count_nonzero(np.abs(heard.clip.samples) > 0.02) < 4.0 * RATE_HZ


def test_the_end_may_start_the_next_clip(sound: WatchedSound, speaker: Speaker) -> None:
    ended = threading.Event()
    short = tone(500.0, 0.1, 0.2)
    speaker.play(short, lambda: speaker.play(short, ended.set))
    assert ended.wait(PATIENCE_S)


def test_speaker_and_microphone_work_at_once(
    sound: WatchedSound, recorder: Recorder, speaker: Speaker
) -> None:
    said, played = chirp(1.0, RATE_HZ), chirp(1.2, 44_100)
    found = []
    for _ in range(3):  # see `whole`
        with sound.heard_on_speaker() as heard:
            speaker.play(played)
            take = say_and_record(recorder, sound, said)
            wait_until(lambda: not speaker.playing)
        assert best_match(heard.clip, said)[0] < 0.8  # neither hears the other
        assert best_match(take, played)[0] < 0.8
        found.append(min(best_match(heard.clip, played)[0], best_match(take, said)[0]))
        if found[-1] > 0.98:
            return
    raise AssertionError(f"likeness: {found}")


def test_a_dead_server_is_an_error_and_a_new_one_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    with WatchedSound() as first, first.applied():
        recorder = Recorder(Microphone())
        speaker = Speaker()
        recorder.start()
        poll_until(recorder, lambda s: s.duration_s > 0.2)
        ended = threading.Event()
        speaker.play(tone(300.0, 2 * PATIENCE_S, 0.1), ended.set)
        first.server.kill()
        poll_until(recorder, lambda s: not s.microphone.usable)
        assert recorder.finish().duration_s > 0.2
        assert ended.wait(PATIENCE_S)  # long before the clip's end
        # Nobody is told to plug in what is plugged in.
        with pytest.raises(DeviceError, match="sound server does not answer"):
            recorder.start()
        with pytest.raises(DeviceError, match="sound server does not answer"):
            speaker.play(tone(300.0, 0.1, 0.1))
        assert recorder.poll().microphone is MicrophoneStatus.NO_SERVER
    with WatchedSound() as second:
        for key, value in second.environment().items():
            monkeypatch.setenv(key, value)
        recorder.start()
        poll_until(recorder, lambda s: s.duration_s > 0.2)
        recorder.cancel()


def test_missing_programs_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    with pytest.raises(DeviceError, match=r"needs pulseaudio, pulseaudio-utils: run scripts/setup"):
        WatchedSound().start()


def test_a_server_that_does_not_come_up_says_so(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    broken = tmp_path / "pulseaudio"
    broken.write_text("#!/bin/sh\necho it broke >&2\nexit 1\n")
    broken.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    with pytest.raises(DeviceError, match="did not start") as caught:
        WatchedSound().start()
    assert "it broke" in str(caught.value.fields["log"])


def test_the_server_dies_with_its_parent(tmp_path: Path) -> None:
    script = (
        "import sys, time\n"
        "from pronounce_kiosk.demo.sound import MICROPHONE, VirtualSound\n"
        "sound = VirtualSound(); sound.start()\n"
        "print(sound._server.pid, sound._noise.pid, flush=True)\n"
        "time.sleep(600)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "TMPDIR": str(tmp_path)},
    ) as parent:
        assert parent.stdout is not None
        children = [int(pid) for pid in parent.stdout.readline().split()]
        assert len(children) == 2
        assert all(_runs(pid) for pid in children)
        parent.send_signal(signal.SIGKILL)
    wait_until(lambda: not any(_runs(pid) for pid in children))


def test_a_program_ends_while_the_server_is_frozen(sound: WatchedSound) -> None:
    script = (
        "import sys\n"
        "from pronounce_kiosk.devices.microphone import Microphone\n"
        "microphone = Microphone()\n"
        "microphone.start(lambda samples, rate: None)\n"
        "print('recording', flush=True)\n"
        "sys.stdin.readline()\n"
        "microphone.stop()\n"
        "sys.exit(7)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, **sound.environment()},
    ) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        try:
            assert child.stdout.readline() == "recording\n"
            sound.pause()
            child.stdin.write("stop\n")
            child.stdin.flush()
            assert child.wait(60) == 7
        finally:
            sound.resume()
            child.kill()


def test_environment_and_devices_are_set_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULSE_SERVER", "unix:/somewhere/else")
    monkeypatch.delenv("ALSA_CONFIG_PATH", raising=False)
    with WatchedSound() as sound, sound.applied():
        assert os.environ["PULSE_SERVER"] == sound.environment()["PULSE_SERVER"]
        stream, rate_hz, device = open_stream(
            StreamRequest("input", RATE_HZ, 0.2, lambda samples, lost: None, lambda: None)
        )
        assert (rate_hz, device.name) == (RATE_HZ, "pulse")
        close_stream(stream)
    assert os.environ["PULSE_SERVER"] == "unix:/somewhere/else"
    assert "ALSA_CONFIG_PATH" not in os.environ


def _runs(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return state != "Z"
