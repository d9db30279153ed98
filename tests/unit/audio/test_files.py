"""Reading whatever a file may be, and writing 16-bit wav."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import numpy as np
import pytest
import soundfile

from pronounce_kiosk.audio import files as audio_file
from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.audio.files import read_clip, write_clip
from pronounce_kiosk.core.errors import UnreadableAudioError

RATE = 16_000


def tone(seconds: float = 0.5, rate: int = RATE) -> np.ndarray:
    time_s = np.arange(int(seconds * rate)) / rate
    return (0.3 * np.sin(2 * np.pi * 440 * time_s)).astype(np.float32)


@pytest.mark.parametrize(
    ("name", "subtype", "tolerance"),
    [
        ("a.wav", "PCM_16", 1e-4),
        ("a.wav", "PCM_24", 1e-6),
        ("a.wav", "PCM_U8", 1e-2),
        ("a.wav", "FLOAT", 0.0),
        ("a.flac", "PCM_16", 1e-4),
        ("a.ogg", "VORBIS", None),
        ("a.ogg", "OPUS", None),
        ("a.mp3", "MPEG_LAYER_III", None),
    ],
)
def test_formats_of_libsndfile(
    tmp_path: Path, name: str, subtype: str, tolerance: float | None
) -> None:
    path = tmp_path / name
    soundfile.write(path, tone(), RATE, subtype=subtype)
    clip = read_clip(path)
    assert clip.sample_rate_hz in (RATE, 48_000)
    assert clip.duration_s == pytest.approx(0.5, abs=0.1)
    assert clip.rms == pytest.approx(0.3 / np.sqrt(2), rel=0.1)
    if tolerance is not None:
        np.testing.assert_allclose(clip.samples, tone(), atol=tolerance + 1e-7)


def test_stereo_is_averaged(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    soundfile.write(path, np.stack([tone(), np.zeros_like(tone())], axis=1), 44_100)
    clip = read_clip(path)
    assert clip.sample_rate_hz == 44_100
    np.testing.assert_allclose(clip.samples, tone() / 2, atol=1e-4)


def test_of_channels_that_cancel_the_louder_one_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    soundfile.write(path, np.stack([tone(), -0.9 * tone()], axis=1), RATE)
    np.testing.assert_allclose(read_clip(path).samples, tone(), atol=1e-4)


@pytest.mark.parametrize("length", [0, 100, 0xFFFF_FFFF])
def test_a_header_that_lies_about_its_length_does_not_cut_the_sound(
    tmp_path: Path, length: int
) -> None:
    path = tmp_path / "a.wav"
    soundfile.write(path, tone(), RATE)
    data = bytearray(path.read_bytes())
    at = data.index(b"data") + 4
    data[at : at + 4] = length.to_bytes(4, "little")
    path.write_bytes(data)
    assert read_clip(path).duration_s == pytest.approx(0.5, abs=0.01)


def test_a_chunk_after_the_sound_is_no_sound(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    soundfile.write(path, tone(), RATE)
    path.write_bytes(path.read_bytes() + b"LIST" + (8).to_bytes(4, "little") + b"INFOabcd")
    assert read_clip(path).duration_s == pytest.approx(0.5, abs=1e-3)


def test_a_playlist_opens_no_other_file(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "secret.wav", tone(), RATE)
    for content in (
        "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:1,\nsecret.wav\n#EXT-X-ENDLIST\n",
        "ffconcat version 1.0\nfile secret.wav\n",
    ):
        path = tmp_path / "a.mp3"
        path.write_text(content)
        with pytest.raises(UnreadableAudioError, match="cannot be read as audio"):
            read_clip(path)


def test_ffmpeg_reads_what_libsndfile_cannot(tmp_path: Path) -> None:
    wav, m4a = tmp_path / "a.wav", tmp_path / "a.m4a"
    soundfile.write(wav, tone(1.0, 44_100), 44_100)
    subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-i", wav, "-c:a", "aac", m4a], check=True)
    with pytest.raises(soundfile.LibsndfileError):
        soundfile.info(m4a)
    clip = read_clip(m4a)
    assert clip.sample_rate_hz == 44_100
    assert clip.duration_s == pytest.approx(1.0, abs=0.1)
    assert clip.rms == pytest.approx(0.3 / np.sqrt(2), rel=0.1)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"hello, this is no audio",
        b"RIFF\xff\xff\xff\xffWAVEfmt ",
        b"OggS" + bytes(100),
        bytes(range(256)) * 40,
        b"#EXTM3U\n#EXT-X-VERSION:3\n#EXTINF:10,\n/etc/passwd\n#EXT-X-ENDLIST\n",
        b"ffconcat version 1.0\nfile /etc/passwd\n",
    ],
)
def test_anything_else_is_unreadable(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(content)
    with pytest.raises(UnreadableAudioError, match=r"a\.wav"):
        read_clip(path)


def test_missing_and_folder(tmp_path: Path) -> None:
    with pytest.raises(UnreadableAudioError, match="no file"):
        read_clip(tmp_path / "none.wav")
    with pytest.raises(UnreadableAudioError, match="not a file"):
        read_clip(tmp_path)


def test_no_samples_and_no_numbers(tmp_path: Path) -> None:
    empty, broken = tmp_path / "empty.wav", tmp_path / "nan.wav"
    soundfile.write(empty, np.zeros(0), RATE)
    soundfile.write(broken, np.array([0.0, np.nan, np.inf], np.float32), RATE, subtype="FLOAT")
    for path in (empty, broken):
        with pytest.raises(UnreadableAudioError):
            read_clip(path)


def test_truncated_wav_gives_what_is_there(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    soundfile.write(path, tone(1.0), RATE)
    path.write_bytes(path.read_bytes()[:16_044])
    assert read_clip(path).duration_s == pytest.approx(0.5, abs=0.01)


def test_no_more_than_the_cap_is_read(tmp_path: Path) -> None:
    wav, m4a = tmp_path / "a.wav", tmp_path / "a.m4a"
    soundfile.write(wav, tone(5.0, 8000), 8000)
    subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-i", wav, "-c:a", "aac", m4a], check=True)
    assert read_clip(wav, max_duration_s=2).duration_s == 2
    assert read_clip(m4a, max_duration_s=2).duration_s == pytest.approx(2, abs=0.1)


def test_no_more_values_are_read_than_fit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A compressed file of many channels at a high rate unpacks to gigabytes within the seconds."""
    monkeypatch.setattr(audio_file, "MAX_VALUES", 8000)
    flac, m4a = tmp_path / "a.flac", tmp_path / "a.m4a"
    soundfile.write(flac, np.stack([tone(1)] * 4, axis=1), RATE)
    subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-i", flac, m4a], check=True)
    assert len(read_clip(flac).samples) == 2000
    assert len(read_clip(m4a).samples) < 4000


def test_a_name_is_never_an_option_or_a_protocol(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("-version", "concat:a.wav|b.wav", "a b'c\".wav"):
        Path(name).write_bytes(b"no audio here")
        with pytest.raises(UnreadableAudioError):
            read_clip(Path(name))


def test_no_handles_and_no_temporary_files_are_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    good, bad = tmp_path / "a.wav", tmp_path / "b.wav"
    soundfile.write(good, tone(), RATE)
    bad.write_bytes(b"nothing")
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(5):
        read_clip(good)
        with pytest.raises(UnreadableAudioError):
            read_clip(bad)
    assert len(os.listdir("/proc/self/fd")) == before
    assert not list((tmp_path / "tmp").iterdir())


def test_write_and_read_back(tmp_path: Path) -> None:
    path = tmp_path / "new folder" / "a.wav"
    clip = AudioClip.from_array(np.array([0.0, 0.5, -0.5, 2.0, -2.0]), 22_050)
    write_clip(path, clip)
    back = read_clip(path)
    assert back.sample_rate_hz == 22_050
    np.testing.assert_allclose(back.samples, [0, 0.5, -0.5, 1.0, -1.0], atol=1 / 32768)
    assert soundfile.info(path).subtype == "PCM_16"
    assert [item.name for item in path.parent.iterdir()] == ["a.wav"]
