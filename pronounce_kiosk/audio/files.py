"""Reading and writing clips: libsndfile first, then ffmpeg through pydub."""

from __future__ import annotations

import io
import logging
import subprocess
import tempfile
import warnings
from pathlib import Path

import numpy as np

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.core.atomic import write_atomically
from pronounce_kiosk.core.errors import UnreadableAudioError

MAX_DURATION_S = 600.0
MAX_VALUES = 600 * 48_000 * 2
"""Of all channels, at any rate: a compressed file of a megabyte may hold billions."""
FFMPEG_TIMEOUT_S = 60

_log = logging.getLogger(__name__)


def read_clip(path: Path, max_duration_s: float = MAX_DURATION_S) -> AudioClip:
    """Read a file as a clip at its own rate, channels averaged.

    At most ``max_duration_s`` and `MAX_VALUES` are read, so that no file can fill the memory; ten
    minutes is far beyond what the level check calls `too_long`. Raises `UnreadableAudioError` for
    a file that is missing, is not audio, or holds no samples or none that are numbers.
    """
    path = Path(path)
    try:
        is_there, is_file = path.exists(), path.is_file()
    except OSError as error:  # a name too long, a folder that is not ours
        _log.info("%s cannot be looked at: %s", path, error)
        is_there = is_file = False
    if not is_there:
        raise UnreadableAudioError(
            f"There is no file {path}: check its name.", path=str(path), reason="missing"
        )
    if not is_file:
        raise UnreadableAudioError(
            f"{path} is not a file: name a recording.", path=str(path), reason="not a file"
        )
    clip = _read_sndfile(path, max_duration_s) or _read_ffmpeg(path, max_duration_s)
    if clip is None:
        raise UnreadableAudioError(
            f"{path} cannot be read as audio: use wav, flac, ogg or mp3.",
            path=str(path),
            reason="not audio",
        )
    if not len(clip.samples):
        raise UnreadableAudioError(
            f"{path} holds no sound: record it again.", path=str(path), reason="empty"
        )
    return clip


def write_clip(path: Path, clip: AudioClip) -> None:
    """Write a 16-bit wav, atomically: a reader sees the old file or the whole new one.

    What passes full scale is clipped to it. Raises OSError where the folder cannot be written.
    """
    import soundfile

    pcm = np.clip(np.round(clip.samples.astype(np.float64) * 32768.0), -32768, 32767)
    buffer = io.BytesIO()
    soundfile.write(
        buffer, pcm.astype(np.int16), clip.sample_rate_hz, format="WAV", subtype="PCM_16"
    )
    write_atomically(Path(path), buffer.getvalue())


def _read_sndfile(path: Path, max_duration_s: float) -> AudioClip | None:
    """None where libsndfile cannot read it."""
    import soundfile

    try:
        with soundfile.SoundFile(str(path)) as file:
            rate = file.samplerate
            frames = min(int(max_duration_s * rate), MAX_VALUES // file.channels)
            samples = file.read(frames, dtype="float32", always_2d=True)
    except (soundfile.LibsndfileError, OSError, ValueError, RuntimeError) as error:
        _log.info("libsndfile cannot read %s: %s", path, error)
        return None
    return AudioClip.from_array(samples, rate)


def _read_ffmpeg(path: Path, max_duration_s: float) -> AudioClip | None:
    """None where ffmpeg is missing, refuses, or takes too long."""
    with warnings.catch_warnings():
        # pydub warns about audioop's end and about a missing ffmpeg, which is no news here.
        warnings.simplefilter("ignore")
        from pydub import AudioSegment

        with tempfile.TemporaryDirectory(prefix="pronounce-kiosk-") as folder:
            wav = Path(folder) / "audio.wav"
            if not _run_ffmpeg(AudioSegment.converter, path, wav, max_duration_s):
                return None
            try:
                segment = AudioSegment.from_wav(str(wav))
            except Exception as error:  # pydub raises whatever its wave parser meets
                _log.info("pydub cannot read what ffmpeg made of %s: %s", path, error)
                return None
    if not segment.channels:
        return None
    array = np.array(segment.get_array_of_samples()).reshape(-1, segment.channels)
    return AudioClip.from_array(array, segment.frame_rate)


def _run_ffmpeg(converter: str, path: Path, wav: Path, max_duration_s: float) -> bool:
    """pydub's own call has no time-out, no cap, and lets a playlist name other files."""
    command = [
        converter,
        "-nostdin",
        "-v",
        "error",
        "-protocol_whitelist",
        "file",
        "-t",
        str(max_duration_s),
        "-i",
        f"file:{path}",
        "-vn",
        "-c:a",
        "pcm_s16le",
        "-fs",
        str(2 * MAX_VALUES),
        "-y",
        str(wav),
    ]
    try:
        done = subprocess.run(
            command, capture_output=True, timeout=FFMPEG_TIMEOUT_S, check=False, text=True
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        _log.info("ffmpeg cannot be used on %s: %s", path, error)
        return False
    if done.returncode != 0 or not wav.exists():
        _log.info("ffmpeg cannot read %s: %s", path, done.stderr.strip()[:300])
        return False
    return True
