"""`PracticeEngine` on real parts: espeak-ng, the cache on disk, the classic pipeline untrained."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.audio.files import write_clip
from pronounce_kiosk.audio.pitch import pitch
from pronounce_kiosk.audio.reference import Reference
from pronounce_kiosk.core.errors import ReferenceFailedError
from pronounce_kiosk.core.paths import Paths
from pronounce_kiosk.core.score import BundleInfo, Verdict
from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.core.settings import Settings
from pronounce_kiosk.language.units import split_units
from pronounce_kiosk.references.library import default_library
from pronounce_kiosk.scoring.classic.scorer import ClassicScorer
from pronounce_kiosk.session import comparison as closer
from pronounce_kiosk.session import engine as engine_module
from pronounce_kiosk.session.engine import PracticeEngine

SENTENCE = Sentence("1", "물 한 잔 주세요.", "ko")


class CountingScorer(ClassicScorer):
    """The classic scorer, counting what it prepares."""

    prepared = 0

    def prepare(self, *arguments: Any) -> Any:
        self.prepared += 1
        return super().prepare(*arguments)


def scorer(sha256: str = "0" * 64) -> CountingScorer:
    import torch

    from pronounce_kiosk.audio.mel import MelParameters
    from pronounce_kiosk.scoring.calibration import Calibration
    from pronounce_kiosk.scoring.classic.network import ClassicSiamese

    torch.manual_seed(0)
    calibration = Calibration((0.0, 1.0), (0.0, 100.0))
    info = BundleInfo("untrained", sha256)
    return CountingScorer(ClassicSiamese(), MelParameters(), calibration, 2.0, info)


def engine(scoring: CountingScorer, name: str | None = None) -> PracticeEngine:
    return PracticeEngine(default_library(Paths.default(), Settings()), scoring, name)


def test_a_reference_is_prepared_once_in_memory_and_once_on_the_disk() -> None:
    first = engine(scorer())
    prepared = first.prepare(SENTENCE)
    assert first.prepare(SENTENCE) is prepared
    assert first.scorer.prepared == 1  # type: ignore[attr-defined]

    again = engine(scorer())
    from_disk = again.prepare(SENTENCE)
    assert again.scorer.prepared == 0  # type: ignore[attr-defined]
    np.testing.assert_array_equal(from_disk.mel_image, prepared.mel_image)
    arrays, kept = prepared.data.to_arrays(), from_disk.data.to_arrays()
    assert kept.keys() == arrays.keys()
    for name, array in arrays.items():
        np.testing.assert_array_equal(kept[name], array)
    assert from_disk.info == prepared.info


def test_another_model_reading_or_lesson_is_prepared_anew() -> None:
    engine(scorer()).prepare(SENTENCE)
    other_model = engine(scorer("1" * 64))
    other_model.prepare(SENTENCE)
    assert other_model.scorer.prepared == 1  # type: ignore[attr-defined]
    other_reading = engine(scorer())
    other_reading.prepare(Sentence("1", SENTENCE.text, "ko", pronunciation="물 한 잔 주세용"))
    assert other_reading.scorer.prepared == 1  # type: ignore[attr-defined]
    lesson = engine(scorer())
    lesson.prepare(replace(SENTENCE, contrasts=(("ㅈ", "ㅉ", "ㅊ"),)))
    assert lesson.scorer.prepared == 1  # type: ignore[attr-defined]


def test_a_program_that_reads_a_word_in_another_way_prepares_it_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    engine(scorer()).prepare(SENTENCE)
    other = split_units("문 한 잔 주세요.", "ko")
    monkeypatch.setattr(engine_module, "split_units", lambda *_: other)
    newer = engine(scorer())
    newer.prepare(SENTENCE)
    assert newer.scorer.prepared == 1  # type: ignore[attr-defined]


class WithVoices:
    """A library whose other voices have a key of its own, as of another espeak-ng."""

    def __init__(self, key: str) -> None:
        self._inner = default_library(Paths.default(), Settings())
        self._key = key
        self.cache, self.reference = self._inner.cache, self._inner.reference

    def other_voices(self, *arguments: Any) -> tuple[Reference, ...]:
        return tuple(replace(one, key=self._key) for one in self._inner.other_voices(*arguments))


def test_another_of_the_other_voices_is_prepared_anew() -> None:
    counts = []
    for key in ("a" * 32, "b" * 32, "a" * 32):
        scoring = scorer()
        scoring.extra_voices = lambda language: ("+f2",)  # type: ignore[method-assign]
        PracticeEngine(WithVoices(key), scoring).prepare(SENTENCE)
        counts.append(scoring.prepared)
    assert counts == [1, 1, 0]


def test_a_slow_example_that_failed_is_tried_again(
    monkeypatch: pytest.MonkeyPatch, expected_log: Callable[[str], None]
) -> None:
    expected_log("WARNING pronounce_kiosk.session.engine: ffmpeg cannot say it slowly")
    one = engine(scorer())
    usual = one.reference(SENTENCE).clip
    with monkeypatch.context() as without_ffmpeg:
        without_ffmpeg.setenv("PATH", "/nowhere")
        assert one.slow_reference(SENTENCE) is usual
    assert one.slow_reference(SENTENCE).duration_s > 1.2 * usual.duration_s


def test_a_score_is_the_same_from_memory_and_from_disk() -> None:
    first = engine(scorer())
    take = first.reference(SENTENCE).clip
    stages: list[str] = []
    fresh = first.score(take, SENTENCE, stages.append)
    assert fresh.score.verdict is Verdict.SCORED
    assert fresh.score.reference == first.reference(SENTENCE).info
    assert stages[0] == "level"
    assert engine(scorer()).score(take, SENTENCE).score.score == fresh.score.score


def test_silence_is_a_verdict() -> None:
    silence = AudioClip.from_array(np.zeros(16_000, np.float32), 16_000)
    assert engine(scorer()).score(silence, SENTENCE).score.verdict is Verdict.SILENCE


def test_the_classic_scorer_cannot_tell_how_far_a_take_has_come() -> None:
    own = engine(scorer())
    assert own.wait_ms(own.reference(SENTENCE).clip, SENTENCE, 1000) is None


def test_forgetting_asks_the_library_again() -> None:
    one = engine(scorer())
    reference = one.reference(SENTENCE)
    assert one.reference(SENTENCE) is reference
    one.forget(SENTENCE)
    assert one.reference(SENTENCE) is not reference


def test_a_recording_that_could_not_be_read_is_tried_again(
    tmp_path: Path, expected_log: Callable[[str], None]
) -> None:
    expected_log("voice.wav is missing")
    sentence = replace(SENTENCE, audio=tmp_path / "voice.wav")
    one = engine(scorer())
    for part in one.preparations(sentence):
        part()
    assert one.reference(sentence).info.engine == "espeak"
    write_clip(tmp_path / "voice.wav", one.reference(sentence).clip)
    for part in one.preparations(sentence):
        part()
    assert one.reference(sentence).info.engine == "recording"
    assert one.prepare(sentence).info.engine == "recording"
    # And is then kept.
    assert one.reference(sentence) is one.reference(sentence)


def test_memory_has_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine_module, "MEMORY_SENTENCES", 2)
    one = engine(scorer())
    sentences = [Sentence(str(i), text, "en") for i, text in enumerate(("one", "two", "three"))]
    first = one.reference(sentences[0])
    one.reference(sentences[1])
    one.reference(sentences[0])
    one.reference(sentences[2])
    # The longest unused went, which is the second.
    assert one.reference(sentences[0]) is first


def test_an_engine_that_is_insisted_on_and_cannot_is_an_error(tmp_path: Path) -> None:
    missing = Sentence("1", "네", "ko", audio=tmp_path / "missing.wav")
    with pytest.raises(ReferenceFailedError):
        engine(scorer(), "recording").prepare(missing)


def test_what_needs_no_take_is_computed_before_there_is_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for part in engine(scorer()).preparations(SENTENCE):
        part()
    again = engine(scorer())
    take = again.reference(SENTENCE).clip
    result = again.score(take, SENTENCE)
    assert again.scorer.prepared == 0  # type: ignore[attr-defined]
    melodies: list[AudioClip] = []
    monkeypatch.setattr(closer, "pitch", lambda clip: (melodies.append(clip), pitch(clip))[1])
    look = again.look_closer(result, SENTENCE)
    # The take's; the example's lies on the disk beside the reference.
    assert melodies == [result.take]
    assert np.isfinite(look.reference_pitch).any()
