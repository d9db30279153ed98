"""Words and phones of a take, from features made up here."""

from __future__ import annotations

import numpy as np

from pronounce_kiosk.language.phones import ENGLISH_PHONES, phone_line
from pronounce_kiosk.scoring.acoustic.conformer import BOTTLENECK, PHONES
from pronounce_kiosk.scoring.english.alignment import PhonePlaces
from pronounce_kiosk.scoring.english.features import (
    ORDER_FEATURES,
    PHONE_FEATURES,
    TAKE_FEATURES,
    Features,
)
from pronounce_kiosk.scoring.english.units import WRONG_PHONE, assess_units, phone_scores

LINE = phone_line("en", [("TH", 0), ("IH", 0), ("N", 1), ("Z", 1)])


def _index(name: str) -> int:
    return 1 + ENGLISH_PHONES.index(name)


def _features(
    said: list[str], frames: float = 1.0, references: list[str] | None = None
) -> Features:
    """A take in which those phones are heard, "" for none, beside references that say the text."""

    def posteriors(names: list[str]) -> np.ndarray:
        rows = np.full((len(names), PHONES), np.log(1e-4), np.float32)
        for row, name in enumerate(names):
            if name:
                rows[row, _index(name)] = np.log(0.9)
        return rows

    ours = posteriors(said)
    right = posteriors(references or ["TH", "IH", "N", "Z"])
    phones = np.zeros((4, len(PHONE_FEATURES)), np.float32)
    own = ours[np.arange(4), LINE.indices]
    others = ours.copy()
    others[np.arange(4), LINE.indices] = -np.inf
    phones[:, PHONE_FEATURES.index("own")] = own
    phones[:, PHONE_FEATURES.index("rival")] = others.max(axis=1)
    phones[:, PHONE_FEATURES.index("phone_mass")] = [np.log(frames if one else 0.1) for one in said]
    places = PhonePlaces(
        np.array([2, 6, 20, 24]), np.array([3, 6, 21, 25]), np.array([0, 5, 13, 23, 31]), -1.0
    )
    vectors = np.zeros((4, BOTTLENECK), np.float32)
    take, order = (np.zeros(len(names), np.float32) for names in (TAKE_FEATURES, ORDER_FEATURES))
    return Features(places, ours, vectors, ours - right, vectors, phones, take, order)


def test_right_phones_score_high_and_none_is_wrong() -> None:
    scores, wrong = phone_scores(_features(["TH", "IH", "N", "Z"]), LINE)
    assert not wrong.any()
    assert min(one.score for one in scores) > 95.0


def test_another_phone_keeps_its_word_from_green() -> None:
    first, second = assess_units(_features(["M", "IH", "N", "Z"]), LINE, [92.0, 91.0])
    assert first.phones[0].score < 10.0
    assert first.score == WRONG_PHONE < 80.0
    assert second.score == 91.0


def test_a_phone_that_natives_say_too_is_not_wrong() -> None:
    """Devoicing at a word's end."""
    _, wrong = phone_scores(_features(["TH", "IH", "N", "S"]), LINE)
    assert not wrong.any()


def test_a_phone_that_the_references_hold_too_is_not_wrong() -> None:
    _, wrong = phone_scores(
        _features(["M", "IH", "N", "Z"], references=["M", "IH", "N", "Z"]), LINE
    )
    assert not wrong.any()


def test_a_word_without_its_phones_was_left_out() -> None:
    first, second = assess_units(_features(["TH", "IH", "", ""]), LINE, [92.0, 70.0])
    assert first.said
    assert not second.said
    assert second.score == 0.0
    assert [one.heard for one in second.phones] == ["", ""]


def test_words_end_soon_after_their_last_phone_beside_a_pause() -> None:
    first, second = assess_units(_features(["TH", "IH", "N", "Z"]), LINE, [92.0, 91.0])
    assert 0.0 <= first.start_s < 0.06
    assert first.end_s == 13 * 0.02
    assert second.start_s == 16 * 0.02
