"""Evidence: its small programmes against plain ones, and what must not change it."""

from __future__ import annotations

from itertools import groupby, product
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn import functional

from pronounce_kiosk.audio.clip import AudioClip, FloatArray
from pronounce_kiosk.audio.mel import MelParameters, grayscale_mel
from pronounce_kiosk.bundles.load import load_bundle
from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.language.phones import PhoneLine
from pronounce_kiosk.references.espeak import EspeakEngine
from pronounce_kiosk.references.espeak_library import EspeakLibrary
from pronounce_kiosk.scoring.first.aligned import AlignedScorer, sentence_line
from pronounce_kiosk.scoring.first.aligned_ear import Ears
from pronounce_kiosk.scoring.first.aligned_evidence import (
    FLOOR,
    PHONE_FEATURES,
    Against,
    Evidence,
    HeardReference,
    _ctc,
    _ctc_in_logarithms,
    _quantiles,
    _Varying,
    centred,
    ctc_per_phone,
    edits,
    gather,
    gather_each,
    greedy,
    hear_reference,
)
from pronounce_kiosk.scoring.first.aligned_judge import TAKE_FEATURES

BUNDLE = Path(__file__).resolve().parents[3] / "models" / "aligned-1"
SENTENCE = Sentence("", "오늘은 삼겹살을 먹었어요", "ko")


class Ear:
    """The bundle's first encoder with one sentence's references."""

    def __init__(self) -> None:
        scorer = load_bundle(BUNDLE).scorer
        assert isinstance(scorer, AlignedScorer)
        self._ears: Ears = scorer._ears
        plain = EspeakEngine(library=EspeakLibrary(fresh_process=False))
        said = [plain.render(SENTENCE), plain.with_variant("+f2").render(SENTENCE)]
        self.line: PhoneLine = sentence_line(SENTENCE, said)
        self.references: list[HeardReference] = []
        for reference in said:
            mel = grayscale_mel(reference.clip.resampled(16_000), MelParameters())
            heard = hear_reference(self._ears.hear(mel, "ko")[0], self.line)
            assert heard is not None
            self.references.append(heard)

    def evidence(self, mel: FloatArray) -> Evidence | None:
        return gather(self._ears.hear(mel, "ko")[0], self.line, self.references)


@pytest.fixture(scope="module")
def ear() -> Ear:
    return Ear()


def image(samples: FloatArray) -> FloatArray:
    return grayscale_mel(AudioClip.from_array(samples, 16_000), MelParameters())


def test_evidence_has_every_number_and_no_other(ear: Ear, take: AudioClip) -> None:
    evidence = ear.evidence(image(take.samples))
    assert evidence is not None
    assert sorted(evidence.take) == sorted(TAKE_FEATURES)
    assert evidence.phones.shape == (len(ear.line.indices), len(PHONE_FEATURES))
    assert evidence.phones.dtype == np.float32
    assert all(isinstance(value, float) for value in evidence.take.values())


def test_loudness_is_no_evidence(ear: Ear, take: AudioClip) -> None:
    plain, loud = ear.evidence(image(take.samples)), ear.evidence(image(take.samples * 10))
    assert plain is not None
    assert loud is not None
    np.testing.assert_allclose(loud.phones, plain.phones, atol=1e-3)
    for name in TAKE_FEATURES:
        assert loud.take[name] == pytest.approx(plain.take[name], abs=1e-3), name


def test_a_reference_against_itself_is_as_near_as_can_be(ear: Ear) -> None:
    own = ear.references[0]
    evidence = gather(own.heard, ear.line, ear.references[:1])
    assert evidence is not None
    exact = {
        "warp": 0.0, "warp_straight": 1.0, "warp_bend": 0.0, "relative_mean": 0.0,
        "distance_high": 0.0, "rate_against": 0.0, "length_against": 0.0, "stretch_spread": 0.0,
        "level_follows": 1.0, "lengths_follow": 1.0, "energy_std": 0.0,
    }  # fmt: skip
    for name, value in exact.items():
        assert evidence.take[name] == pytest.approx(value, abs=1e-5), name


@pytest.mark.parametrize("kind", ["noise", "silence", "constant"])
def test_what_is_no_speech_gives_finite_numbers(ear: Ear, kind: str) -> None:
    mel = {
        "noise": np.random.default_rng(0).random((64, 200), np.float32),
        "silence": np.zeros((64, 200), np.float32),
        "constant": np.full((64, 200), 0.7, np.float32),
    }[kind]
    evidence = ear.evidence(mel)
    assert evidence is not None
    assert np.isfinite(evidence.phones).all()
    assert np.isfinite(list(evidence.take.values())).all()


def test_half_a_take_lacks_phones(ear: Ear, take: AudioClip) -> None:
    whole = ear.evidence(image(take.samples))
    half = ear.evidence(image(take.samples[: len(take.samples) // 2]))
    assert whole is not None
    assert half is not None
    assert half.take["edits"] > whole.take["edits"] + 0.2
    assert half.take["ctc"] < whole.take["ctc"]


def test_several_ears_show_together_what_each_shows_alone(ear: Ear, take: AudioClip) -> None:
    mel = image(take.samples)
    heard = ear._ears.hear(mel, "ko")
    alone = [gather(one, ear.line, ear.references) for one in heard]
    together = gather_each(heard, Against(ear.line, [ear.references] * len(heard)))
    assert len(together) == len(alone) == 2
    for one, own in zip(together, alone, strict=True):
        assert own is not None
        assert one.take == pytest.approx(own.take, abs=1e-6)
        np.testing.assert_allclose(one.phones, own.phones, atol=1e-6)
        np.testing.assert_allclose(one.beside, own.beside, atol=1e-6)
        np.testing.assert_array_equal(one.spans.start, own.spans.start)


@given(st.integers(0, 1000), st.integers(1, 40), st.sampled_from([np.float32, np.float64]))
def test_quantiles_are_numpy_s_to_the_bit(seed: int, size: int, kind: type) -> None:
    values = np.random.default_rng(seed).standard_normal((2, 3, size)).astype(kind)
    shares = (0.1, 0.25, 0.5, 0.9)
    found = _quantiles(np.sort(values), shares)
    for share, value in zip(shares, found, strict=True):
        np.testing.assert_array_equal(value, np.quantile(values, share, axis=-1))


@given(st.integers(0, 1000), st.integers(3, 30))
def test_what_follows_is_pearson_s_r(seed: int, size: int) -> None:
    random = np.random.default_rng(seed)
    references, take = random.standard_normal((2, 3, size)), random.standard_normal((2, size))
    references[0, 0] = 1.0  # does not vary
    wanted = [
        np.mean([0.0 if one.std() == 0 else np.corrcoef(mine, one)[0, 1] for one in theirs])
        for mine, theirs in zip(take, references, strict=True)
    ]
    np.testing.assert_allclose(_Varying(references).follow(take), wanted, atol=1e-9)
    np.testing.assert_array_equal(_Varying(references).follow(np.ones((2, size))), 0.0)


def test_too_little_for_the_phones_or_no_reference_gives_nothing(ear: Ear) -> None:
    short = np.random.default_rng(0).random((64, 3 * (len(ear.line.indices) - 1)), np.float32)
    assert ear.evidence(short) is None
    assert gather(ear.references[0].heard, ear.line, []) is None


def test_centring_drops_what_all_frames_share() -> None:
    frames = np.random.default_rng(0).standard_normal((20, 6)).astype(np.float32)
    np.testing.assert_allclose(centred(frames + 5.0), centred(frames), atol=1e-5)
    np.testing.assert_allclose(np.linalg.norm(centred(frames), axis=1), 1.0, atol=1e-5)
    assert (centred(np.ones((4, 6), np.float32)) == 0).all()


def table(seed: int, frames: int, symbols: int = 4) -> FloatArray:
    random = np.random.default_rng(seed)
    return np.log(random.dirichlet(np.ones(symbols), frames)).astype(np.float32)


@given(
    st.integers(0, 10_000), st.integers(1, 5), st.lists(st.integers(1, 3), min_size=1, max_size=3)
)
def test_ctc_is_the_sum_over_every_way_to_say_the_phones(
    seed: int, frames: int, phones: list[int]
) -> None:
    logs = table(seed, frames)
    ways = [
        sum(float(logs[t, symbol]) for t, symbol in enumerate(path))
        for path in product(range(4), repeat=frames)
        if [symbol for symbol, _ in groupby(path) if symbol] == phones
    ]
    wanted = 2 * FLOOR
    if ways:
        wanted = max(wanted, float(np.logaddexp.reduce(ways)) / len(phones))
    assert ctc_per_phone(logs[None], phones)[0] == pytest.approx(wanted, abs=1e-5)


def test_ctc_is_torch_s() -> None:
    logs = np.stack([table(seed, 80, 40) for seed in (5, 6)])
    phones = [int(phone) for phone in np.random.default_rng(6).integers(1, 40, 25)]
    found = ctc_per_phone(logs, phones)
    for view, value in zip(logs, found, strict=True):
        loss = functional.ctc_loss(
            torch.from_numpy(view)[:, None],
            torch.tensor([phones]),
            torch.tensor([80]),
            torch.tensor([25]),
            reduction="sum",
        )
        assert value == pytest.approx(-float(loss) / 25, abs=1e-4)


@given(st.integers(0, 10_000), st.integers(1, 90), st.integers(1, 40), st.floats(0.1, 12.0))
def test_ctc_in_plain_numbers_is_ctc_in_logarithms_or_says_that_it_cannot(
    seed: int, frames: int, count: int, spread: float
) -> None:
    random = np.random.default_rng(seed)
    raw = spread * random.standard_normal((2, frames, 6))
    logs = (raw - np.logaddexp.reduce(raw, axis=2)[:, :, None]).astype(np.float32)
    phones = random.integers(1, 6, count).tolist()
    plain, exact = _ctc(logs, phones), _ctc_in_logarithms(logs, phones)
    known = np.isfinite(plain)
    np.testing.assert_allclose(plain[known], exact[known], rtol=1e-9, atol=1e-9)
    assert known.all() or not np.isfinite(exact).all() or exact.min() < -400.0


def levenshtein(a: list[int], b: list[int]) -> int:
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, start=1):
        last, row[0] = row[0], i
        for j, y in enumerate(b, start=1):
            last, row[j] = row[j], min(last + (x != y), row[j] + 1, row[j - 1] + 1)
    return row[-1]


@given(
    st.lists(st.integers(1, 4), max_size=12),
    st.lists(st.integers(1, 4), min_size=1, max_size=12),
)
def test_edits_are_levenshtein_s(heard: list[int], wanted: list[int]) -> None:
    assert edits(heard, wanted) == levenshtein(heard, wanted)


def test_greedy_decoding_says_repeats_once() -> None:
    symbols = [0, 2, 2, 0, 2, 3, 3, 0]
    assert greedy(np.eye(4, dtype=np.float32)[symbols]) == [2, 2, 3]
    assert greedy(np.eye(4, dtype=np.float32)[[0, 0]]) == []
