"""Natives that espeak-ng speaks, for the rows that want people's takes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.core.paths import Paths
from pronounce_kiosk.references.espeak_library import EspeakLibrary
from pronounce_kiosk.training.evaluation.figures import Table

NATIVE_TEXTS = ("날씨가 참 좋네요", "저는 학교에 가요", "오늘은 비가 많이 와요")


@pytest.fixture(autouse=True)
def _few_rounds(few_rounds: None) -> None:
    """Intervals by 50 draws, everywhere here."""


@pytest.fixture(scope="session")
def natives(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three sentences by a voice that says no reference; the last one in a mood."""
    folder = tmp_path_factory.mktemp("natives")
    (folder / "audio").mkdir()
    lines = ["utterance\tspeaker\temotion\ttext"]
    for row, text in enumerate(NATIVE_TEXTS):
        spoken = EspeakLibrary().speak(text, "ko+m1", rate_wpm=150)
        clip = AudioClip.from_array(spoken.samples, spoken.sample_rate_hz).resampled(16_000)
        soundfile.write(folder / "audio" / f"u{row}.ogg", np.pad(clip.samples, 4000), 16_000)
        lines.append(f"u{row}\ta\t{'happy' if row == 2 else 'neutral'}\t{text}")
    (folder / "utterances.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


@pytest.fixture
def bundle() -> Path:
    return Paths.default().models_dir / "aligned-2"


@pytest.fixture
def figures() -> Callable[[Table], dict[str, tuple[str, str]]]:
    """n and figure of a table's rows, by what they are."""

    def by_name(table: Table) -> dict[str, tuple[str, str]]:
        assert all(len(row) == len(table.headers) for row in table.rows)
        return {row[0]: (row[1], row[2]) for row in table.rows}

    return by_name
