"""Read and write clips: libsndfile first, then ffmpeg through pydub."""

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
"""Limit of samples over all channels: a compressed file of a megabyte may hold billions."""
FFMPEG_TIMEOUT_S = 60

CANCELLED_SHARE = 0.25
"""Share of the louder channel's level below which the mean of the channels has lost the voice,
because one is inverted. Two unlike channels keep 0.7, one silent channel leaves 0.5. Raising it
uses a single channel more often."""

_CONTAINERS = (
    "wav,w64,mp3,aac,ac3,flac,ogg,mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,amr,aiff,au,caf,asf,avi"
)
"""Containers that ffmpeg may detect. No playlists (hls, concat): they open other files."""

_MAX_CHUNKS = 20
_CHUNK_HEADER_BYTES = 8

_log = logging.getLogger(__name__)


def read_clip(path: Path, max_duration_s: float = MAX_DURATION_S) -> AudioClip:
    """Read a file as a clip at its own rate, channels averaged.

    Of channels that cancel each other, the louder one is used. Where a wav's header misstates its
    length, all samples present are read.

    Args:
        path: A format that libsndfile or ffmpeg reads.
        max_duration_s: At most this duration and `MAX_VALUES` samples are read: memory is limited.

    Raises:
        UnreadableAudioError: The file is missing, is not audio, or holds no (finite) samples.
    """
    path = Path(path)
    try:
        is_there, is_file = path.exists(), path.is_file()
    except OSError as error:  # a name too long, a folder that is not ours
        _log.info("%s cannot be looked at: %s", path, error)
        is_there = is_file = False
    if not is_there:
        raise UnreadableAudioError(f"There is no file {path}: check its name.")
    if not is_file:
        raise UnreadableAudioError(f"{path} is not a file: name a recording.")
    lies = _lies_about_length(path)
    clip = None if lies else _read_sndfile(path, max_duration_s)
    clip = clip or _read_ffmpeg(path, max_duration_s, ignore_length=lies)
    if clip is None:
        raise UnreadableAudioError(f"{path} cannot be read as audio: use wav, flac, ogg or mp3.")
    if not len(clip.samples):
        raise UnreadableAudioError(f"{path} holds no sound: record it again.")
    return clip


def write_clip(path: Path, clip: AudioClip) -> None:
    """Write a 16-bit wav atomically: a reader sees the old file or the complete new one.

    Raises:
        OSError: The folder cannot be written.
    """
    write_atomically(Path(path), encoded(clip, "WAV"))


def encoded(clip: AudioClip, form: str) -> bytes:
    """Encode a clip as 16-bit ``WAV`` or ``FLAC``; samples beyond full scale are clipped."""
    import soundfile

    buffer = io.BytesIO()
    soundfile.write(buffer, clip.pcm16(), clip.sample_rate_hz, format=form, subtype="PCM_16")
    return buffer.getvalue()


def _read_sndfile(path: Path, max_duration_s: float) -> AudioClip | None:
    """Read a file with libsndfile; None where that fails."""
    import soundfile

    try:
        with soundfile.SoundFile(str(path)) as file:
            rate = file.samplerate
            frames = min(int(max_duration_s * rate), MAX_VALUES // file.channels)
            samples = file.read(frames, dtype="float32", always_2d=True)
    except (soundfile.LibsndfileError, OSError, ValueError, RuntimeError) as error:
        _log.info("libsndfile cannot read %s: %s", path, error)
        return None
    return AudioClip.from_array(_mixed(samples), rate)


def _mixed(samples: np.ndarray) -> np.ndarray:
    """Return the samples, or the louder channel where averaging cancels the voice."""
    if samples.shape[1] < 2 or not len(samples):
        return samples
    with np.errstate(all="ignore"):  # values that are no numbers compare as false
        levels = np.sqrt(np.mean(np.square(samples, dtype=np.float64), axis=0))
        mean_level = np.sqrt(np.mean(np.square(samples.mean(axis=1, dtype=np.float64))))
    if mean_level < CANCELLED_SHARE * levels.max():
        return samples[:, int(levels.argmax())]
    return samples


def _lies_about_length(path: Path) -> bool:
    """Tell whether a wav's data chunk claims to be empty or shorter than the samples present.

    A chunk that claims too much is handled by libsndfile.
    """
    try:
        with path.open("rb") as file:
            if file.read(4) != b"RIFF" or file.read(8)[4:] != b"WAVE":
                return False
            for _ in range(_MAX_CHUNKS):
                chunk, size = file.read(4), int.from_bytes(file.read(4), "little")
                left = path.stat().st_size - file.tell()
                if chunk != b"data":
                    file.seek(size + size % 2, io.SEEK_CUR)
                    continue
                if left <= size + _CHUNK_HEADER_BYTES:
                    return size == 0 and left > 0
                file.seek(size + size % 2, io.SEEK_CUR)
                following = file.read(4)
                return not (following.isascii() and following.decode("ascii").isprintable())
    except OSError as error:
        _log.info("%s cannot be looked into: %s", path, error)
    return False


def _read_ffmpeg(path: Path, max_duration_s: float, ignore_length: bool) -> AudioClip | None:
    """Read a file with ffmpeg; None where ffmpeg is missing, fails or times out."""
    with warnings.catch_warnings():
        # pydub warns about audioop's removal and about a missing ffmpeg, which is handled here.
        warnings.simplefilter("ignore")
        from pydub import AudioSegment

        with tempfile.TemporaryDirectory(prefix="pronounce-kiosk-") as folder:
            wav = Path(folder) / "audio.wav"
            options = ["-ignore_length", "1"] if ignore_length else []
            if not _run_ffmpeg(AudioSegment.converter, path, wav, max_duration_s, options):
                return None
            try:
                segment = AudioSegment.from_wav(str(wav))
            except Exception as error:  # pydub raises whatever its wave parser raises
                _log.info("pydub cannot read what ffmpeg made of %s: %s", path, error)
                return None
    if not segment.channels:
        return None
    array = np.array(segment.get_array_of_samples()).reshape(-1, segment.channels)
    return AudioClip.from_array(_mixed(array), segment.frame_rate)


def _run_ffmpeg(
    converter: str, path: Path, wav: Path, max_duration_s: float, options: list[str]
) -> bool:
    """Convert with ffmpeg; False where it fails.

    Used instead of pydub's own call, which has no time-out and no cap, and follows the file names
    in a playlist.
    """
    limits = ["-protocol_whitelist", "file", "-format_whitelist", _CONTAINERS]
    source = [*options, "-t", str(max_duration_s), "-i", f"file:{path}"]
    output = ["-vn", "-c:a", "pcm_s16le", "-fs", str(2 * MAX_VALUES), "-y", str(wav)]
    command = [converter, "-nostdin", "-v", "error", *limits, *source, *output]
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
