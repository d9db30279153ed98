"""The judge by hand: weights that can be worked out, and what may not touch what."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from pronounce_kiosk.language.phones import PHONE_SETS, PhoneLine
from pronounce_kiosk.scoring.alignment import PhoneSpans
from pronounce_kiosk.scoring.first.aligned import AlignedScorer
from pronounce_kiosk.scoring.first.aligned_encoder import COMPARED
from pronounce_kiosk.scoring.first.aligned_evidence import PHONE_FEATURES, Evidence
from pronounce_kiosk.scoring.first.aligned_judge import (
    AT_THRESHOLD,
    FADE_POWER,
    KNOTS,
    TAKE_FEATURES,
    TOO_SHORT,
    UNIT_FEATURES,
    Judge,
    trust,
    unit_vectors,
)

LINE = PhoneLine("ko", (3, 20, 4, 21, 41), (0, 0, 2, 2, 2))


def evidence(take: float = 0.0, phones: np.ndarray | None = None) -> Evidence:
    spans = PhoneSpans(np.arange(5), np.arange(1, 6), -3.0)
    if phones is None:
        phones = np.zeros((5, len(PHONE_FEATURES)), np.float32)
    heard = np.zeros((5, 1 + len(PHONE_SETS["ko"])), np.float32)
    vectors = np.eye(5, COMPARED, dtype=np.float32)
    numbers = dict.fromkeys(TAKE_FEATURES, take)
    return Evidence(phones, spans, numbers, heard, heard, vectors, vectors)


@pytest.fixture
def judge() -> Judge:
    """Raw aspects 8, 6, 4 of 10 for everything; the gate says 0.25 for Korean."""
    judge = Judge(2)
    knots = torch.linspace(0.0, 10.0, KNOTS)
    judge.get_buffer("bias").copy_(torch.tensor([8.0, 6.0, 4.0]))
    judge.get_buffer("aspect_from_ko").copy_(knots.expand(3, -1))
    judge.get_buffer("aspect_to_ko").copy_(knots.expand(3, -1) / 10.0)
    judge.get_buffer("gate_ko")[-1] = 0.25
    return judge


@pytest.fixture(scope="module")
def trained(scorer: AlignedScorer) -> Judge:
    return scorer._model.judge


@pytest.mark.parametrize(("language", "share"), [("ko", 0.25), ("en", 0.7 + 0.3 * 0.5)])
def test_aspects_trust_and_total(judge: Judge, language: str, share: float) -> None:
    said = judge.judge([evidence()], LINE).trusted(language)
    assert said.same_sentence
    assert said.similarity == pytest.approx(0.25)
    aspects = (said.accuracy, said.fluency, said.prosody)
    assert aspects == pytest.approx((80 * share, 60 * share, 40 * share))
    assert said.total == pytest.approx((0.8 * 80 + 0.1 * 60 + 0.1 * 40) * share)
    assert sorted(said.units) == [0, 2]


def test_encoders_are_averaged(judge: Judge) -> None:
    judge.get_buffer("gate_ko")[0] = 1.0
    said = judge.judge([evidence(1.0), evidence(2.0)], LINE)
    assert said.similarity == pytest.approx(1.5 + 0.25)


def test_the_gate_says_no_at_its_threshold(judge: Judge) -> None:
    judge.get_buffer("gate_ko")[-1] = 0.0
    assert not judge.judge([evidence()], LINE).same_sentence


def test_what_one_straight_line_cannot_refuse_hidden_units_do() -> None:
    judge = Judge(2, gate_hidden=2)
    judge.get_buffer("gate_ko")[-1] = 1.0
    into, out = judge.get_buffer("gate_in_ko"), judge.get_buffer("gate_out_ko")
    into[0, 0], into[0, -1] = 1.0, -1.0
    into[1, 0], into[1, -1] = -1.0, -1.0
    out[:] = torch.tensor([-2.0, -3.0])
    point = np.zeros(len(TAKE_FEATURES))
    found = []
    for value in (-2.0, -1.0, 0.0, 1.0, 2.0):
        point[0] = value
        found.append(judge.gate(point, "ko"))
    assert found == pytest.approx([-2.0, 1.0, 1.0, 1.0, -1.0])
    assert judge.gate(point, "en") == 0.0


def test_no_evidence_weighs_more_than_five_deviations(judge: Judge) -> None:
    assert np.abs(judge.standardised(np.full(len(TAKE_FEATURES), 1e9))).max() == 5.0
    assert np.abs(judge.standardised(np.full(len(TAKE_FEATURES), -1e9))).max() == 5.0


def test_the_kernel_machine_is_a_sum_of_bells(judge: Judge) -> None:
    random = np.random.default_rng(0)
    vectors = random.standard_normal((2, len(TAKE_FEATURES))).astype(np.float32)
    weights = random.standard_normal((2, 3)).astype(np.float32)
    judge.get_buffer("vectors").copy_(torch.from_numpy(vectors))
    judge.get_buffer("weights").copy_(torch.from_numpy(weights))
    judge.get_buffer("width").fill_(0.01)
    point = random.standard_normal(len(TAKE_FEATURES))
    bells = [np.exp(-0.01 * np.square(point - vector).sum()) for vector in vectors]
    wanted = np.array([8.0, 6.0, 4.0]) + np.array(bells) @ weights
    np.testing.assert_allclose(judge.raw_aspects(point[None])[0], wanted, rtol=1e-5)


@pytest.mark.parametrize(("length", "whole"), [(0.5, False), (0.59, False), (0.61, True)])
def test_half_as_long_is_not_the_sentence(judge: Judge, length: float, whole: bool) -> None:
    one = evidence()
    short = replace(one, take={**one.take, "length_against": float(np.log(length))})
    said = judge.judge([short], LINE)
    assert said.same_sentence is whole
    assert said.similarity == (pytest.approx(0.25) if whole else TOO_SHORT)


def test_doubt_is_taken_off_before_it_is_believed(judge: Judge) -> None:
    sure = judge.judge([evidence()], LINE)
    doubted = sure.trusted("en", 0.1)
    assert doubted.similarity == pytest.approx(0.15)
    assert doubted.total == pytest.approx(sure.total * (0.7 + 0.3 * 0.3))
    assert doubted.units == sure.units
    fading = sure.trusted("en", 0.2)
    assert fading.total == pytest.approx(sure.total * (0.7 + 0.3 * 0.1) * (0.05 / 0.2) ** 2)
    refused = sure.trusted("en", 0.25)
    assert not refused.same_sentence
    assert refused.total == refused.accuracy == refused.fluency == refused.prosody == 0.0


def trust_of(similarity: float, doubt: float, language: str) -> float:
    return float(trust(np.array(similarity), np.array(doubt), language))


@pytest.mark.parametrize("language", AT_THRESHOLD)
@given(st.floats(-3, 3), st.floats(-3, 3))
def test_trust_never_falls(language: str, a: float, b: float) -> None:
    low, high = sorted((a, b))
    least = AT_THRESHOLD[language]
    assert least <= trust_of(low, 0.0, language) <= trust_of(high, 0.0, language) <= 1.0
    assert trust_of(0.0, 0.0, language) == least
    assert trust_of(0.5, 0.0, language) == 1.0


def test_a_korean_take_that_hardly_fits_has_hardly_a_score() -> None:
    assert trust_of(0.25, 0.0, "ko") == pytest.approx(0.25)
    assert trust_of(0.25, 0.0, "en") == pytest.approx(0.85)


@pytest.mark.parametrize("language", AT_THRESHOLD)
@given(st.floats(0, 3), st.floats(0.01, 3), st.floats(0, 0.01))
def test_doubt_only_takes_and_by_small_steps(
    language: str, similarity: float, doubt: float, more: float
) -> None:
    share = trust_of(similarity, doubt, language)
    assert 0.0 <= trust_of(similarity, doubt + more, language) <= share
    assert share <= trust_of(similarity, 0.0, language)
    above = trust_of(similarity + more, doubt, language)
    assert share <= above <= share + more * (2.0 * FADE_POWER[language] + 2.0 / doubt) + 1e-9
    if similarity <= doubt:
        assert share == 0.0


def said_like(seed: int, bad: int | None = None, language: str = "ko") -> list[Evidence]:
    """Two ears' evidence on five syllables said nearly as the references have them, one other."""
    random = np.random.default_rng(seed)
    wanted = unit_length(random.standard_normal((2, 10, COMPARED)))
    other = unit_length(random.standard_normal((2, 2, COMPARED)))
    apart = random.standard_normal((2, 10, COMPARED))
    phones = random.normal(-0.2, 0.1, (10, len(PHONE_FEATURES))).astype(np.float32)
    if bad is not None:
        wanted_there = wanted.copy()
        wanted_there[:, 2 * bad : 2 * bad + 2] = other
        phones[2 * bad : 2 * bad + 2] = -6.0
    else:
        wanted_there = wanted
    vectors = unit_length(wanted_there + 0.02 * apart)
    spans = PhoneSpans(np.arange(10), np.arange(1, 11), -3.0)
    heard = np.zeros((10, 1 + len(PHONE_SETS[language])), np.float32)
    numbers = dict.fromkeys(TAKE_FEATURES, 0.0)
    return [
        Evidence(phones, spans, numbers, heard, heard, mine, theirs)
        for mine, theirs in zip(vectors, wanted, strict=True)
    ]


def unit_length(vectors: np.ndarray) -> np.ndarray:
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return (vectors / lengths).astype(np.float32)


FIVE = PhoneLine("ko", (3, 20, 4, 21, 5, 22, 6, 23, 7, 24), (0, 0, 1, 1, 2, 2, 3, 3, 4, 4))


@pytest.mark.parametrize("bad", range(5))
def test_one_bad_syllable_hardly_moves_the_others(trained: Judge, bad: int) -> None:
    before = trained.syllables(said_like(1), FIVE)
    after = trained.syllables(said_like(1, bad), FIVE)
    assert after[bad] < before[bad] - 20.0
    for unit in set(range(5)) - {bad}:
        assert abs(after[unit] - before[unit]) < 3.0
    assert all(0.0 <= points <= 100.0 for points in after.values())


def test_a_person_s_recording_has_a_stricter_scale_of_its_own(trained: Judge) -> None:
    evidence = said_like(2, 3)
    plain = trained.syllables(evidence, FIVE)
    person = trained.syllables(evidence, FIVE, by_person=True)
    assert all(person[unit] <= plain[unit] for unit in plain)
    assert min(person.values()) < min(plain.values()) or min(plain.values()) == 0.0


def test_words_do_not_look_at_who_spoke_the_reference(trained: Judge) -> None:
    english = PhoneLine("en", FIVE.indices, FIVE.units)
    evidence = said_like(3, 1, "en")
    plain = trained.judge(evidence, english).units
    assert plain == trained.judge(evidence, english, by_person=True).units
    assert sorted(plain) == [0, 1, 2, 3, 4]


def test_unit_vectors_are_finite_whatever_the_phones_say() -> None:
    phones = np.full((5, len(PHONE_FEATURES)), 1e6, np.float32)
    vectors, units = unit_vectors(phones, LINE)
    assert vectors.shape == (2, UNIT_FEATURES)
    assert units.tolist() == [0, 2]
    assert np.abs(vectors).max() <= 6.0


@pytest.mark.parametrize("language", ["en", "ko"])
def test_the_bundle_s_scales_never_fall(trained: Judge, language: str) -> None:
    for kind in ("aspect", "unit"):
        source = trained.get_buffer(f"{kind}_from_{language}").numpy()
        target = trained.get_buffer(f"{kind}_to_{language}").numpy()
        assert (np.diff(source) > 0).all()
        assert (np.diff(target) >= 0).all()
        assert target.min() >= 0.0
        assert target.max() <= 1.0
