"""Which reference a sentence gets, and rendering a list ahead of time."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.audio.files import write_clip
from pronounce_kiosk.audio.reference import Reference
from pronounce_kiosk.core.errors import ReferenceFailedError, UsageError
from pronounce_kiosk.core.paths import Paths
from pronounce_kiosk.core.sentence import Sentence, SentenceList
from pronounce_kiosk.core.settings import load_settings
from pronounce_kiosk.references.cache import ReferenceCache
from pronounce_kiosk.references.espeak import EspeakEngine
from pronounce_kiosk.references.espeak_library import EspeakLibrary, Spoken
from pronounce_kiosk.references.gtts import GttsEngine
from pronounce_kiosk.references.library import ReferenceLibrary, default_library
from pronounce_kiosk.references.render import render_list

SENTENCES = tuple(
    Sentence(f"s{i}", text, "ko") for i, text in enumerate(["안녕하세요", "국물", "꽃 한 송이"])
)
LIST = SentenceList("l", "list", "ko", SENTENCES)


class _CountingEspeak(EspeakEngine):
    """The real engine, counting how often it speaks."""

    def __init__(self, engine: EspeakEngine) -> None:
        super().__init__(library=engine._library)
        self.said: list[str] = []

    def render(self, sentence: Sentence) -> Reference:
        self.said.append(sentence.text)
        return super().render(sentence)


@pytest.fixture
def espeak(quick_espeak: EspeakEngine) -> _CountingEspeak:
    return _CountingEspeak(quick_espeak)


@pytest.fixture
def library(tmp_path: Path, espeak: _CountingEspeak) -> ReferenceLibrary:
    return ReferenceLibrary(ReferenceCache(tmp_path / "cache"), espeak, GttsEngine())


@pytest.fixture
def recorded(tmp_path: Path) -> Sentence:
    path = tmp_path / "list" / "1.wav"
    path.parent.mkdir()
    write_clip(path, AudioClip.from_array(np.ones(8000) * 0.1, 16000))
    return replace(SENTENCES[0], audio=path)


def test_espeak_speaks_once_and_the_cache_from_then_on(
    library: ReferenceLibrary, espeak: _CountingEspeak
) -> None:
    first, second = library.reference(SENTENCES[0]), library.reference(SENTENCES[0])
    assert espeak.said == [SENTENCES[0].text]
    np.testing.assert_array_equal(first.clip.samples, second.clip.samples)
    assert (first.units, first.phones, first.info) == (second.units, second.phones, second.info)


class _SilentOnce(EspeakLibrary):
    """Speaks, but for the first time, which gives nothing but zeros."""

    spoken = 0

    def speak(self, *arguments: Any, **options: Any) -> Spoken:
        self.spoken += 1
        said = super().speak(*arguments, **options)
        return said if self.spoken > 1 else replace(said, samples=said.samples * 0)


def test_a_failure_is_not_kept(tmp_path: Path) -> None:
    cache = ReferenceCache(tmp_path / "cache")
    library = ReferenceLibrary(cache, EspeakEngine(library=_SilentOnce()), GttsEngine())
    with pytest.raises(ReferenceFailedError, match="says nothing"):
        library.reference(SENTENCES[0])
    assert library.reference(SENTENCES[0]).clip.peak > 0


def test_gtts_is_taken_once_fetched_and_never_asked_for_a_learner(
    library: ReferenceLibrary, google: Any
) -> None:
    for engine in (None, "auto", "gtts"):
        assert library.reference(SENTENCES[0], engine).info.engine == "espeak"
    assert google.asked == []
    library.fetch(SENTENCES[0])
    library.fetch(SENTENCES[0])
    assert len(google.asked) == 1
    for engine in (None, "auto", "gtts"):
        assert library.reference(SENTENCES[0], engine).info.engine == "gtts"
    assert library.reference(SENTENCES[0], "espeak").info.engine == "espeak"
    assert library.reference(SENTENCES[1]).info.engine == "espeak"
    assert len(google.asked) == 1


def test_a_recording_comes_first_unless_another_engine_is_asked_for(
    library: ReferenceLibrary, recorded: Sentence
) -> None:
    assert library.reference(recorded).info.engine == "recording"
    assert library.reference(recorded, "recording").info.engine == "recording"
    assert library.reference(recorded, "espeak").info.engine == "espeak"


def test_a_recording_that_is_gone_gives_way(
    library: ReferenceLibrary, recorded: Sentence, expected_log: Callable[[str], None]
) -> None:
    assert recorded.audio is not None
    recorded.audio.unlink()
    expected_log("1.wav is missing")
    assert library.reference(recorded).info.engine == "espeak"
    with pytest.raises(ReferenceFailedError, match=r"1\.wav is missing"):
        library.reference(recorded, "recording")


def test_an_unknown_engine_is_bad_usage(library: ReferenceLibrary) -> None:
    with pytest.raises(UsageError, match="festival"):
        library.reference(SENTENCES[0], "festival")


def test_a_list_is_rendered_and_what_is_there_is_skipped(
    library: ReferenceLibrary, espeak: _CountingEspeak
) -> None:
    library.reference(SENTENCES[1])
    heard: list[tuple[int, int]] = []
    report = render_list(library, LIST, lambda done, total: heard.append((done, total)), "espeak")
    assert (report.rendered, report.cached, report.failed) == (2, 1, [])
    assert heard == [(0, 3), (1, 3), (2, 3), (3, 3)]
    report = render_list(library, LIST, engine="espeak")
    assert (report.rendered, report.cached) == (0, 3)
    assert len(espeak.said) == 3


def test_a_render_that_was_cut_off_goes_on(
    library: ReferenceLibrary, espeak: _CountingEspeak
) -> None:
    def stop(done: int, total: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        render_list(library, LIST, stop, "espeak")
    report = render_list(library, LIST, engine="espeak")
    assert (report.rendered, report.cached) == (1, 2)


def test_both_voices_are_made_where_google_answers(library: ReferenceLibrary, google: Any) -> None:
    report = render_list(library, LIST)
    assert (report.rendered, report.failed, report.gtts_stopped) == (6, [], "")
    assert all(library.reference(one).info.engine == "gtts" for one in SENTENCES)
    assert render_list(library, LIST).cached == 6
    assert len(google.asked) == 3


def test_a_refusal_stops_gtts_and_nothing_else(library: ReferenceLibrary, google: Any) -> None:
    google.mode = "too many"
    report = render_list(library, LIST)
    assert (report.rendered, report.failed) == (3, [])
    assert "refused (429)" in report.gtts_stopped
    assert len(google.asked) == 1
    report = render_list(library, LIST, engine="gtts")
    assert len(report.failed) == 3
    assert len(google.asked) == 1


def test_what_cannot_be_said_is_reported_and_the_rest_made(
    library: ReferenceLibrary, google: Any
) -> None:
    google.mode = "too many"
    silent = Sentence("s9", "…", "ko")
    report = render_list(library, replace(LIST, sentences=(silent, *SENTENCES)))
    assert report.rendered == 3
    assert [(one.id, "nothing to say" in why) for one, why in report.failed] == [("s9", True)]


def test_the_kiosk_s_library_keeps_references_in_the_cache_folder() -> None:
    paths = Paths.default()
    library = default_library(paths, load_settings())
    reference = library.reference(SENTENCES[0])
    assert reference.info.voice == "ko"
    (kept,) = (paths.cache_dir / "references").glob("*/*.reference.npz")
    assert kept.name.startswith(reference.key)


def test_neither_gtts_nor_soundfile_is_loaded_for_espeak() -> None:
    code = (
        "import sys; import pronounce_kiosk.references.library, pronounce_kiosk.references.render;"
        "print([m for m in ('gtts','requests','soundfile','torch','scipy') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
