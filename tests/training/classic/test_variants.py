"""The classic recipe's variants: images, pairs, and a run that goes on where it was cut off."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.audio.mel import MelParameters, grayscale_mel
from pronounce_kiosk.core.errors import TrainingError
from pronounce_kiosk.references.espeak_library import EspeakLibrary
from pronounce_kiosk.scoring.classic.network import fixed_size
from pronounce_kiosk.training.classic import variants as classic_variants
from pronounce_kiosk.training.classic.variants import (
    COLUMN_S,
    REFERENCE_ORDER,
    TAKE_ORDER,
    WIDTH,
    Picture,
    Plan,
    Pool,
    Variant,
    changed_clip,
    choose_takes,
    draw_pairs,
    filtered,
    level_of,
    network,
    ordered,
    picture_of,
    train_variants,
)
from pronounce_kiosk.training.data.corpus import read_corpus

PLAN = Plan(good=8, takes_a_speaker=2, changed_a_speaker=1)


@pytest.fixture(scope="module")
def speech() -> AudioClip:
    spoken = EspeakLibrary().speak("she sells old books", "en-us")
    clip = AudioClip.from_array(spoken.samples, spoken.sample_rate_hz).resampled(16_000)
    noise = 1e-3 * np.random.default_rng(0).standard_normal(len(clip.samples) + 24_000)
    samples = np.pad(0.5 * clip.samples / clip.peak, 12_000) + noise
    return AudioClip.from_array(samples.astype(np.float32), 16_000)


@pytest.fixture(scope="module")
def pool(small_corpus: Path) -> Pool:
    return choose_takes(read_corpus(small_corpus), PLAN)


def test_nobody_is_on_both_sides(pool: Pool) -> None:
    taught = {pool.takes[row].speaker for row in (*pool.good, *pool.bad)}
    tested = [pool.takes[row].speaker for row in pool.test]
    assert taught.isdisjoint(tested)
    assert {tested.count(name) for name in set(tested)} == {2}
    assert len(pool.changed) == len(set(tested))
    assert all(pool.takes[row].human("total") >= 7.5 for row in pool.good)
    assert all(pool.takes[row].human("total") <= 5.5 for row in pool.bad)
    for row, wrong in zip(pool.test, pool.wrong, strict=True):
        assert wrong in pool.test
        assert pool.takes[row].sentence.text != pool.takes[wrong].sentence.text


def test_pairs_are_halves_and_fewer_are_the_first_of_more(pool: Pool) -> None:
    many = draw_pairs(pool, Variant("many", pairs=16), 3)
    few = draw_pairs(pool, Variant("few", pairs=8), 3)
    same = many[:, 2] > 0
    assert same.sum() == 8
    assert len(many) == 16
    assert (many[same, 0] == many[same, 1]).all()
    assert set(many[same, 0]) <= set(pool.good)
    own = many[:, 0] == many[:, 1]
    assert set(many[~same & own, 0]) <= set(pool.bad)
    assert (~same & own).sum() == 4
    for left, right, _ in many[~own]:
        assert pool.takes[left].sentence.text != pool.takes[right].sentence.text
    assert set(map(tuple, few)) <= set(map(tuple, many))
    assert not set(many[:, 1]) & set(pool.test)
    synthetic = draw_pairs(pool, Variant("tts", pairs=16, positives="tts"), 3)
    assert (synthetic[same, 0] - len(pool.takes) == synthetic[same, 1]).all()
    assert (synthetic[~same] == many[~same]).all()


def test_the_plain_picture_is_the_pipelines(speech: AudioClip) -> None:
    expected = fixed_size(grayscale_mel(speech, MelParameters()), 64, WIDTH)
    assert np.array_equal(picture_of(speech, -20.0, Picture()), expected.astype(np.float16))


def test_what_is_not_normalised_knows_loudness(speech: AudioClip) -> None:
    scale = Picture(per_clip=False)
    loud, quiet = (picture_of(speech, level, scale) for level in (-10.0, -30.0))
    gap = loud.astype(float) - quiet.astype(float)
    # Where neither it nor what it was stretched from is black.
    assert np.median(gap[quiet > 0]) == pytest.approx(20.0 / 80.0, abs=2e-3)
    assert gap.min() >= 0.0
    assert gap.max() < 20.0 / 80.0 + 2e-3
    assert np.array_equal(
        picture_of(speech, -10.0, Picture()), picture_of(speech, -30.0, Picture())
    )


def test_what_is_not_stretched_keeps_time(speech: AudioClip) -> None:
    kept = Picture(stretched=False)
    doubled = AudioClip.from_array(np.tile(speech.samples, 2), 16_000)
    once, twice = (picture_of(clip, 0.0, kept).astype(float) for clip in (speech, doubled))
    columns = int(speech.duration_s / COLUMN_S)
    assert (once[:, columns + 2 :] == 0).all()
    assert once[:, : columns - 2] == pytest.approx(twice[:, : columns - 2], abs=0.01)
    assert twice[:, columns + 2 : columns + 6].max() > 0
    long = AudioClip.from_array(np.tile(speech.samples, 9), 16_000)
    assert picture_of(long, 0.0, kept).shape == (64, WIDTH)


def test_smoothing_and_filters_do_what_they_are_called(speech: AudioClip) -> None:
    plain, smooth = (
        picture_of(speech, 0.0, Picture(smooth=flag)).astype(float) for flag in (False, True)
    )
    assert np.abs(np.diff(smooth, axis=0)).mean() < 0.8 * np.abs(np.diff(plain, axis=0)).mean()
    time_s = np.arange(16_000) / 16_000
    low, high = (
        AudioClip.from_array(np.sin(2 * np.pi * hz * time_s).astype(np.float32), 16_000)
        for hz in (200, 3200)
    )

    def gain(clip: AudioClip, name: str) -> float:
        return float(np.std(filtered(clip, name).samples[100:-100]) / np.std(clip.samples))

    assert gain(low, "moving average") > 0.98
    # Five samples are a whole period of it.
    assert gain(high, "moving average") < 0.01
    assert gain(low, "pre-emphasis") < 0.1 < 1.0 < gain(high, "pre-emphasis")
    assert filtered(low, "").samples.tolist() == low.samples.tolist()
    with pytest.raises(ValueError, match="warble"):
        filtered(low, "warble")


def test_orders_are_orders(speech: AudioClip) -> None:
    made = {order: ordered(speech, order) for order in (TAKE_ORDER, REFERENCE_ORDER, ("trim",), ())}
    assert made[()].duration_s == speech.duration_s
    assert made[("trim",)].duration_s < speech.duration_s - 0.8
    both = made[TAKE_ORDER], made[REFERENCE_ORDER]
    assert len(both[0].samples) != len(both[1].samples) or not np.allclose(
        both[0].samples, both[1].samples
    )
    silence = AudioClip.from_array(np.zeros(8000, np.float32), 16_000)
    assert len(ordered(silence, TAKE_ORDER).samples) == 8000


def test_changes_change_what_they_are_called(speech: AudioClip) -> None:
    quiet, loud, clean, noisy = (
        changed_clip(speech, how, 1) for how in ("quiet", "loud", "clean", "noisy")
    )
    assert loud.peak == pytest.approx(10 * quiet.peak, rel=1e-3)
    assert loud.peak < 1.0
    assert quiet.samples * 10 == pytest.approx(loud.samples, abs=11 / 32767)
    assert level_of(loud) - level_of(quiet) == pytest.approx(20.0, abs=0.1)
    assert np.array_equal(clean.samples, loud.samples)
    scale = np.dot(noisy.samples, clean.samples) / np.dot(clean.samples, clean.samples)
    rest = noisy.samples - scale * clean.samples
    snr_db = 10 * np.log10(np.mean((scale * clean.samples) ** 2) / np.mean(rest**2))
    assert snr_db == pytest.approx(10.0, abs=0.3)
    assert not np.array_equal(noisy.samples, changed_clip(speech, "noisy", 2).samples)


def test_networks_take_colours_and_widths() -> None:
    import torch

    for channels, width in ((1, 128), (3, 64)):
        assert network(channels, width)(torch.zeros(2, channels, 64, width)).shape == (2, 64)


def test_a_run_goes_on_where_it_was_cut_off(
    small_corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus = read_corpus(small_corpus)
    plain = Variant("plain", pairs=16, epochs=1)
    colour = Variant("colour", colour=True, pairs=16, epochs=1)
    train = (corpus, [plain], {"plain": 1}, tmp_path / "work", PLAN, 1)
    _, first = train_variants(*train)
    scores = first["plain"][0]
    assert scores.right.shape == scores.wrong.shape == (len(choose_takes(corpus, PLAN).test),)
    assert ((scores.right >= 0) & (scores.right <= 100)).all()

    done: list[str] = []
    real = classic_variants.train_variant
    monkeypatch.setattr(
        classic_variants,
        "train_variant",
        lambda variant, *rest: (done.append(variant.name), real(variant, *rest))[1],
    )
    monkeypatch.setattr(
        classic_variants, "_image_job", lambda job: pytest.fail("images were made before")
    )
    renamed = Variant("called otherwise", pairs=16, epochs=1)
    _, second = train_variants(
        corpus, [renamed, colour], {renamed.name: 2, "colour": 1}, tmp_path / "work", PLAN, 1
    )
    assert done == ["colour", renamed.name]
    assert np.array_equal(second[renamed.name][0].right, scores.right)
    assert not np.array_equal(second[renamed.name][1].right, scores.right)

    with pytest.raises(TrainingError, match="another corpus or plan"):
        train_variants(corpus, [plain], {"plain": 1}, tmp_path / "work", Plan(good=9), 1)
