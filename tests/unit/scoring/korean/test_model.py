"""The Korean model from clip to assessment, with the shipped weights."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.core.errors import ReferenceFailedError
from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.scoring.frontend import clean_reference, clean_take
from pronounce_kiosk.scoring.korean.model import KoreanModel, PreparedKorean
from pronounce_kiosk.scoring.korean.scale import KoreanScale
from pronounce_kiosk.training.aligned.bundle import KNOTS

Say = Callable[..., AudioClip]
SENTENCE = Sentence("", "물 한 잔 주세요", "ko")
RATE = 16_000
SCALE = KoreanScale.from_table(KNOTS)


@pytest.fixture(scope="module")
def prepared(korean_model: KoreanModel, say: Say) -> PreparedKorean:
    return korean_model.prepare(SENTENCE, clean_reference(say(SENTENCE, "")))[0]


def test_prepared_data_survive_as_arrays(
    korean_model: KoreanModel, prepared: PreparedKorean, say: Say
) -> None:
    again = PreparedKorean.from_arrays(SENTENCE, prepared.to_arrays())
    assert again.phones == prepared.phones
    heard = korean_model.hear(clean_take(say(SENTENCE)))
    assert korean_model.assess(heard, again, SCALE) == korean_model.assess(heard, prepared, SCALE)


def test_a_take_s_units_lie_one_after_another(
    korean_model: KoreanModel, prepared: PreparedKorean, say: Say
) -> None:
    take = clean_take(say(SENTENCE))
    found = korean_model.assess(korean_model.hear(take), prepared, SCALE)
    assert found.accepted
    assert [unit.index for unit in found.units] == list(range(6))
    times = [time for unit in found.units for time in (unit.start_s, unit.end_s)]
    assert times == sorted(times)
    assert times[0] >= 0.0
    assert times[-1] <= take.clip.duration_s + 0.05
    for value in (found.accuracy, found.fluency, found.prosody):
        assert value is not None
        assert 0.0 <= value <= 100.0


def test_the_sentence_said_is_the_likelier_one(
    korean_model: KoreanModel, prepared: PreparedKorean, say: Say
) -> None:
    other = Sentence("", "지금 몇 시예요", "ko")
    beside = korean_model.prepare(other, clean_reference(say(other, "")))[0]
    heard = korean_model.hear(clean_take(say(SENTENCE)))
    fits = [korean_model.log_likelihood_of(heard, one) for one in (prepared, beside)]
    assert fits[0] > fits[1]


def test_a_refused_take_has_no_numbers(
    korean_model: KoreanModel, prepared: PreparedKorean, say: Say
) -> None:
    other = clean_take(say(Sentence("", "지금 몇 시예요", "ko")))
    found = korean_model.assess(korean_model.hear(other), prepared, SCALE)
    assert not found.accepted
    assert (found.accuracy, found.fluency, found.prosody, found.units) == (None, None, None, ())


@pytest.mark.parametrize(
    ("text", "size", "words"), [("…", RATE, "nothing to say"), ("물 한 잔", 400, "too short")]
)
def test_what_cannot_be_prepared_is_one_sentence_of_error(
    korean_model: KoreanModel, text: str, size: int, words: str
) -> None:
    reference = clean_reference(AudioClip.from_array(np.zeros(size, np.float32), RATE))
    with pytest.raises(ReferenceFailedError, match=words) as caught:
        korean_model.prepare(Sentence("", text, "ko"), reference)
    assert "\n" not in caught.value.message
