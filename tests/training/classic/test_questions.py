"""The answers in the card: their figures, their words, and the marks they stand between."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from pronounce_kiosk.core.errors import TrainingError
from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.training.classic.questions import (
    COLOUR,
    COLOUR_SCALE,
    GRAY_SCALE,
    MARK,
    MORE_SEEDS,
    PAIRS_180,
    PAIRS_460,
    PLAIN,
    QUESTIONS,
    VARIANTS,
    answer_questions,
    measure,
    section,
)
from pronounce_kiosk.training.classic.variants import Plan, Pool, Variant, VariantScores
from pronounce_kiosk.training.data.corpus import CorpusTake
from pronounce_kiosk.training.evaluation.report import marked, markers
from pronounce_kiosk.training.evaluation.statistics import pearson, speaker_interval

RANDOM = np.random.default_rng(0)
SPEAKERS, TAKES = 40, 5


@pytest.fixture(scope="module")
def pool() -> Pool:
    totals = np.repeat(RANDOM.uniform(2, 9, SPEAKERS), TAKES) + RANDOM.normal(0, 0.5, 200)
    takes = tuple(
        CorpusTake(
            f"{row}", f"s{row // TAKES}", 20, Sentence("", f"{row}", "en"), Path("x"),
            np.full((4, 5), totals[row]),
        )
        for row in range(200)
    )  # fmt: skip
    rows = np.arange(200)
    return Pool(takes, rows[:0], rows[:0], rows, np.roll(rows, 1), rows[::TAKES])


def scores(pool: Pool, noise: float, loudness: float = 0.0, seed: int = 0) -> VariantScores:
    """A scorer with so much noise, moved so far by loudness."""
    random = np.random.default_rng(seed)
    human = 10 * np.array([take.human("total") for take in pool.takes])
    right = human + random.normal(0, noise, 200)
    some = right[pool.changed]
    return VariantScores(right, right - 30, some, some + loudness, some, some - 5)


def test_figures_and_what_is_inside_the_noise(pool: Pool) -> None:
    found = measure(
        pool,
        {
            PLAIN.name: [scores(pool, 20, seed=seed) for seed in range(4)],
            "the same": [scores(pool, 20, seed=seed) for seed in range(4, 6)],
            "worse": [scores(pool, 90, 7.0, seed) for seed in range(6, 8)],
        },
    )
    plain, same, worse = (found[name] for name in (PLAIN.name, "the same", "worse"))
    human = np.array([take.human("total") for take in pool.takes])
    runs = [pearson(scores(pool, 20, seed=seed).right, human) for seed in range(4)]
    assert plain.pcc.value == pytest.approx(np.mean(runs))
    assert plain.pcc.low < plain.pcc.value < plain.pcc.high
    assert plain.pcc_more.value == 0.0
    assert (plain.seeds, same.seeds) == (4, 2)
    assert same.pcc_more.low < 0.0 < same.pcc_more.high
    assert worse.pcc_more.high < 0.0
    assert plain.loudness.value == 0.0
    assert worse.loudness.value == pytest.approx(7.0)
    assert worse.noise.value == pytest.approx(5.0)
    # One seed alone: only the speakers are chance.
    run = scores(pool, 20)
    alone = measure(pool, {PLAIN.name: [run]})[PLAIN.name].pcc
    names = [take.speaker for take in pool.takes]
    low, high = speaker_interval(pearson, (run.right, human), names)
    assert (alone.low, alone.high) == pytest.approx((low, high), abs=0.02)
    assert alone.high - alone.low < worse.pcc.high - worse.pcc.low


def test_the_words_follow_the_figures(pool: Pool) -> None:
    runs = {PLAIN.name: [scores(pool, 10, seed=seed) for seed in range(3)]}
    runs[PAIRS_180.name] = [scores(pool, 90, seed=4)]
    runs[PAIRS_460.name] = [scores(pool, 10, seed=5)]
    runs[COLOUR.name] = [scores(pool, 10, seed=6)]
    runs[COLOUR_SCALE.name] = [scores(pool, 10, 31.0, seed=7)]
    runs[GRAY_SCALE.name] = [scores(pool, 10, 22.0, seed=8)]
    text = section(measure(pool, runs), pool, Plan())
    pairs, colour, loud = (
        next(line for line in text.split("\n") if line.startswith(f"**{asked}"))
        for asked in ("180, 460", "Colour", "Loudness")
    )
    assert "180 pairs lowers PCC by" in pairs
    assert "460 pairs lowers" not in pairs
    assert "460 pairs raises" not in pairs
    assert "the other differences are inside the noise" in pairs
    assert "inside the noise" in colour
    assert "31.0 points (colour, not normalised)" in loud
    assert "0.0 points (grayscale normalised per clip)" in loud
    # Of what was not trained only that.
    assert "Not trained yet: no VAD, no noise filter," in text
    assert "VAD?" not in text
    assert f"| {PAIRS_180.name} | 1 | " in text


def test_every_question_is_asked_once_of_variants_that_are_trained() -> None:
    names = [variant.name for variant in VARIANTS]
    assert len(set(names)) == len(names)
    asked = {variant.name for question in QUESTIONS for variant in question.others}
    assert asked | {PLAIN.name} == set(names)
    for variant in VARIANTS[1:]:
        assert variant != Variant(variant.name), f"{variant.name} is the plain recipe"


@pytest.mark.timeout(600)
def test_answers_go_between_the_marks_and_a_rerun_replaces_them(
    small_corpus: Path, tmp_path: Path
) -> None:
    card = tmp_path / "CARD.md"
    card.write_text("# classic-9\n\nWords of people.\n", encoding="utf-8")
    plan = Plan(good=8, takes_a_speaker=2, changed_a_speaker=1)
    variants = [
        Variant(PLAIN.name, pairs=16, epochs=1),
        Variant(PAIRS_180.name, pairs=8, epochs=1),
        Variant(PAIRS_460.name, pairs=12, epochs=1),
    ]
    arguments = (small_corpus, tmp_path / "work", card, 1, 1, None, plan, variants)
    body = answer_questions(*arguments)
    first = card.read_text("utf-8")
    assert first.startswith("# classic-9\n\nWords of people.\n")
    assert marked(first, MARK) == body.strip()
    assert body.count("\n| ") == 1 + 1 + len(variants)
    for variant in variants:
        assert f"| {variant.name} | {1 + MORE_SEEDS.get(variant.name, 0)} | " in body
    assert "180, 460 or 920 pairs?" in body
    card.write_text(first.replace("### What they show", "### Stale") + "\nAfter.\n", "utf-8")
    answer_questions(*arguments)
    second = card.read_text("utf-8")
    assert "Stale" not in second
    assert second == first + "\nAfter.\n"


def test_a_card_that_is_not_as_it_should_be_is_named_before_any_work(
    small_corpus: Path, tmp_path: Path
) -> None:
    card = tmp_path / "CARD.md"
    with pytest.raises(TrainingError, match="no card"):
        answer_questions(small_corpus, tmp_path / "work", card, 1)
    card.write_text(markers(MARK)[0], "utf-8")
    with pytest.raises(TrainingError, match="mend it"):
        answer_questions(small_corpus, tmp_path / "work", card, 1)
    assert not (tmp_path / "work").exists()
