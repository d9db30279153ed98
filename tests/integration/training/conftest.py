"""A small corpus that espeak-ng speaks: good speakers say it right, bad ones say other words."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.references.espeak_library import EspeakLibrary
from pronounce_kiosk.training.evaluation import figures

SENTENCES = (
    "the weather is nice today",
    "she sells old books",
    "we call it a bear",
    "open the window please",
)
MUMBLED = ("sue whether ease mice", "he smells bold hooks", "he tall at uh pear", "up a wind oh")


@pytest.fixture
def few_rounds(monkeypatch: pytest.MonkeyPatch) -> None:
    """A report's intervals by 50 draws of speakers instead of 1,000: how exact they are is not
    asked."""
    monkeypatch.setattr(figures, "BOOTSTRAP_ROUNDS", 50)


@pytest.fixture(scope="session")
def small_corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corpus folder: 15 speakers, each of them says four sentences, rated by five raters."""
    folder = tmp_path_factory.mktemp("corpus")
    (folder / "audio").mkdir()
    library = EspeakLibrary()
    random = np.random.default_rng(0)
    names = ("accuracy", "fluency", "prosodic", "total")
    rating_columns = [f"{name}_{rater}" for name in names for rater in range(1, 6)]
    lines = ["\t".join(["utterance", "speaker", "gender", "age", "text", "phones",
                        *rating_columns, "word_accuracy", "word_total"])]  # fmt: skip
    for speaker in range(15):
        good = speaker % 2 == 0
        for number, text in enumerate(SENTENCES):
            spoken = library.speak(
                text if good else MUMBLED[number],
                f"en-us+m{1 + speaker % 7}",
                rate_wpm=150 + 4 * speaker,
            )
            clip = AudioClip.from_array(spoken.samples, spoken.sample_rate_hz).resampled(16_000)
            samples = np.pad(clip.samples, 6000) + 1e-3 * random.standard_normal(
                len(clip.samples) + 12_000
            )
            utterance = f"{speaker:02}{number}"
            soundfile.write(
                folder / "audio" / f"{utterance}.ogg", samples, 16_000, subtype="VORBIS"
            )
            ratings = np.clip((9 if good else 4) + random.normal(0, 0.5, 20), 0, 10)
            cells = [utterance, f"s{speaker:02}", "m", str(9 + speaker), text.upper(), "A | B"]
            words = " ".join("9.0" for _ in text.split())
            lines.append("\t".join([*cells, *(f"{value:.1f}" for value in ratings), words, words]))
    (folder / "utterances.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder
