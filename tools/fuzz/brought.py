"""Readers of foreign data: audio, lists, bundles, tables, the answers of Google's voice."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import io
import json
import re
import tarfile
import zipfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np
import openpyxl
import requests
import soundfile

from pronounce_kiosk.audio import files as audio_file
from pronounce_kiosk.audio.clip import PIPELINE_SAMPLE_RATE_HZ
from pronounce_kiosk.batch.scoring import read_batch
from pronounce_kiosk.bundles.importing import import_bundle
from pronounce_kiosk.bundles.load import load_bundle
from pronounce_kiosk.bundles.manifest import MANIFEST_NAME, MODEL_NAME, read_manifest
from pronounce_kiosk.core.errors import (
    BundleError,
    ReferenceFailedError,
    SentenceListError,
    UnreadableAudioError,
    UsageError,
)
from pronounce_kiosk.core.paths import HOME_VARIABLE, Paths
from pronounce_kiosk.core.sentence import Sentence, SentenceList
from pronounce_kiosk.references.gtts import GttsEngine
from pronounce_kiosk.sentences.reader import read_list
from pronounce_kiosk.sentences.store import ListStore
from tools.fuzz.mutation import Target, stored_zip

REPOSITORY = Path(__file__).resolve().parents[2]
RATE = 16_000
_LONGEST_S = 5.0


# ---- audio files ----


@cache
def audio_seeds() -> tuple[bytes, ...]:
    """Encode a quarter of a second in every format that libsndfile writes."""
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
    """Disable ffmpeg, which takes 0.1 s a file and has a test of its own."""
    with mock.patch.object(audio_file, "_run_ffmpeg", return_value=False):
        yield


def read_audio(data: bytes, folder: Path) -> None:
    """Call the part of `read_clip` that uses libsndfile."""
    with _without_ffmpeg():
        read_audio_by_all_means(data, folder)


def read_audio_by_all_means(data: bytes, folder: Path) -> None:
    """Call `read_clip`: it returns a finite clip or refuses the file."""
    path = folder / "sound.wav"
    path.write_bytes(data)
    try:
        clip = audio_file.read_clip(path, max_duration_s=_LONGEST_S)
    except UnreadableAudioError:
        return
    assert len(clip.samples) > 0
    assert clip.duration_s <= _LONGEST_S + 0.001
    assert np.isfinite(clip.samples).all()
    same = clip.resampled(PIPELINE_SAMPLE_RATE_HZ)
    assert same.duration_s <= _LONGEST_S + 0.001
    assert np.isfinite(same.samples).all()


def keep_recording(data: bytes, folder: Path) -> None:
    """Store a teacher's recording with an imported list: the clip as read, or a refusal."""
    sound, lists = folder / "recording.wav", folder / "lists"
    sound.write_bytes(data)
    store = ListStore(lists)
    sentence = Sentence("1", "안녕하세요.", "ko", audio=sound)
    try:
        with _without_ffmpeg():
            store.import_list(SentenceList("a", "a", "ko", (sentence,)))
    except SentenceListError:
        return
    kept = store.get("a").list.sentences[0].audio
    assert kept is not None
    audio_file.read_clip(kept)


# ---- sentence lists ----

_LIST_SUFFIXES = (".csv", ".txt", ".srt", ".xlsx", ".tsv", ".vtt")


@cache
def list_seeds() -> tuple[bytes, ...]:
    """Return lists, each after the number of its suffix for `read_sentences`."""
    text = "id,text,translation\n1,안녕하세요.,Hello.\n2,물 주세요.,Water.\n"
    times = (
        "00:00:01,000 --> 00:00:02,500\n안녕하세요.\n\n2\n00:00:03,000 --> 00:00:04,000\n- 네.\n"
    )
    notes = "WEBVTT\n\nNOTE x\n\n"
    return (
        b"\0" + text.encode("utf-8-sig"),
        b"\0" + text.replace(",", ";").encode("cp949"),
        b"\0" + text.replace(",", "\t").encode("utf-16"),
        b"\1" + "안녕하세요.\n물 주세요.\n".encode(),
        b"\2" + f"1\n{times}".encode(),
        b"\3" + _workbook(),
        b"\4" + text.replace(",", "\t").replace("물", '"물\n"').encode(),
        b"\5" + (notes + times.replace(",", ".")).encode(),
    )


@cache
def _workbook() -> bytes:
    book = openpyxl.Workbook()
    book.active.append(["text", "번역", 1.5])
    book.active.append(["안녕", "=1+1", True])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def read_sentences(data: bytes, folder: Path) -> None:
    """Call `read_list` on a file whose suffix the first byte gives."""
    suffix = _LIST_SUFFIXES[data[0] % len(_LIST_SUFFIXES)] if data else ".csv"
    _read_list(folder / f"list{suffix}", data[1:])


def _read_list(path: Path, data: bytes) -> None:
    path.write_bytes(data)
    try:
        result = read_list(path)
    except SentenceListError:
        return
    for sentence in result.sentence_list.sentences:
        assert sentence.text.strip()
        assert sentence.text.isprintable()


@cache
def _workbook_parts() -> dict[str, bytes]:
    """Return the parts that are read, in a fixed order: finds refer to them by number."""
    with zipfile.ZipFile(io.BytesIO(_workbook())) as archive:
        return {name: archive.read(name) for name in sorted(archive.namelist())}


def workbook_seeds() -> tuple[bytes, ...]:
    """Return the XML of each part, after the part's number."""
    return tuple(bytes([at]) + part for at, part in enumerate(_workbook_parts().values()))


def read_workbook(data: bytes, folder: Path) -> None:
    """Call `read_list` on a sound archive with one damaged part, so that changes reach the XML."""
    parts = dict(_workbook_parts())
    parts[list(parts)[data[0] % len(parts) if data else 0]] = data[1:]
    _read_list(folder / "list.xlsx", stored_zip(parts))


# ---- bundles ----


@cache
def manifest_seeds() -> tuple[bytes, ...]:
    """Return the shipped manifests."""
    found = sorted((REPOSITORY / "models").glob(f"*/{MANIFEST_NAME}"))
    return tuple(path.read_bytes() for path in found)


def read_bundle_manifest(data: bytes, folder: Path) -> None:
    """Call `read_manifest`."""
    (folder / MANIFEST_NAME).write_bytes(data)
    with contextlib.suppress(BundleError):
        read_manifest(folder)


@cache
def _small_bundle() -> tuple[bytes, bytes]:
    """Return a small bundle's weights, and the manifest entries they need."""
    folder = REPOSITORY / "models" / "classic-1"
    tables = re.split(r"(?m)^(?=\[)", (folder / MANIFEST_NAME).read_text(encoding="utf-8"))
    needed = (tables[0], *(t for t in tables if t.startswith(("[mel]", "[calibration]"))))
    return "".join(needed).encode(), (folder / MODEL_NAME).read_bytes()


_SEAM = b"\n#model\n"


@cache
def bundle_seeds() -> tuple[bytes, ...]:
    """Return manifest and weights of the small bundle, concatenated."""
    return (_SEAM.join(_small_bundle()),)


def read_bundle(data: bytes, folder: Path) -> None:
    """Call `load_bundle` with the weights' own sha256 in the manifest, so that they are parsed."""
    manifest, _, model = data.partition(_SEAM)
    _load_bundle(folder, manifest, model)


def _load_bundle(folder: Path, manifest: bytes, model: bytes) -> None:
    lines = [line for line in manifest.splitlines() if not line.startswith(b"sha256")]
    digest = f'sha256 = "{hashlib.sha256(model).hexdigest()}"'.encode()
    (folder / MANIFEST_NAME).write_bytes(b"\n".join([digest, *lines]))
    (folder / MODEL_NAME).write_bytes(model)
    with contextlib.suppress(BundleError):
        load_bundle(folder)


@cache
def _weights() -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(_small_bundle()[1])) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def pickle_seeds() -> tuple[bytes, ...]:
    """Return the pickle that lists the weights."""
    return (next(part for name, part in _weights().items() if name.endswith("data.pkl")),)


def read_pickle(data: bytes, folder: Path) -> None:
    """Call `load_bundle` on a sound archive with a damaged pickle in it."""
    parts = {name: data if name.endswith("data.pkl") else part for name, part in _weights().items()}
    _load_bundle(folder, _small_bundle()[0], stored_zip(parts))


@cache
def archive_seeds() -> tuple[bytes, ...]:
    """Return a nearly empty bundle as zip and as tar."""
    files = {f"b/{MANIFEST_NAME}": manifest_seeds()[0], f"b/{MODEL_NAME}": b"PK weights" * 20}
    packed, stored, tar = io.BytesIO(), io.BytesIO(), io.BytesIO()
    for out, method in ((packed, zipfile.ZIP_DEFLATED), (stored, zipfile.ZIP_STORED)):
        with zipfile.ZipFile(out, "w", method) as archive:
            for name, content in files.items():
                archive.writestr(zipfile.ZipInfo(name), content, method)
    with tarfile.open(fileobj=tar, mode="w") as archive:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return packed.getvalue(), stored.getvalue(), tar.getvalue()


def read_archive(data: bytes, folder: Path) -> None:
    """Call `import_bundle` on an archive; it never writes outside the bundles' folder."""
    source, home = folder / "stick.zip", folder / "home"
    source.write_bytes(data)
    home.mkdir(exist_ok=True)
    paths = Paths.default({HOME_VARIABLE: str(home)})
    with contextlib.suppress(BundleError):
        import_bundle(paths, source, lambda scorer: lambda take, sentence: None)  # type: ignore
    outside = {path.name for path in folder.iterdir()} - {"stick.zip", "home"}
    assert not outside, outside


# ---- input of commands ----


def table_seeds() -> tuple[bytes, ...]:
    """Return manifests with and without ratings."""
    return (
        "id\taudio\ttext\tlang\n1\ta.wav\t안녕하세요.\tko\n2\tb.ogg\tHello.\ten\n".encode(),
        b"id\taudio\ttext\tlang\ttotal_1\ttotal_2\taccuracy_1\r\n1\ta.wav\tHi.\ten\t7\t8\t9\r\n",
    )


def read_tables(data: bytes, folder: Path) -> None:
    """Read the manifest of `score-batch`, with ratings for `models compare`."""
    path = folder / "manifest.tsv"
    path.write_bytes(data)
    try:
        rows = read_batch(path)
    except UsageError:
        return
    for row in rows:
        assert all(np.isfinite(value) for value in row.ratings.values())
        with contextlib.suppress(UnreadableAudioError), _without_ffmpeg():
            audio_file.read_clip(row.audio)


# ---- the network ----


@cache
def answer_seeds() -> tuple[bytes, ...]:
    """Return an answer of Google's server, and the mp3 in it; the first byte tells them apart."""
    mp3 = audio_seeds()[5]
    return b"\0" + mp3, b"\1" + _answer(mp3), b"\1" + _answer(mp3[:300])


def _answer(mp3: bytes) -> bytes:
    inner = json.dumps([base64.b64encode(mp3).decode()], separators=(",", ":"))
    rows = json.dumps([["wrb.fr", "jQ1olc", inner, None]], separators=(",", ":"))
    return f")]}}'\n\n{len(rows)}\n{rows}\n".encode()


def read_answer(data: bytes, folder: Path) -> None:
    """Run gTTS's own code on an answer: a reference with sound in it, or a refusal."""
    body = _answer(data[1:]) if data[:1] == b"\0" else data[1:]

    def send(self: requests.Session, request: Any, **_: Any) -> requests.Response:
        response = requests.Response()
        response.status_code, response.raw, response.request = 200, io.BytesIO(body), request
        return response

    engine = GttsEngine()
    with mock.patch.object(requests.Session, "send", send), _without_ffmpeg():
        try:
            reference = engine.render(Sentence("1", "물", "ko"))
        except ReferenceFailedError:
            return
    assert np.any(reference.clip.samples)


TOML: tuple[bytes, ...] = tuple(
    rb"""[ ] = " ' {} nan -inf 1e400 true 0x7fffffffffffffffffff 1979-05-27 a.b=1""".split()
)
TOML += (b"\n", b"\n[[golden]]\n", b"\n[mel]\n", b"\xff", b'"""')
# Deeper nesting than a reader allows, and a longer number than Python parses.
TOML += (b"\na=" + b"[" * 3000, b"\na=" + b"{a=" * 3000, b"9" * 5000, b"0x" + b"f" * 5000)
ZIP: tuple[bytes, ...] = (b"PK\x01\x02", b"PK\x03\x04", b"PK\x05\x06", b"../", b"/", b"\\")
ZIP += (b"\xff\xff\xff\xff",)
_HEADER: tuple[bytes, ...] = (b"RIFF", b"data", b"fmt ", b"OggS", b"fLaC", b"FORM", b"caff")
_HEADER += (b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\0\0\0\0", b"\x80\0\0\0", b"\0\0\xc0\x7f")
_LIST: tuple[bytes, ...] = (b"\n", b"\r", b",", b";", b"\t", b'"', b"=1+1", b"\0", b"\xff\xfe")
_LIST += (b"\xef\xbb\xbf", b"-->", b"<t>", b"</", b"&#x0;", b"&lol;", b"<!DOCTYPE", b"WEBVTT")
_LIST += (b"\xe2\x80\xae", b"00:00:99,999", b"ko", b"9" * 5000)
_XML: tuple[bytes, ...] = (b"<", b">", b'"', b"&#x0;", b"&lol;", b"<!DOCTYPE a [", b"<v>", b"</c>")
_XML += (b't="s"', b't="d"', b't="e"', b't="n"', b'r="XFD1048576"', b'r="A0"', b'r="A-1"', b"1e999")
_XML += (b'state="hidden"', b"9" * 5000, b"nan", b"2024-13-45", b' s="99"', b"date1904", b"xml:")
_PICKLE: tuple[bytes, ...] = (b".", b"(", b"0", b"]", b"}", b"q\xff", b"h\xff", b"R", b"b", b"\x85")
_PICKLE += (b"cos\nsystem\n", b"ctorch\nFloatStorage\n", b"ctorch._utils\n_rebuild_tensor_v2\n")
_PICKLE += (
    b"M\xff\xff",
    b"J\xff\xff\xff\x7f",
    b"X\xff\xff\xff\x7f",
    b"\x8a\xff",
    b"ccollections\n",
)
_TABLE: tuple[bytes, ...] = (
    b"\t",
    b"\n",
    b"\r",
    b'"',
    b"\xef\xbb\xbf",
    b"\0",
    b"\xff",
    b"id",
    b"total_1",
    b"1e308",
)
_TABLE += (b"nan", b"-inf", b"1_0", b"../", b"/dev/zero", b"a" * 300, "１".encode())
_ANSWER: tuple[bytes, ...] = (
    b"jQ1olc",
    b'"',
    b"\\",
    b'\\"]',
    b"\n",
    b"\r",
    b"=",
    b"\xff",
    b"A",
    b"\0",
    b"ID3",
    b"\xff\xfb",
)

BROUGHT = (
    Target("audio", audio_seeds, read_audio, _HEADER),
    Target("recordings", audio_seeds, keep_recording, _HEADER, cases=200),
    Target("lists", list_seeds, read_sentences, _LIST + ZIP),
    Target("workbooks", workbook_seeds, read_workbook, _XML, cases=200),
    Target("manifests", manifest_seeds, read_bundle_manifest, TOML),
    Target("bundles", bundle_seeds, read_bundle, TOML + ZIP),
    Target("pickles", pickle_seeds, read_pickle, _PICKLE, cases=200),
    Target("archives", archive_seeds, read_archive, ZIP),
    Target("tables", table_seeds, read_tables, _TABLE),
    Target("answers", answer_seeds, read_answer, _ANSWER, cases=200),
)
