"""Whatever is read from a stick or a damaged folder stays inside it: no reader follows a trail out.

One secret lies outside. Each case plants something that points to it and gives what the reader
made of that; the secret must be in none of it.
"""

from __future__ import annotations

import contextlib
import io
import json
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from pronounce_kiosk.audio.files import read_clip
from pronounce_kiosk.bundles.activation import activation_file, active_folder
from pronounce_kiosk.bundles.load import load_bundle, shipped_folders
from pronounce_kiosk.core.errors import KioskError
from pronounce_kiosk.core.paths import Paths
from pronounce_kiosk.core.score import Score, Verdict
from pronounce_kiosk.core.sentence import Sentence, SentenceList
from pronounce_kiosk.core.settings import load_settings
from pronounce_kiosk.history.records import NewAttempt, SentenceName
from pronounce_kiosk.history.store import HistoryStore
from pronounce_kiosk.sentences.reader import read_list
from pronounce_kiosk.sentences.store import ListStore
from pronounce_kiosk.sentences.transfer import export_list

SECRET = "비밀문장입니다"
RATE = 16_000


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    """A folder that others filled. Beside it: a secret sound, a secret list."""
    tone = 0.3 * np.sin(2 * np.pi * 440 * np.arange(RATE) / RATE)
    soundfile.write(tmp_path / "secret.wav", tone, RATE)
    (tmp_path / "secret.txt").write_text(f"{SECRET}\n", encoding="utf-8")
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder


PLAYLISTS = {
    "hls": "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:1,\n{}\n#EXT-X-ENDLIST\n",
    "concat": "ffconcat version 1.0\nfile '{}'\n",
    "sdp": "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nu={}\nt=0 0\nm=audio 9 RTP/AVP 0\n",
    "dash": '<?xml version="1.0"?><MPD type="static" mediaPresentationDuration="PT1S"'
    ' profiles="urn:mpeg:dash:profile:isoff-main:2011"><Period>'
    '<AdaptationSet mimeType="audio/wav"><Representation id="1" bandwidth="1">'
    "<BaseURL>{}</BaseURL></Representation></AdaptationSet></Period></MPD>",
    "imf": '<?xml version="1.0"?><CompositionPlaylist><Asset>{}</Asset></CompositionPlaylist>',
}


@pytest.mark.parametrize("suffix", [".mp3", ".mov"])
@pytest.mark.parametrize("kind", PLAYLISTS)
@pytest.mark.parametrize("trail", ["../secret.wav", "file:{absolute}", "link.wav"])
def test_audio_and_video(stick: Path, kind: str, suffix: str, trail: str) -> None:
    (stick / "link.wav").symlink_to("../secret.wav")
    path = stick / f"a{suffix}"
    trail = trail.format(absolute=stick.parent / "secret.wav")
    path.write_text(PLAYLISTS[kind].format(trail))
    with pytest.raises(KioskError):
        read_clip(path)


def test_a_video_whose_sound_lies_in_another_file(stick: Path) -> None:
    """QuickTime may say that its data are elsewhere; ffmpeg follows that only where it is told."""
    whole = stick.parent / "whole.mov"
    make = ["ffmpeg", "-nostdin", "-v", "error", "-i", stick.parent / "secret.wav"]
    subprocess.run([*make, "-c:a", "pcm_s16le", whole], check=True)
    data = bytearray(whole.read_bytes())
    # Not in this file any more: the flag goes, and so does the sound.
    flags = data.index(b"dref") + 16
    assert data[flags : flags + 4] in (b"url ", b"alis")
    data[flags + 4 : flags + 8] = bytes(4)
    start = data.index(b"mdat") + 4
    length = int.from_bytes(data[start - 8 : start - 4], "big") - 8
    data[start : start + length] = bytes(length)
    (stick / "a.mov").write_bytes(data)
    with contextlib.suppress(KioskError):
        assert read_clip(stick / "a.mov").peak == 0.0


RECORDINGS = ["../secret.wav", "..\\secret.wav", "{absolute}", "file://{absolute}", "link.wav",
    "linked/secret.wav", "C:\\secret.wav", "~/secret.wav", "sub/../../secret.wav"]  # fmt: skip


@pytest.mark.parametrize("trail", RECORDINGS)
def test_recordings_of_a_list(stick: Path, trail: str) -> None:
    (stick / "link.wav").symlink_to("../secret.wav")
    (stick / "linked").symlink_to(stick.parent)
    trail = trail.format(absolute=stick.parent / "secret.wav")
    (stick / "list.csv").write_text(f"text,audio\n네.,{trail}\n", encoding="utf-8")
    result = read_list(stick / "list.csv")
    assert [one.audio for one in result.sentence_list.sentences] in ([], [None])
    assert [one.key for one in result.problems] == ["audio_outside"]


def workbook(entity: str, text: str = "&e;") -> bytes:
    """An .xlsx whose only text is an entity that names a file."""
    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{package}/content-types"><Default Extension="rels" ContentType="'
            'application/vnd.openxmlformats-package.relationships+xml"/><Override PartName='
            f'"/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/><Override PartName='
            f'"/xl/worksheets/sheet1.xml" ContentType="{kind}.worksheet+xml"/></Types>',
        )
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" Type='
            f'"{relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook {main} xmlns:r="{relations}"><sheets><sheet name="a" sheetId="1" '
            'r:id="r1"/></sheets></workbook>',
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" Type='
            f'"{relations}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        )
        archive.writestr(
            "xl/worksheets/sheet1.xml",
            f'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY e SYSTEM "{entity}">]>'
            f'<worksheet {main}><sheetData><row r="1"><c r="A1" t="inlineStr"><is>'
            f"<t>{text}</t></is></c></row></sheetData></worksheet>",
        )
    return buffer.getvalue()


TEXTS = {
    "list.txt": "{trail}\n",
    "list.csv": "text\n=HYPERLINK(\"{trail}\")\n@{trail}\n",
    "list.srt": "1\n00:00:01,000 --> 00:00:02,000\n<img src=\"{trail}\">{{{trail}}}\n",
    "list.vtt": "WEBVTT\n\nSTYLE\n@import \"{trail}\";\n\n"
    "00:01.000 --> 00:02.000\n<c>{trail}</c>\n",
    "list.smi": "<SAMI><BODY><SYNC Start=1><P Class=KRCC><img src=\"{trail}\">&e;</BODY></SAMI>",
    "list.ass": "[Events]\nFormat: Start, End, Text\nDialogue: 0:00:01.00,0:00:02.00,{trail}\n"
    "[Fonts]\nfontname: {trail}\n",
}  # fmt: skip


@pytest.mark.parametrize("name", [*TEXTS, "list.xlsx", "list.ods"])
def test_lists_and_subtitles(stick: Path, name: str) -> None:
    secret = stick.parent / "secret.txt"
    for trail in (str(secret), "../secret.txt", f"file://{secret}"):
        path = stick / name
        if name in TEXTS:
            path.write_text(TEXTS[name].format(trail=trail), encoding="utf-8")
        else:
            path.write_bytes(workbook(trail))
        assert SECRET not in what_comes_of(lambda path=path: read_list(path))


def what_comes_of(read: Callable[[], object]) -> str:
    """The result, or what a person is told."""
    try:
        return repr(read())
    except KioskError as error:
        return str(error)


def test_the_workbook_that_is_tried_is_one(stick: Path) -> None:
    (stick / "list.xlsx").write_bytes(workbook("x", text="안녕하세요."))
    assert "안녕하세요." in repr(read_list(stick / "list.xlsx"))


@pytest.mark.parametrize(
    "line",
    [
        'espeak_voice_ko = "../../secret"',
        'espeak_voice_en = "/etc/passwd"',
        'reference_engine = "../x"',
    ],
)
def test_settings(stick: Path, line: str, expected_log: Callable[[str], None]) -> None:
    expected_log("a setting is not used")
    path = stick / "settings.toml"
    path.write_text(f"[reference]\n{line}\n")
    value = getattr(load_settings(path), line.split(" ")[0])
    assert ".." not in value
    assert "/" not in value


@pytest.mark.parametrize("name", ["../stick", "/etc", "a/../../stick", "."])
def test_models(stick: Path, name: str, expected_log: Callable[[str], None]) -> None:
    expected_log("cannot be read")
    paths = Paths.default()
    activation_file(paths).parent.mkdir(parents=True)
    activation_file(paths).write_text(json.dumps({"bundle": name}))
    assert active_folder(paths) == shipped_folders(paths)[0]


def test_weights_that_are_a_link_are_still_checked(stick: Path) -> None:
    """A link inside a bundle gives no other weights: the manifest names their sha256."""
    shutil.copytree(shipped_folders(Paths.default())[0], stick, dirs_exist_ok=True)
    (stick / "model.pt").unlink()
    (stick / "model.pt").symlink_to("../secret.wav")
    with pytest.raises(KioskError, match="sha256"):
        load_bundle(stick)


@pytest.mark.parametrize("trail", ["../secret.wav", "{absolute}", "../../secret.wav"])
def test_kept_takes(stick: Path, trail: str) -> None:
    trail = trail.format(absolute=stick.parent / "secret.wav")
    with HistoryStore(stick) as store:
        owl = store.add_learner("", "owl")
        score = Score(Verdict.SILENCE)
        store.add(NewAttempt(owl.id, SentenceName("l", "1", "가", "ko"), score, take_file=trail))
        store.bound_takes(0)
        store.forget_learner(owl.id)
        store.forget_all()
    assert (stick.parent / "secret.wav").exists()


@pytest.mark.parametrize("trail", ["../../secret.wav", "{absolute}"])
def test_a_damaged_store_of_lists(
    stick: Path, trail: str, expected_log: Callable[[str], None]
) -> None:
    trail = trail.format(absolute=stick.parent / "secret.wav")
    sentences = (Sentence("1", "네.", "ko"),)
    store = ListStore(stick)
    store.import_list(SentenceList("a", "a", "ko", sentences))
    for path in [*stick.rglob("*.json")]:
        data = json.loads(path.read_text(encoding="utf-8"))
        for entry in data.get("lists", ()):
            entry["content"] = trail
        path.write_text(json.dumps(data), encoding="utf-8")
    expected_log(".")
    lists = ListStore(stick).lists()
    assert all(one.audio is None for each in lists for one in each.list.sentences)
    assert (stick.parent / "secret.wav").exists()


def test_an_export_writes_into_no_linked_folder(stick: Path) -> None:
    elsewhere = stick.parent / "elsewhere"
    elsewhere.mkdir()
    (stick / "list-audio").symlink_to(elsewhere)
    soundfile.write(stick / "own.wav", np.full(RATE, 0.1), RATE)
    sentence = replace(Sentence("1", "네.", "ko"), audio=stick / "own.wav")
    with pytest.raises(KioskError):
        export_list(stick / "list.csv", SentenceList("a", "a", "ko", (sentence,)))
    assert not list(elsewhere.iterdir())
