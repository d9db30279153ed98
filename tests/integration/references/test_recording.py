"""A teacher's recording: read where it may be read, and nowhere else."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.audio.files import write_clip
from pronounce_kiosk.core.errors import ReferenceFailedError
from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.references import recording
from pronounce_kiosk.references.recording import recorded


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A list's folder with a recording, and a secret beside it."""
    tone = np.sin(np.linspace(0, 600, 16000)).astype(np.float32) * 0.5
    for path in (tmp_path / "list" / "audio" / "1.wav", tmp_path / "secret.wav"):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_clip(path, AudioClip.from_array(tone, 16000))
    return tmp_path / "list"


def _sentence(audio: Path | None) -> Sentence:
    return Sentence("s1", "안녕하세요", "ko", audio=audio)


def test_a_recording_is_a_reference_without_times(folder: Path) -> None:
    reference = recorded(_sentence(folder / "audio" / "1.wav"))
    assert reference.clip.duration_s == pytest.approx(1.0)
    assert (reference.info.engine, reference.info.voice) == ("recording", "teacher")
    assert reference.units == reference.phones == ()


def test_another_recording_under_the_same_name_has_another_key(folder: Path) -> None:
    sentence = _sentence(folder / "audio" / "1.wav")
    before = recorded(sentence).key
    assert recorded(sentence).key == before
    write_clip(folder / "audio" / "1.wav", AudioClip.from_array(np.ones(1600) * 0.1, 16000))
    assert recorded(sentence).key != before


def test_paths_and_links_that_lead_out_are_refused(folder: Path) -> None:
    (folder / "link.wav").symlink_to(folder.parent / "secret.wav")
    for path in (folder / ".." / "secret.wav", folder / "link.wav"):
        with pytest.raises(ReferenceFailedError, match="outside the list's folder"):
            recorded(_sentence(path))


def test_what_is_not_a_usable_file_is_refused(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "text.wav").write_text("not audio at all")
    (folder / "loop.wav").symlink_to(folder / "loop.wav")
    for name, why in [
        ("none.wav", "missing"),
        ("audio", "missing"),
        ("text.wav", "cannot be read as audio"),
        ("loop.wav", "."),
    ]:
        with pytest.raises(ReferenceFailedError, match=why):
            recorded(_sentence(folder / name))
    with pytest.raises(ReferenceFailedError, match="no recording"):
        recorded(_sentence(None))
    monkeypatch.setattr(recording, "MAX_BYTES", 10)
    with pytest.raises(ReferenceFailedError, match="too large"):
        recorded(_sentence(folder / "audio" / "1.wav"))
