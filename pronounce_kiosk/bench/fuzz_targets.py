"""What is fuzzed: everything that reads what somebody else wrote.

A target gets bytes and reads them as the program would. It may refuse them, by the one error that
its reader documents; whatever else is raised is a find. Used by tests/fuzz (a thousand cases
each) and by scripts/fuzz (for as long as it is let).
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import tarfile
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import soundfile
from numpy.typing import NDArray

from pronounce_kiosk.bundles.activation import activation_file, read_activation
from pronounce_kiosk.bundles.importing import import_bundle
from pronounce_kiosk.bundles.load import load_bundle
from pronounce_kiosk.bundles.manifest import MANIFEST_NAME, MODEL_NAME, read_manifest
from pronounce_kiosk.core import audio_file
from pronounce_kiosk.core.errors import (
    BundleError,
    SentenceListError,
    UnreadableAudioError,
    UsageError,
)
from pronounce_kiosk.core.paths import HOME_VARIABLE, Paths
from pronounce_kiosk.core.settings import Settings, load_settings, save_settings
from pronounce_kiosk.references.cache import ReferenceCache
from pronounce_kiosk.sentences.reader import read_list

REPOSITORY = Path(__file__).resolve().parents[2]
RATE = 16_000


@dataclass(frozen=True)
class Target:
    """seeds: valid files to begin from. read: writes bytes into a folder and reads them.

    tokens: what means something to the reader; noise alone finds little.
    """

    name: str
    seeds: Callable[[], Sequence[bytes]]
    read: Callable[[bytes, Path], None]
    tokens: tuple[bytes, ...] = ()


def mutated(seed: bytes, changes: Sequence[tuple[float, str, bytes]]) -> bytes:
    """A file with changes made to it, in order: a place (0 to 1), what to do, with which bytes."""
    data = bytearray(seed)
    for share, kind, piece in changes:
        place = int(share * len(data))
        if kind == "insert":
            data[place:place] = piece
        elif kind == "overwrite":
            data[place : place + len(piece)] = piece
        elif kind == "delete":
            del data[place : place + 1 + len(piece) * 7]
        elif kind == "cut":
            del data[place:]
        elif kind == "double":
            data += data[place : place + 4096]
        elif kind == "flip" and place < len(data):
            data[place] ^= 1 << (len(piece) % 8)
    return bytes(data)


KINDS = ("insert", "overwrite", "delete", "cut", "double", "flip")


# ---- audio files ----


@cache
def audio_seeds() -> tuple[bytes, ...]:
    """A quarter of a second in every format that libsndfile writes for us."""
    wave = 0.3 * np.sin(np.arange(RATE // 4) / 8).astype(np.float32)
    made = []
    for kind, subtype in (
        ("WAV", "PCM_16"),
        ("WAV", "FLOAT"),
        ("FLAC", "PCM_16"),
        ("OGG", "VORBIS"),
        ("OGG", "OPUS"),
        ("MP3", "MPEG_LAYER_III"),
        ("AIFF", "PCM_24"),
        ("AU", "ULAW"),
        ("CAF", "ALAC_16"),
    ):
        file = io.BytesIO()
        soundfile.write(file, np.stack([wave, wave], 1), RATE, format=kind, subtype=subtype)
        made.append(file.getvalue())
    return tuple(made)


@contextlib.contextmanager
def _without_ffmpeg() -> Iterator[None]:
    """ffmpeg is another program, 0.1 s a file; it has a test of its own."""
    real = audio_file._run_ffmpeg
    audio_file._run_ffmpeg = lambda *_: False  # type: ignore[assignment]
    try:
        yield
    finally:
        audio_file._run_ffmpeg = real


def read_audio(data: bytes, folder: Path) -> None:
    """libsndfile's part of `read_clip`."""
    with _without_ffmpeg():
        read_audio_by_all_means(data, folder)


def read_audio_by_all_means(data: bytes, folder: Path) -> None:
    """`read_clip`: a whole, finite clip or a refusal."""
    path = folder / "sound.wav"
    path.write_bytes(data)
    try:
        clip = audio_file.read_clip(path, max_duration_s=5)
    except UnreadableAudioError:
        return
    assert len(clip.samples) > 0
    assert clip.duration_s <= 5.001
    assert np.isfinite(clip.samples).all()


# ---- sentence lists ----


@cache
def list_seeds() -> tuple[bytes, ...]:
    """Each begins with the number of its suffix, for `read_sentences`."""
    text = "id,text,translation\n1,안녕하세요.,Hello.\n2,물 주세요.,Water.\n"
    subtitles = (
        "1\n00:00:01,000 --> 00:00:02,500\n안녕하세요.\n\n2\n00:00:03,000 --> 00:00:04,000\n네.\n"
    )
    book = openpyxl.Workbook()
    book.active.append(["text", "번역", 1.5])
    book.active.append(["안녕", "=1+1", True])
    workbook = io.BytesIO()
    book.save(workbook)
    seeds = [
        b"\0" + text.encode("utf-8-sig"),
        b"\0" + text.replace(",", ";").encode("cp949"),
        b"\0" + text.replace(",", "\t").encode("utf-16"),
        b"\1" + "안녕하세요.\n물 주세요.\n".encode(),
        b"\2" + subtitles.encode(),
        b"\3" + workbook.getvalue(),
    ]
    seeds += [b"\3" + repacked for repacked in _unpacked_workbook(workbook.getvalue())]
    return tuple(seeds)


def _unpacked_workbook(workbook: bytes) -> Iterator[bytes]:
    """The same workbook without compression: a change then reaches the XML inside."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
    yield out.getvalue()


def read_sentences(data: bytes, folder: Path) -> None:
    """`read_list` of a file whose suffix the first byte names."""
    suffix = (".csv", ".txt", ".srt", ".xlsx")[data[0] % 4] if data else ".csv"
    path = folder / f"list{suffix}"
    path.write_bytes(data[1:])
    try:
        result = read_list(path)
    except SentenceListError:
        return
    for sentence in result.sentence_list.sentences:
        assert sentence.text.strip()
        assert sentence.text.isprintable()


# ---- bundles ----


@cache
def manifest_seeds() -> tuple[bytes, ...]:
    """Those that ship."""
    found = sorted((REPOSITORY / "models").glob(f"*/{MANIFEST_NAME}"))
    return tuple(path.read_bytes() for path in found)


def read_bundle_manifest(data: bytes, folder: Path) -> None:
    """`read_manifest`."""
    (folder / MANIFEST_NAME).write_bytes(data)
    with contextlib.suppress(BundleError):
        read_manifest(folder)


@cache
def bundle_seeds() -> tuple[bytes, ...]:
    """The manifest and the weights of the small one, one after the other."""
    folder = REPOSITORY / "models" / "classic-1"
    return (_joined((folder / MANIFEST_NAME).read_bytes(), (folder / MODEL_NAME).read_bytes()),)


def _joined(manifest: bytes, model: bytes) -> bytes:
    return manifest + b"\n#model\n" + model


def read_bundle(data: bytes, folder: Path) -> None:
    """`load_bundle`, with the weights' own sha256 in the manifest: they are looked into."""
    manifest, _, model = data.partition(b"\n#model\n")
    lines = [line for line in manifest.splitlines() if not line.startswith(b"sha256")]
    digest = f'sha256 = "{hashlib.sha256(model).hexdigest()}"'.encode()
    (folder / MANIFEST_NAME).write_bytes(b"\n".join([digest, *lines]))
    (folder / MODEL_NAME).write_bytes(model)
    with contextlib.suppress(BundleError):
        load_bundle(folder)


@cache
def archive_seeds() -> tuple[bytes, ...]:
    """A bundle with next to nothing in it, as zip and as tar."""
    files = {f"b/{MANIFEST_NAME}": manifest_seeds()[0], f"b/{MODEL_NAME}": b"PK weights" * 20}
    packed, stored, tar = io.BytesIO(), io.BytesIO(), io.BytesIO()
    for out, method in ((packed, zipfile.ZIP_DEFLATED), (stored, zipfile.ZIP_STORED)):
        with zipfile.ZipFile(out, "w", method) as archive:
            for name, content in files.items():
                archive.writestr(name, content)
    with tarfile.open(fileobj=tar, mode="w") as archive:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return packed.getvalue(), stored.getvalue(), tar.getvalue()


def read_archive(data: bytes, folder: Path) -> None:
    """`import_bundle` of an archive; nothing is ever written beside the place for bundles."""
    source, home = folder / "stick.zip", folder / "home"
    source.write_bytes(data)
    home.mkdir(exist_ok=True)
    paths = Paths.default({HOME_VARIABLE: str(home)})
    with contextlib.suppress(BundleError):
        import_bundle(paths, source, lambda scorer: lambda take, sentence: None)  # type: ignore
    outside = {path.name for path in folder.iterdir()} - {"stick.zip", "home"}
    assert not outside, outside


# ---- what the program keeps ----


@cache
def settings_seeds() -> tuple[bytes, ...]:
    """Some of every table."""
    changed = Settings(silence_end_ms=900, keep_takes=True, microphone_name="USB", threads=2)
    return (_settings_file(changed), _settings_file(Settings()))


def _settings_file(settings: Settings) -> bytes:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "settings.toml"
        save_settings(settings, path)
        return path.read_bytes()


def read_settings(data: bytes, folder: Path) -> None:
    """`load_settings`, and that what was read can be written and read again."""
    path = folder / "settings.toml"
    path.write_bytes(data)
    try:
        settings = load_settings(path)
    except UsageError:
        return
    save_settings(settings, path)
    assert load_settings(path) == settings


def activation_seeds() -> tuple[bytes, ...]:
    """One of each kind."""
    failed = {"bundle": "x", "why": "it does not load"}
    full = {"bundle": "a", "previous": "b", "failed": failed, "starts": 1, "started": False}
    return (json.dumps(full).encode(), b'{"bundle": "aligned-1"}')


def read_which_bundle(data: bytes, folder: Path) -> None:
    """`read_activation` takes whatever there is."""
    paths = Paths.default({HOME_VARIABLE: str(folder)})
    path = activation_file(paths)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    read_activation(paths)


@cache
def cached_seeds() -> tuple[bytes, ...]:
    """A file of arrays."""
    out = io.BytesIO()
    np.savez(out, samples=np.zeros(64, np.float32), rate=np.array([RATE]))
    packed = io.BytesIO()
    np.savez_compressed(packed, a=np.arange(5))
    return out.getvalue(), packed.getvalue()


def read_cached(data: bytes, folder: Path) -> None:
    """What lies in the reference cache is used or computed anew."""
    store = ReferenceCache(folder / "cache")
    key = "0" * 64
    made: dict[str, NDArray[Any]] = {"a": np.arange(3)}
    store.derived(key, "x", lambda: made)
    for path in (folder / "cache").rglob("*.npz"):
        path.write_bytes(data)
    found = store.derived(key, "x", lambda: made)
    assert all(isinstance(array, np.ndarray) for array in found.values())


_TOML: tuple[bytes, ...] = tuple(
    rb"""[ ] = " ' {} nan -inf 1e400 true 0x7fffffffffffffffffff 1979-05-27 a.b=1""".split()
)
_TOML += (b"\n", b"\n[[golden]]\n", b"\n[mel]\n", b"\xff", b'"""')
_HEADER: tuple[bytes, ...] = (b"RIFF", b"data", b"fmt ", b"OggS", b"fLaC", b"FORM", b"caff")
_HEADER += (b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\0\0\0\0", b"\x80\0\0\0", b"\0\0\xc0\x7f")
_LIST: tuple[bytes, ...] = (b"\n", b"\r", b",", b";", b"\t", b'"', b"=1+1", b"\0", b"\xff\xfe")
_LIST += (b"\xef\xbb\xbf", b"-->", b"<t>", b"</", b"&#x0;", b"&lol;", b"<!DOCTYPE")
_LIST += (b"\xe2\x80\xae", b"00:00:99,999", b"ko")
_ZIP: tuple[bytes, ...] = (b"PK\x01\x02", b"PK\x03\x04", b"PK\x05\x06", b"../", b"/", b"\\")
_ZIP += (b"\xff\xff\xff\xff",)
_JSON = (b"{", b"}", b"[", b"]", b"null", b"1e999", b'"', b"NaN", b"-1", b"\\ud800", b"[" * 2000)

TARGETS = (
    Target("audio", audio_seeds, read_audio, _HEADER),
    Target("lists", list_seeds, read_sentences, _LIST + _ZIP),
    Target("manifests", manifest_seeds, read_bundle_manifest, _TOML),
    Target("bundles", bundle_seeds, read_bundle, _TOML + _ZIP),
    Target("archives", archive_seeds, read_archive, _ZIP),
    Target("settings", settings_seeds, read_settings, _TOML),
    Target("activation", activation_seeds, read_which_bundle, _JSON),
    Target("cached", cached_seeds, read_cached, _ZIP),
)
