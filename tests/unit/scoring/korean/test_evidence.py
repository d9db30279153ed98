"""Evidence on phones where it is known what was said."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.scoring.acoustic.korean import COLUMN, PHONES
from pronounce_kiosk.scoring.korean.evidence import (
    MOST_UNSURE,
    PhoneEvidence,
    blended,
    disagreement,
    gather,
    merged_posteriors,
    phone_name,
)
from pronounce_kiosk.scoring.korean.phones import sentence_phones

Hear = Callable[..., NDArray[np.float64]]


def evidence(text: str, posteriors: NDArray[np.float64]) -> PhoneEvidence:
    found = gather(posteriors, sentence_phones(Sentence("", text, "ko")))
    assert found is not None
    return found


def test_what_is_said_right_is_supported(hear: Hear) -> None:
    found = evidence("달 바다", hear(["ㄷ", "ㅏ", "ㄹ_", "", "ㅂ", "ㅏ", "ㄷ", "ㅏ"]))
    assert found.alignment.starts.tolist() == [1, 4, 7, 13, 16, 19, 22]
    assert (found.support > -0.5).all()
    assert (found.mass > 2.5).all()
    assert (found.added[np.isfinite(found.added)] > 1.0).all()


@pytest.mark.parametrize(
    ("text", "said", "place"),
    [
        ("달", ["ㅌ", "ㅏ", "ㄹ_"], 0),
        ("달", ["ㄷ", "ㅓ", "ㄹ_"], 1),
        ("달", ["ㄷ", "ㅏ", "ㄴ_"], 2),
        ("가방", ["ㄱ", "ㅏ", "ㅃ", "ㅏ", "ㅇ_"], 2),
    ],
)
def test_an_exchanged_sound_is_found_and_named(
    hear: Hear, text: str, said: list[str], place: int
) -> None:
    found = evidence(text, hear(said))
    assert found.support[place] < -6.0
    assert (np.delete(found.support, place) > -2.0).all()
    assert phone_name(int(found.rival[place])) == said[place]
    assert found.rival_mass[place] > 1.5 > found.mass[place]


def test_a_coda_left_out_is_not_supported(hear: Hear) -> None:
    found = evidence("달", hear(["ㄷ", "ㅏ", "ㅏ"]))
    assert found.support[2] < -4.0
    assert found.mass[2] < 0.3


def test_an_added_coda_is_found_and_named(hear: Hear) -> None:
    found = evidence("다리", hear(["ㄷ", "ㅏ", "ㅇ_", "ㄹ", "ㅣ"]))
    assert found.added[1] < 0.0
    assert phone_name(int(found.added_coda[1])) == "ㅇ_"
    assert evidence("다리", hear(["ㄷ", "ㅏ", "ㄹ", "ㅣ"])).added[1] > 1.0


def test_no_added_coda_is_looked_for_where_there_is_one(hear: Hear) -> None:
    found = evidence("달", hear(["ㄷ", "ㅏ", "ㄹ_"]))
    assert np.isinf(found.added).all()


def test_an_assimilated_coda_is_no_fault(hear: Hear) -> None:
    assert evidence("한국", hear(["ㅎ", "ㅏ", "ㅇ_", "ㄱ", "ㅜ", "ㄱ_"])).support[2] > -1.0


def test_merged_vowels_are_one_vowel(hear: Hear) -> None:
    assert evidence("개", hear(["ㄱ", "ㅔ"])).support[1] > -0.5


def test_merging_shares_the_posterior() -> None:
    posteriors = np.zeros((1, 1 + len(PHONES)), np.float32)
    posteriors[0, [COLUMN["ㅐ"], COLUMN["ㅔ"], COLUMN["ㅏ"]]] = 0.25, 0.5, 0.25
    merged = merged_posteriors(posteriors)
    assert merged[0, COLUMN["ㅐ"]] == merged[0, COLUMN["ㅔ"]] == pytest.approx(0.75)
    assert merged[0, COLUMN["ㅏ"]] == pytest.approx(0.25)
    assert posteriors[0, COLUMN["ㅐ"]] == 0.25


def test_a_clip_shorter_than_the_sentence_has_no_evidence(hear: Hear) -> None:
    phones = sentence_phones(Sentence("", "안녕하세요", "ko"))
    assert gather(hear(["ㅏ"], frames=1), phones) is None


def test_evidence_of_silence_is_finite(hear: Hear) -> None:
    found = evidence("안녕하세요", hear([""] * 12))
    assert np.isfinite(found.support).all()
    assert (found.support < 0.0).mean() > 0.7


def test_the_view_that_fits_the_sentence_counts_for_most(hear: Hear) -> None:
    phones = sentence_phones(Sentence("", "바다", "ko"))
    right, wrong = hear(["ㅂ", "ㅏ", "ㄷ", "ㅏ"]), hear(["ㅍ", "ㅓ", "ㅌ", "ㅓ"])
    found = blended([wrong, right], phones)
    np.testing.assert_allclose(found.sum(1), (right.sum(1) + wrong.sum(1)) / 2.0, atol=0.5)
    assert np.abs(found - right).max() < 0.1 < np.abs(found - wrong).max()
    np.testing.assert_allclose(blended([right, right], phones), right)
    assert blended([right], phones) is right
    short = [hear([], frames=1)] * 2
    assert blended(short, phones).shape == short[0].shape


def test_columns_have_names() -> None:
    assert phone_name(0) == ""
    assert phone_name(COLUMN["ㄲ"]) == "ㄲ"


def test_views_that_disagree_give_back_what_noise_takes(hear: Hear) -> None:
    raw, denoised = hear(["ㄷ", "ㅗ"]), hear(["ㄷ", "ㅏ"])
    assert disagreement([raw]) == disagreement([raw, raw]) == 0.0
    noise = disagreement([raw, denoised])
    assert 0.3 < noise < 0.7
    phones = sentence_phones(Sentence("", "다", "ko"))
    plain, noisy = gather(raw, phones), gather(raw, phones, noise)
    assert plain is not None
    assert noisy is not None
    assert 0.5 < float((noisy.support - plain.support).min()) <= MOST_UNSURE


def test_a_foreign_sound_inside_a_phone_counts_against_it(hear: Hear) -> None:
    right, intruded = hear(["ㅅ", "ㅣ", "ㅁ_"]), hear(["ㅅ", "ㅓ", "ㅣ", "ㅁ_"])
    before, after = evidence("심", right), evidence("심", intruded)
    assert after.support.min() < before.support.min() - 1.0
