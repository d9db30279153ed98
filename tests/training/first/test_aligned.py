"""The aligned recipe in small: speech, images, phone times, the encoder, the judge, the bundle."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.audio.mel import grayscale_mel
from pronounce_kiosk.core.errors import TrainingError
from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.language.korean.jamo import is_hangul_syllable
from pronounce_kiosk.language.phones import PHONE_SETS, PhoneLine
from pronounce_kiosk.scoring.alignment import PhoneSpans, align_phones
from pronounce_kiosk.scoring.first.aligned_encoder import (
    COMPARED,
    AlignedEncoder,
    Comparison,
    Ear,
    EncoderShape,
)
from pronounce_kiosk.scoring.first.aligned_evidence import PHONE_FEATURES, Evidence
from pronounce_kiosk.scoring.first.aligned_judge import TAKE_FEATURES, UNIT_FEATURES, Judge
from pronounce_kiosk.scoring.first.aligned_reader import INPUTS, Reading
from pronounce_kiosk.scoring.first.aligned_voice import Voice
from pronounce_kiosk.training.data.corpus import CorpusTake, read_corpus
from pronounce_kiosk.training.data.mbrola import Mbrola
from pronounce_kiosk.training.evaluation.out_of_fold import FILE_NAME, read_out_of_fold
from pronounce_kiosk.training.first import aligned
from pronounce_kiosk.training.first.aligned import MEL, export, leave_out_of_fold
from pronounce_kiosk.training.first.aligned_augment import Augmenter
from pronounce_kiosk.training.first.aligned_encoder import EncoderRecipe, align_store, train_encoder
from pronounce_kiosk.training.first.aligned_gate import GateRows
from pronounce_kiosk.training.first.aligned_judge import (
    Fitted,
    calibrated,
    fit_judge,
    set_syllables,
)
from pronounce_kiosk.training.first.aligned_korean import (
    KoreanRow,
    example_texts,
    with_wrong_sounds,
)
from pronounce_kiosk.training.first.aligned_rows import TakeRow, other_sentences
from pronounce_kiosk.training.first.aligned_speech import (
    SpeechItem,
    as_recorded,
    english_texts,
    korean_texts,
    render,
    takes,
)
from pronounce_kiosk.training.first.aligned_store import (
    SpeechStore,
    load_items,
    load_weights,
    save_items,
    save_weights,
    stored_items,
)
from pronounce_kiosk.training.first.aligned_syllables import (
    SyllableScale,
    TouchedRow,
    fit_syllables,
    touch,
)
from pronounce_kiosk.training.first.aligned_viterbi import viterbi

CPU = torch.device("cpu")
SHAPE = EncoderShape(channels=16, embedding=8)
RECIPE = EncoderRecipe(steps=6, batch=3, variants={"espeak": 1})


@pytest.fixture(scope="module")
def items() -> list[SpeechItem]:
    english = ["we call it a bear", "she sells old books", "open it", "nice"]
    korean = ["오늘은 좋아요", "국물", "삼겹살을 먹었어요", "네"]
    said = render(english, "en", 1, 1) + render(korean, "ko", 2, 1)
    assert len(said) == 8
    # The pipeline takes a clip's mean off, training does not: a voice that has one would differ.
    return [
        dataclasses.replace(item, samples=item.samples - np.int16(np.round(item.samples.mean())))
        for item in said
    ]


# ---- speech


def test_what_is_said_is_what_the_phones_say(items: list[SpeechItem]) -> None:
    phones = [
        [PHONE_SETS[item.phones.language][index - 1] for index in item.phones.indices]
        for item in items
    ]
    assert phones[2] == ["OW", "P", "AH", "N", "IH", "T"]
    assert phones[5] == ["ㄱ", "ㅜ", "ㅇ_", "ㅁ", "ㅜ", "ㄹ_"], "국물 is said 궁물"
    for item in items:
        assert item.samples.dtype == np.int16
        assert 0.85 * 32767 < np.abs(item.samples).max() <= 0.91 * 32767
        assert 0.2 < len(item.samples) / 16_000 < 9.0
    assert len({item.speaker for item in items}) > 4, "hardly any voice twice"


def test_takes_carry_their_phones_speaker_and_quality(small_corpus: Path) -> None:
    said = takes(small_corpus)
    corpus = read_corpus(small_corpus)
    assert [item.speaker for item in said] == [take.speaker for take in corpus.takes]
    for item, take in zip(said, corpus.takes, strict=True):
        assert item.quality == pytest.approx(take.human("accuracy") / 10.0)
        # The corpus' column holds no ARPABET, so espeak-ng says the text.
        assert item.phones.units[-1] <= len(take.sentence.text.split())
        assert len(item.phones.indices) > 10


def test_texts_are_many_and_sayable() -> None:
    english = english_texts(["Hello there", "My friend"], 40, random.Random(1))
    korean = korean_texts(["안녕하세요"], 40, random.Random(1))
    assert len(english) == len(korean) == 40
    assert len(set(english)) > 15
    assert len(set(korean)) > 25
    assert all(text == text.lower() and text.strip() for text in english)
    assert all(is_hangul_syllable(ch) or ch == " " for text in korean for ch in text)
    assert english == english_texts(["Hello there", "My friend"], 40, random.Random(1))


def test_a_missing_diphone_voice_is_told_before_anything_else(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(aligned, "Mbrola", lambda: Mbrola(tmp_path / "none"))
    with pytest.raises(TrainingError, match="install mbrola and mbrola-hn1"):
        aligned.train_aligned(
            tmp_path / "no corpus", tmp_path, tmp_path, tmp_path, 1, lambda text: None
        )
    assert aligned._person(aligned.AlignedRecipe(diphones=0)) is None


def test_without_flite_the_error_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(TrainingError, match="install flite"):
        render(["hello"], "en", 1, 1, "flite")


# ---- images


def test_plain_images_are_the_pipeline_s(items: list[SpeechItem]) -> None:
    augment = Augmenter(MEL, CPU, 0)
    lengths = torch.tensor([len(item.samples) for item in items])
    waves = torch.zeros(len(items), int(lengths.max()))
    for row, item in enumerate(items):
        waves[row, : len(item.samples)] = torch.from_numpy(item.samples).float() / 32768.0
    levels = augment.decibels(waves, lengths, augment=False)
    images = augment.plain(levels.mel, levels.lengths).numpy()
    for item, image, frames in zip(items, images, levels.lengths, strict=True):
        wanted = grayscale_mel(AudioClip.from_array(item.samples, 16_000), MEL)
        assert wanted.shape[1] == int(frames)
        np.testing.assert_allclose(image[:, : int(frames)], wanted, atol=1e-3)
        assert (image[:, int(frames) :] < 1e-6).all()


def test_augmented_images_differ_every_time_and_stay_images(items: list[SpeechItem]) -> None:
    store = SpeechStore(stored_items(items, MEL, {"espeak": 1}, 0))
    levels, frames, _ = store.batch([0, 4], [0, 1])
    augment = Augmenter(MEL, CPU, 0)
    first, second = augment.images(levels, frames), augment.images(levels, frames)
    again = Augmenter(MEL, CPU, 0).images(levels, frames)
    assert torch.equal(first.mel, again.mel)
    assert first.mel.shape != second.mel.shape or not torch.equal(first.mel, second.mel)
    for batch in (first, second):
        assert batch.mel.min() >= 0.0
        assert batch.mel.max() <= 1.0
        assert torch.isfinite(batch.mel).all()
        assert int(batch.lengths.max()) == batch.mel.shape[2]
        ratio = frames / batch.lengths
        assert ((ratio / batch.stretch - 1.0).abs() < 0.05).all()


def test_silence_augments_to_finite_levels() -> None:
    waves, lengths = torch.zeros(2, 8000), torch.tensor([8000, 5000])
    augment = Augmenter(MEL, CPU, 0)
    levels = augment.decibels(waves, lengths, augment=True)
    assert torch.isfinite(levels.mel).all()
    assert torch.isfinite(augment.images(levels.mel, levels.lengths).mel).all()


def test_kept_levels_are_within_half_a_step_of_the_image(items: list[SpeechItem]) -> None:
    store = SpeechStore(stored_items(items, MEL, {"espeak": 0}, 0))
    levels, frames, stretch = store.batch([2], [0])
    image = Augmenter(MEL, CPU, 0).plain(levels, frames)[0].numpy()
    wanted = grayscale_mel(AudioClip.from_array(items[2].samples, 16_000), MEL)
    assert stretch.tolist() == [1.0]
    # Levels are kept in 255 steps over 90 dB, an image shows 50 of them.
    np.testing.assert_allclose(image, wanted, atol=0.51 * 90 / 50 / 255 + 1e-3)


# ---- phone times


def line_of(phones: Sequence[int], units: Sequence[int]) -> list[tuple[int, bool]]:
    line = [(0, True)]
    for index, phone in enumerate(phones):
        if index and units[index] != units[index - 1]:
            line.append((0, True))
        line.append((phone, False))
    return [*line, (0, True)]


@given(st.integers(0, 10_000), st.lists(st.integers(1, 7), min_size=1, max_size=4))
def test_a_batch_is_aligned_as_one_by_one(seed: int, counts: list[int]) -> None:
    rng = np.random.default_rng(seed)
    phones = [rng.integers(1, 6, count) for count in counts]
    # No phone follows itself: the batched programme merges those, as CTC must.
    phones = [p[np.r_[True, p[1:] != p[:-1]]] for p in phones]
    units = [np.sort(rng.integers(0, 3, len(p))) for p in phones]
    frames = [len(p) + int(rng.integers(0, 12)) for p in phones]
    logs = np.log(rng.dirichlet(np.ones(6), (len(counts), max(frames)))).astype(np.float32)
    lines = [line_of(p.tolist(), u.tolist()) for p, u in zip(phones, units, strict=True)]
    size = max(len(line) for line in lines)
    states = torch.zeros(len(lines), size, dtype=torch.long)
    optional = torch.zeros(len(lines), size, dtype=torch.bool)
    for row, line in enumerate(lines):
        states[row, : len(line)] = torch.tensor([symbol for symbol, _ in line])
        optional[row, : len(line)] = torch.tensor([free for _, free in line])
    path = viterbi(
        torch.from_numpy(logs),
        torch.tensor(frames),
        states,
        optional,
        torch.tensor([len(line) for line in lines]),
    )
    for row, line in enumerate(lines):
        spans = align_phones(logs[row, : frames[row]], phones[row].tolist(), units[row].tolist())
        assert spans is not None
        states_of_phones = [index for index, (_, free) in enumerate(line) if not free]
        found = path[row].numpy()
        assert (found[frames[row] :] == -1).all()
        for phone, state in enumerate(states_of_phones):
            at = np.flatnonzero(found == state)
            assert (at[0], at[-1] + 1) == (spans.start[phone], spans.end[phone])


def test_phone_times_are_one_symbol_a_frame_in_order(items: list[SpeechItem]) -> None:
    torch.manual_seed(0)
    model = AlignedEncoder(SHAPE)
    store = SpeechStore(stored_items(items, MEL, {"espeak": 0}, 0))
    for use_ctc in (True, False):
        found = align_store(store, model, Augmenter(MEL, CPU, 0), CPU, use_ctc)
        assert model.training
        for item, kept, symbols in zip(items, store.items, found, strict=True):
            assert len(symbols) == -(-kept.images[0].shape[1] // 3)
            said = symbols[symbols > 0]
            runs = said[torch.cat([torch.tensor([True]), said[1:] != said[:-1]])].tolist()
            wanted = list(item.phones.indices)
            merged = [p for i, p in enumerate(wanted) if not i or p != wanted[i - 1]]
            assert runs == merged


# ---- the encoder


def test_training_twice_gives_the_same_finite_weights(items: list[SpeechItem]) -> None:
    kept = stored_items(items, MEL, RECIPE.variants, 0)
    said: list[str] = []
    first, second = (train_encoder(kept, SHAPE, MEL, RECIPE, CPU, said.append) for _ in range(2))
    torch.manual_seed(RECIPE.seed)
    untrained = AlignedEncoder(SHAPE).state_dict()
    assert not first.training
    for name, value in first.state_dict().items():
        assert torch.isfinite(value).all(), name
        assert torch.equal(value, second.state_dict()[name]), name
    moved = [n for n, value in first.state_dict().items() if not torch.equal(value, untrained[n])]
    assert len(moved) > 0.8 * len(untrained), "both heads and all blocks learn"
    assert [text for text in said if "phone times of 8 items" in text]


def test_training_that_was_cut_off_goes_on_to_the_same_weights(
    items: list[SpeechItem], tmp_path: Path
) -> None:
    path, kept = tmp_path / "e.checkpoint", stored_items(items, MEL, RECIPE.variants, 0)
    recipe = dataclasses.replace(RECIPE, checkpoint_every=4)
    whole = train_encoder(kept, SHAPE, MEL, recipe, CPU, lambda text: None, path)
    said: list[str] = []
    rest = train_encoder(kept, SHAPE, MEL, recipe, CPU, said.append, path)
    assert said[0] == "goes on from step 4"
    for name, value in whole.state_dict().items():
        assert torch.equal(value, rest.state_dict()[name]), name


def test_an_encoder_goes_on_from_another_with_that_one_s_phone_times(
    items: list[SpeechItem],
) -> None:
    kept = stored_items(items, MEL, RECIPE.variants, 0)
    start = train_encoder(kept, SHAPE, MEL, RECIPE, CPU, lambda text: None)
    recipe = dataclasses.replace(RECIPE, steps=3, align_at=(0.0,), learning_rate=1e-5, seed=1)
    said: list[str] = []
    after = train_encoder(kept, SHAPE, MEL, recipe, CPU, said.append, start=start)
    assert said == ["step 0: phone times of 8 items"]
    before = start.state_dict()
    changes = [(value - before[name]).abs().max() for name, value in after.state_dict().items()]
    assert 0.0 < float(max(changes)) < 1e-2
    assert not after.training


def test_stored_items_survive_their_file(items: list[SpeechItem], tmp_path: Path) -> None:
    kept = stored_items(items, MEL, {"espeak": 1}, 0)
    save_items(tmp_path / "speech.pt", kept)
    again = load_items(tmp_path / "speech.pt")
    assert len(again) == len(kept)
    for mine, theirs in zip(kept, again, strict=True):
        assert (mine.phones, mine.source, mine.speaker, mine.quality, mine.stretch) == (
            theirs.phones,
            theirs.source,
            theirs.speaker,
            theirs.quality,
            theirs.stretch,
        )
        for one, other in zip(mine.images, theirs.images, strict=True):
            np.testing.assert_array_equal(one, other)


def test_speech_as_recorded_is_the_same_speech_in_noise(items: list[SpeechItem]) -> None:
    recorded = as_recorded(items, 3, 1)
    assert len(recorded) == len(items)
    for plain, noisy in zip(items, recorded, strict=True):
        assert noisy.phones == plain.phones
        assert len(noisy.samples) / len(plain.samples) == pytest.approx(1.0, abs=0.9)
        assert not np.array_equal(noisy.samples, plain.samples)
    again = as_recorded(items, 3, 1)
    assert all(np.array_equal(a.samples, b.samples) for a, b in zip(recorded, again, strict=True))


def test_batches_are_drawn_by_share_and_of_like_length(items: list[SpeechItem]) -> None:
    store = SpeechStore(stored_items(items, MEL, {"espeak": 0}, 0))
    shares = {"espeak/en": 0.9, "espeak/ko": 0.1, "take/en": 5.0}
    rng = random.Random(0)
    drawn = [batch for _ in range(10) for batch in store.draw(shares, RECIPE.batch, rng)]
    assert len(drawn) == 80
    assert all(len(batch) == RECIPE.batch for batch in drawn)
    english = np.mean([items[i].phones.language == "en" for batch in drawn for i in batch])
    assert 0.8 < english < 0.98


# ---- evidence to learn from


def test_another_sentence_is_another_of_like_length(small_corpus: Path) -> None:
    said = read_corpus(small_corpus).takes
    others = other_sentences(said)
    assert all(o.text != t.sentence.text for o, t in zip(others, said, strict=True))
    assert others == other_sentences(said)
    with pytest.raises(TrainingError, match="two different sentences"):
        other_sentences(said[:1])


@pytest.mark.parametrize("seed", range(12))
def test_touching_units_touches_no_other(seed: int) -> None:
    units = tuple(int(unit) for unit in np.repeat(np.arange(6), 2))
    line = PhoneLine("ko", tuple(range(1, 13)), units)
    # Beside both ends of the image, and between units.
    starts = 5.4 + 24.0 * np.arange(6)
    mel = np.tile(np.arange(180, dtype=np.float32), (4, 1))
    times = np.stack([starts, starts + 20.0])
    spliced, touched = touch(mel, times, line, 2, random.Random(seed))
    assert 1 <= len(touched) <= 4
    assert set(touched) <= set(range(6))
    frames = spliced[0].astype(int).tolist()
    edges = {unit: (5 + 24 * unit, 25 + 24 * unit) for unit in range(6)}
    for unit in set(range(6)) - set(touched):
        first, last = edges[unit]
        whole = list(range(first, last))
        assert any(frames[at : at + len(whole)] == whole for at in range(len(frames)))
    assert frames[:5] == list(range(5))
    assert frames[-6:] == list(range(174, 180))


def test_a_unit_that_reaches_beyond_the_image_is_cut_at_its_end() -> None:
    line = PhoneLine("ko", (1, 2), (0, 1))
    mel = np.tile(np.arange(60, dtype=np.float32), (4, 1))
    times = np.array([[-4.0, 30.0], [29.6, 70.0]])
    for seed in range(8):
        spliced, touched = touch(mel, times, line, 1, random.Random(seed))
        assert touched
        assert set(spliced[0].astype(int)) <= set(range(60))


@pytest.mark.parametrize("seed", range(20))
def test_wrong_sounds_are_where_it_says(seed: int) -> None:
    said = "오느른 조아요"
    changed, places = with_wrong_sounds(said, 2, random.Random(seed))
    differ = [
        place
        for place, (a, b) in enumerate(
            zip(said.replace(" ", ""), changed.replace(" ", ""), strict=True)
        )
        if a != b
    ]
    assert differ == places
    assert len(places) == 2
    assert with_wrong_sounds(said, 0, random.Random(seed)) == (said, [])
    assert len(with_wrong_sounds("네", 2, random.Random(seed))[1]) == 1


def test_example_texts_are_sentences_and_words() -> None:
    texts = example_texts(["안녕하세요 여러분", "좋아요"], 40, 1)
    assert len(texts) == 40
    assert {"안녕하세요 여러분", "좋아요"} <= set(texts)
    assert sum(" " not in text for text in texts) >= 20
    assert texts == example_texts(["안녕하세요 여러분", "좋아요"], 40, 1)


# ---- the judge


MadeUp = tuple[list[CorpusTake], list[TakeRow], SyllableScale, list[KoreanRow], GateRows]


def read_of(good: float, rng: np.random.Generator) -> Reading:
    """Three words of two phones each, whose evidence is the better the better the take."""
    inputs = good + rng.normal(0, 0.5, (6, INPUTS))
    return Reading(inputs.astype(np.float32), rng.integers(1, 40, 6), np.repeat(np.arange(3), 2))


def touched_takes(count: int, seed: int = 3) -> list[TouchedRow]:
    """Takes of five syllables said by voices of their own, some of them something else."""
    rng = np.random.default_rng(seed)
    line = PhoneLine("ko", tuple(range(1, 11)), tuple(np.repeat(np.arange(5), 2).tolist()))
    sounds = rng.standard_normal((2, 11, COMPARED))
    spans = PhoneSpans(np.arange(10), np.arange(1, 11), 0.0)
    rows = []
    for _ in range(count):
        bad = rng.random(5) < 0.3
        bad[rng.integers(5)] = True
        bad[rng.integers(5)] = False
        said = np.where(np.repeat(bad, 2), rng.integers(1, 11, 10), np.arange(1, 11))
        heard = sounds + 0.3 * rng.standard_normal((2, 1, COMPARED))
        phones = rng.normal(0.0, 0.5, (10, len(PHONE_FEATURES))) - 2.0 * np.repeat(bad, 2)[:, None]
        evidence = tuple(
            Evidence(
                phones.astype(np.float32),
                spans,
                {},
                np.zeros((10, 47), np.float32),
                np.zeros((10, 47), np.float32),
                unit_length(heard[ear, said] + 0.3 * rng.standard_normal((10, COMPARED))),
                unit_length(sounds[ear, 1:]),
            )
            for ear in range(2)
        )
        rows.append(TouchedRow(evidence, line, bad))
    return rows


def unit_length(vectors: np.ndarray) -> np.ndarray:
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return (vectors / lengths).astype(np.float32)


def test_syllables_are_told_by_what_synthesis_taught() -> None:
    scale = fit_syllables(touched_takes(80))
    assert scale.forms.shape == (2, COMPARED, COMPARED)
    assert scale.usual.shape == (2, 47, 2)
    assert scale.weights[0] < 0.0 < scale.weights[1]
    np.testing.assert_allclose(scale.forms, scale.forms.swapaxes(1, 2))
    # A phone that nobody said is taken for the usual one.
    np.testing.assert_array_equal(scale.usual[:, 46], scale.usual[:, 45])
    judge = Judge(2)
    set_syllables(judge, scale)
    good, bad = [], []
    for row in touched_takes(30, 4):
        points = judge.syllables(row.evidence, row.line)
        for unit, touched in enumerate(row.touched):
            (bad if touched else good).append(points[unit])
    assert np.mean([g > b for g in good for b in bad]) > 0.9


def made_up(count: int = 90) -> MadeUp:
    """Takes whose evidence follows their ratings, two of them with something missing."""
    rng = np.random.default_rng(0)
    said, rows = [], []
    for index in range(count):
        good = rng.normal()
        ratings = np.clip(7.0 + good + rng.normal(0, 0.3, (4, 5)), 0, 10)
        words = tuple(np.clip(7.0 + good + rng.normal(0, 0.5, 3), 0, 10))
        sentence = Sentence(str(index), "a b c", "en")
        said.append(
            CorpusTake(str(index), f"s{index % 15}", 9, sentence, Path("x"), ratings, words)
        )
        features = good + rng.normal(0, 0.5, len(TAKE_FEATURES))
        units = good + rng.normal(0, 0.5, (3, UNIT_FEATURES))
        wrong, negative = features - 4.0 + rng.normal(0, 0.5, (2, len(features)))
        rows.append(
            TakeRow(
                index,
                None if index == 7 else features,
                units,
                None if index == 11 else features + rng.normal(0, 0.3, len(features)),
                None if index == 9 else wrong,
                () if index == 13 else (negative, None),
                read_of(good, rng),
                None if index == 11 else read_of(good, rng),
            )
        )
    korean = []
    for index in range(30):
        bad = np.array([index % 2 == 1, False, False])
        features = rng.normal(0, 0.5, len(TAKE_FEATURES)) - 1.0 * bad[0]
        other = None if index == 3 else features - 4.0
        korean.append(KoreanRow(not bad[0], features, other, (features - 4.0,)))
    # Of people who say something else two numbers only are as low as they should be.
    elsewhere = rng.normal(0, 0.5, (40, len(TAKE_FEATURES)))
    elsewhere[:, :2] -= 4.0
    crowds = rng.normal(0, 0.5, (40, len(TAKE_FEATURES)))
    crowds[:, 2:4] -= 4.0
    # The eighth take has no features: what it is part of cannot be told by its speaker.
    whose = np.column_stack([np.arange(40), (np.arange(40) * 7) % count, np.full(40, -1)])
    right = rng.normal(-0.5, 0.5, (20, len(TAKE_FEATURES)))
    hard = GateRows(right, elsewhere, elsewhere[:0], crowds, whose)
    return said, rows, fit_syllables(touched_takes(60)), korean, hard


@pytest.fixture(scope="module")
def fitted() -> Fitted:
    return fit_judge(*made_up())


def test_the_judge_learns_what_raters_said(fitted: Fitted) -> None:
    assert 7 not in fitted.kept
    assert len(fitted.kept) == 89
    final = calibrated(fitted)
    assert final.shape == (89, 4)
    assert final.min() >= 0.0
    assert final.max() <= 10.0
    for aspect in range(3):
        assert np.corrcoef(final[:, aspect], fitted.human[:, aspect])[0, 1] > 0.7
    assert np.corrcoef(*fitted.words)[0, 1] > 0.7
    assert (fitted.right > 0).mean() > 0.9
    assert (fitted.wrong < 0).mean() > 0.9
    assert (fitted.negative < 0).mean() > 0.9


def test_out_of_fold_means_without_the_speaker(fitted: Fitted) -> None:
    said, rows, syllables, korean, hard = made_up()
    speaker = said[0].speaker
    strange = [
        dataclasses.replace(take, ratings=10.0 - take.ratings) if take.speaker == speaker else take
        for take in said
    ]
    other = fit_judge(strange, rows, syllables, korean, hard)
    mine = np.array([said[index].speaker == speaker for index in fitted.kept])
    np.testing.assert_allclose(other.predicted[mine], fitted.predicted[mine], atol=1e-6)
    assert np.abs(other.predicted[~mine] - fitted.predicted[~mine]).max() > 1e-3


def test_who_says_something_else_is_refused_in_korean(fitted: Fitted) -> None:
    """English has crowds of its own: its gate knows nothing of these."""
    judge, hard = fitted.judge, made_up()[4]
    people, said = judge.standardised(hard.people), judge.standardised(hard.right)
    crowds = judge.standardised(hard.english)
    assert np.mean([judge.gate(one, "en") < 0.0 for one in crowds]) > 0.8
    assert np.mean([judge.gate(one, "ko") < 0.0 for one in people]) > 0.8
    assert np.mean([judge.gate(one, "ko") > 0.0 for one in said]) > 0.8
    assert np.mean([judge.gate(one, "en") > 0.0 for one in people]) > 0.5


def test_wrong_sounds_cost_korean_accuracy_and_english_none(fitted: Fitted) -> None:
    korean = made_up()[3]
    judge = fitted.judge
    exact = [judge.exact(judge.standardised(row.features), "ko") for row in korean]
    right = [row.right for row in korean]
    good = np.mean([e for e, r in zip(exact, right, strict=True) if r])
    bad = np.mean([e for e, r in zip(exact, right, strict=True) if not r])
    assert good > bad + 2.0
    assert judge.exact(judge.standardised(korean[1].features), "en") == 0.0


def test_a_word_s_score_does_not_turn_on_its_neighbours(fitted: Fitted) -> None:
    rng = np.random.default_rng(1)
    vectors = rng.normal(0, 1, (4, UNIT_FEATURES))
    before = fitted.judge.raw_words(vectors, np.full(4, 7.0))
    vectors[2] -= 5.0
    after = fitted.judge.raw_words(vectors, np.full(4, 7.0))
    np.testing.assert_array_equal(before[[0, 1, 3]], after[[0, 1, 3]])
    assert before[2] != after[2]


# ---- the bundle


def test_an_exported_bundle_loads_with_the_same_weights(fitted: Fitted, tmp_path: Path) -> None:
    from pronounce_kiosk.bundles.load import load_bundle
    from pronounce_kiosk.scoring.first.aligned import AlignedScorer

    torch.manual_seed(0)
    ears = [Ear(AlignedEncoder(SHAPE), Comparison(SHAPE)).eval() for _ in range(2)]
    folder = tmp_path / "aligned-9"
    folder.mkdir()
    (folder / "CARD.md").write_text("# Kept\n", encoding="utf-8")
    voices = [Voice(MEL.n_mels).eval() for _ in range(2)]
    sha256 = export(folder, SHAPE, ears, voices, fitted, MEL, {"pcc_total": 0.5}, ["s1", "s2"])
    bundle = load_bundle(folder)
    assert bundle.manifest.sha256 == sha256
    assert bundle.manifest.table("training")["training_speakers"] == ["s1", "s2"]
    assert bundle.manifest.golden
    said = made_up()[0]
    leave_out_of_fold(folder, sha256, said, fitted)
    held = read_out_of_fold(folder / FILE_NAME, sha256)
    assert len(held) == len(said)
    assert held["7"].refused
    assert len(held["0"].words) == 3
    assert (folder / "CARD.md").read_text("utf-8") == "# Kept\n"
    scorer = bundle.scorer
    assert isinstance(scorer, AlignedScorer)
    for name, value in fitted.judge.state_dict().items():
        assert torch.equal(scorer._model.judge.state_dict()[name], value), name
    parts = zip((*scorer._model.ears, *scorer._model.voices), (*ears, *voices), strict=True)
    for mine, theirs in parts:
        for name, value in theirs.state_dict().items():
            torch.testing.assert_close(mine.state_dict()[name], value, atol=1e-3, rtol=1e-3)


def test_weights_that_were_kept_in_half_precision_load(tmp_path: Path) -> None:
    torch.manual_seed(0)
    encoder = AlignedEncoder(SHAPE)
    save_weights(tmp_path / "encoder-0.pt", encoder)
    loaded = load_weights(tmp_path / "encoder-0.pt", AlignedEncoder(SHAPE))
    assert not loaded.training
    for name, value in loaded.state_dict().items():
        assert value.dtype == torch.float32
        assert torch.equal(value, encoder.state_dict()[name].half().float()), name
