"""What one voice is taught by: takes in rooms and noise, and the same backwards and over others."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import torch

from pronounce_kiosk.scoring.first.aligned_voice import DOUBTFUL, USUAL, WEIGHT, Voice, one_voice
from pronounce_kiosk.training.data.corpus import read_corpus
from pronounce_kiosk.training.data.rooms import coughs
from pronounce_kiosk.training.first.aligned import MEL
from pronounce_kiosk.training.first.aligned_voice import (
    BACKWARDS,
    NONE,
    ONE,
    RATES,
    ROUNDS,
    SEVERAL,
    SHIFT,
    VoiceExample,
    _piece,
    load_examples,
    save_examples,
    take_doubts,
    train_voice,
    train_voices,
    voice_examples,
)


@pytest.fixture(scope="module")
def examples(small_corpus: Path) -> list[VoiceExample]:
    takes = read_corpus(small_corpus).takes[:8]
    texts = ["오늘은 좋아요", "국물", "삼겹살을 먹었어요", "네"]
    return voice_examples(takes, [0, 1] * 4, texts, MEL, processes=1)


def test_of_every_take_there_is_each_kind_for_its_part(examples: list[VoiceExample]) -> None:
    counts = Counter((one.part, one.kind) for one in examples)
    for part in (0, 1):
        assert counts[part, ONE] >= ROUNDS * (6 * 4 - 4)
        assert counts[part, SEVERAL] >= ROUNDS * (3 * 4 - 2)
        assert counts[part, BACKWARDS] >= ROUNDS * (2 * 4 - 2)
    # What the take's front refuses is not among them, and of no voice it refuses most.
    assert sum(one.kind == NONE for one in examples) >= 1
    assert all(one.image.shape[0] == MEL.n_mels and one.image.any() for one in examples)


def test_a_take_is_heard_otherwise_in_every_round(examples: list[VoiceExample]) -> None:
    """As it is it is the same each time; nothing else is."""
    seen = Counter(one.image.tobytes() for one in examples if one.kind == ONE)
    assert max(seen.values()) == ROUNDS
    assert 8 <= sum(count == ROUNDS for count in seen.values()) <= 10


def test_examples_survive_their_file(examples: list[VoiceExample], tmp_path: Path) -> None:
    save_examples(tmp_path / "voices.pt", examples)
    found = load_examples(tmp_path / "voices.pt")
    assert len(found) == len(examples)
    for one, other in zip(examples, found, strict=True):
        assert (one.part, one.kind) == (other.part, other.kind)
        np.testing.assert_array_equal(one.image, other.image)


def of_one_mind(odds: float) -> Voice:
    """A network that says so of everything."""
    voice = Voice(MEL.n_mels).eval()
    with torch.no_grad():
        voice.head.weight.zero_()
        voice.head.bias.copy_(torch.tensor([odds, 0.0, -99.0, -99.0]))
    return voice


def test_doubt_is_asked_of_who_never_heard_the_speaker(small_corpus: Path) -> None:
    takes = read_corpus(small_corpus).takes[:4]
    voices = [of_one_mind(-10.0), of_one_mind(10.0), of_one_mind(-12.0), of_one_mind(10.0)]
    similarity = np.array([1.0, 1.0, DOUBTFUL, 0.0])
    found = take_doubts(takes, similarity, [0, 1, 1, 1], voices, MEL)
    np.testing.assert_allclose(found, [0.0, WEIGHT["en"] * (USUAL["en"] + 11.0), 0.0, 0.0])


def made_up(count: int, seed: int) -> list[VoiceExample]:
    """Sounds that begin at once and die away, forwards and backwards."""
    rng = np.random.default_rng(seed)
    found = []
    for index in range(count):
        level = np.tile(np.exp(-np.arange(30) / rng.uniform(6, 10)), 4)
        image = np.round(250 * level * rng.uniform(0.7, 1.0, (8, 1))).astype(np.uint8)
        kind = (ONE, BACKWARDS)[index % 2]
        found.append(VoiceExample(0, kind, image if kind == ONE else image[:, ::-1]))
    return found


def test_it_learns_which_way_time_runs_and_the_same_twice() -> None:
    voice = train_voice(made_up(192, 0), 8, seed=3, epochs=12)
    again = train_voice(made_up(192, 0), 8, seed=3, epochs=12)
    for name, value in voice.state_dict().items():
        assert torch.equal(value, again.state_dict()[name]), name
    for one in made_up(10, 1):
        odds = one_voice(voice, one.image.astype(np.float32) / 255.0)
        assert (odds > 0.0) == (one.kind == ONE)


def test_a_network_that_is_there_is_not_made_again(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    examples = [
        VoiceExample(index % 2, index % 4, rng.integers(0, 256, (64, 80)).astype(np.uint8))
        for index in range(8)
    ]
    paths = [tmp_path / "voice-0.pt", tmp_path / "voice-1.pt"]
    made = train_voices(examples, MEL, paths, processes=1)
    assert all(isinstance(voice, Voice) for voice in made)
    kept = train_voices((), MEL, paths, processes=1)
    for mine, theirs in zip(made, kept, strict=True):
        for name, value in theirs.state_dict().items():
            assert torch.equal(mine.state_dict()[name], value), name


@pytest.mark.parametrize("frames", [1, 69, 70, 500])
def test_a_piece_is_of_the_image_however_short(frames: int) -> None:
    # Every column says where it is from, every band which it is.
    image = np.add.outer(1000 * np.arange(64), np.arange(frames)).astype(np.int64)
    for seed in range(20):
        piece = _piece(image, random.Random(seed))  # type: ignore[arg-type]
        shift = int(np.argmin(piece[:, 0]))
        columns = np.roll(piece, -shift, axis=0)[0]
        assert 1 <= piece.shape[1] <= 320 / RATES[0] + 1
        assert (np.diff(columns) >= 0).all()
        assert columns[0] >= 0
        assert columns[-1] < frames
        assert min(shift, 64 - shift) <= SHIFT


@pytest.mark.parametrize("size", [0, 1, 1600, 48_000])
def test_coughs_are_as_long_as_asked_and_finite(size: int) -> None:
    made = coughs(size, np.random.default_rng(size))
    assert made.shape == (size,)
    assert np.isfinite(made).all()
    if size == 48_000:
        assert np.abs(made).max() > 0.05
