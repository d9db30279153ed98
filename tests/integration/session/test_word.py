"""A word of a sentence: said alone, cut out of its slow example, and which sounds to tell apart."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.audio.reference import Reference
from pronounce_kiosk.bundles.load import load_bundle
from pronounce_kiosk.core.paths import Paths
from pronounce_kiosk.core.score import PhoneScore, UnitScore
from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.core.settings import Settings
from pronounce_kiosk.language.units import split_units
from pronounce_kiosk.references.library import ReferenceLibrary, default_library
from pronounce_kiosk.session.comparison import CloserLook, Span
from pronounce_kiosk.session.engine import PracticeEngine
from pronounce_kiosk.session.word import named_pair, word_in_example, word_in_take, word_of


@pytest.mark.parametrize(
    ("text", "language", "pronunciation", "number", "alone", "said"),
    [
        ("국물 좀 주세요.", "ko", "", 1, "국물", "궁물"),
        # Its neighbour's doing is gone.
        ("꽃 한 송이 있어요.", "ko", "", 1, "한", "한"),
        # What the list says of it is kept; what it says of others is not asked.
        ("맛있는 밥을 먹어요.", "ko", "마딘는 바블 머거요", 0, "맛있는", "마딘는"),
        ("맛있는 밥을 먹어요.", "ko", "마딘는 바블 머거요", 4, "밥을", "바블"),
        # A number is read as it is in the sentence.
        ("사과 3 개 주세요.", "ko", "", 2, "세", "세"),
        ("I don't know, Mia!", "en", "", 1, "don't", "don't"),
        ("I don't know, Mia!", "en", "", 3, "Mia", "Mia"),
    ],
)
def test_a_word_alone(
    text: str, language: str, pronunciation: str, number: int, alone: str, said: str
) -> None:
    word = word_of(Sentence("s", text, language, pronunciation=pronunciation), number)
    assert word.alone.text == alone
    units = split_units(word.alone.text, language, word.alone.pronunciation)
    assert "".join(unit.said for unit in units) == said
    assert len(units) == word.last - word.first + 1
    assert word.first <= number <= word.last


def test_there_is_no_word_without_a_unit() -> None:
    with pytest.raises(IndexError):
        word_of(Sentence("s", "가요.", "ko"), 2)


class Recorded(ReferenceLibrary):
    """A library whose references are a teacher's: without the times that espeak-ng gives."""

    def reference(self, sentence: Sentence, engine: str | None = None) -> Reference:
        found = super().reference(sentence, engine)
        info = replace(found.info, engine="recording")
        return replace(found, info=info, key=found.key[::-1], units=(), phones=())


@pytest.mark.parametrize("recorded", [False, True])
@pytest.mark.parametrize(
    ("sentence", "number", "first", "within"),
    [
        (Sentence("s", "우리 엄마 봤어요?", "ko"), 3, "half", "closed"),
        (Sentence("s", "I think so.", "en"), 1, "between", "spread"),
    ],
)
def test_a_word_of_the_slow_example(
    sentence: Sentence, number: int, first: str, within: str, recorded: bool
) -> None:
    library = default_library(Paths.default(), Settings())
    if recorded:
        library.__class__ = Recorded
    engine = PracticeEngine(library, load_bundle(Paths.default().models_dir / "aligned-2").scorer)
    word = word_of(sentence, number)
    spoken = word_in_example(engine, word)
    whole_s = engine.slow_reference(sentence).duration_s
    assert 0.3 < spoken.clip.duration_s < 0.75 * whole_s
    assert len(spoken.times_s) == word.last - word.first + 1
    assert spoken.moves[0].viseme == first
    assert within in [move.viseme for move in spoken.moves]
    starts = [move.start_s for move in spoken.moves]
    assert starts == sorted(starts)
    assert 0.0 <= starts[0] < starts[-1] <= spoken.clip.duration_s
    middle_s = sum(spoken.times_s[-1]) / 2
    assert spoken.unit_at(middle_s) == len(spoken.times_s) - 1
    assert spoken.unit_at(-0.01) is None


def test_a_word_of_a_take() -> None:
    clip = AudioClip.from_array(np.zeros(32_000, np.float32), 16_000)
    spans = (Span(0.0, 0.5), Span(0.5, 0.8), Span(0.8, 1.2), Span(1.2, 1.2))
    nothing = np.zeros(0, np.float32)
    look = CloserLook(clip, clip, spans, spans, nothing, nothing, nothing, None, None)
    sentence = Sentence("s", "나 가요 아", "ko")
    found = word_in_take(look, word_of(sentence, 1))
    assert found is not None
    assert found.clip.duration_s == pytest.approx(0.7 + 2 * 0.08)
    assert found.times_s[0] == pytest.approx((0.08, 0.38))
    assert found.unit_at(0.5) == 1
    assert word_in_take(look, word_of(sentence, 3)) is None, "it was left out"


@pytest.mark.parametrize(
    ("phones", "found"),
    [
        ([("ㄷ", 20.0, "ㄸ")], ("ㄷ", "ㄸ")),
        ([("ㄷ", 90.0, "ㄸ")], None),
        ([("ㄷ", 20.0, "")], None),
        ([("ㄷ", 20.0, None)], None),
        ([("ㄷ", 20.0, "ㅎ"), ("ㅓ", 40.0, "ㅗ")], ("ㅓ", "ㅗ")),
    ],
)
def test_sounds_to_tell_apart(
    phones: list[tuple[str, float, str | None]], found: tuple[str, str] | None
) -> None:
    unit = UnitScore("더", 0.0, 0.2, 20.0, phones=tuple(PhoneScore(*one) for one in phones))
    assert named_pair("ko", unit) == found
