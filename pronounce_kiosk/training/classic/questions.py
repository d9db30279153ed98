"""The original team's questions, answered: `train classic-questions`.

Each question names the variants that answer it. The table and the two sentences under each
question are made from the figures, so that a rerun cannot leave words behind that no longer hold.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pronounce_kiosk.core.atomic import write_atomically
from pronounce_kiosk.core.errors import TrainingError
from pronounce_kiosk.session.parallel import DEFAULT_JOBS
from pronounce_kiosk.training.classic.variants import (
    COLUMN_S,
    NOISE_DB,
    Log,
    Picture,
    Plan,
    Pool,
    Variant,
    VariantScores,
    train_variants,
)
from pronounce_kiosk.training.data.corpus import read_corpus
from pronounce_kiosk.training.evaluation.report import Estimate, Table, between_markers
from pronounce_kiosk.training.evaluation.statistics import auc, pearson, speaker_draws

Values = NDArray[np.float64]

MARK = "questions"
PLAIN = Variant("plain recipe")
COLOUR = Variant("colour, normalised per clip", colour=True)
COLOUR_SCALE = Variant("colour, not normalised", picture=Picture(per_clip=False), colour=True)
GRAY_SCALE = Variant("grayscale, not normalised", picture=Picture(per_clip=False))
NO_VAD = Variant("no VAD", take_order=("denoise",), reference_order=("denoise",))
NO_FILTER = Variant("no noise filter", take_order=("trim",), reference_order=("trim",))
FILTER_FIRST = Variant("filter, then VAD, on both sides", reference_order=("denoise", "trim"))
VAD_FIRST = Variant("VAD, then filter, on both sides", take_order=("trim", "denoise"))
PAIRS_180 = Variant("180 pairs", pairs=180)
PAIRS_460 = Variant("460 pairs", pairs=460)
EPOCHS_100 = Variant("100 epochs", epochs=100)
TTS = Variant("TTS as the positive side", positives="tts")
NOT_STRETCHED = Variant("time not stretched", picture=Picture(stretched=False))
MOVING_AVERAGE = Variant("moving average of 5 samples", picture=Picture(filter="moving average"))
PRE_EMPHASIS = Variant("pre-emphasis .97", picture=Picture(filter="pre-emphasis"))
SMOOTH = Variant("image smoothed", picture=Picture(smooth=True))

VARIANTS = (
    PLAIN, COLOUR, COLOUR_SCALE, GRAY_SCALE, NO_VAD, NO_FILTER, FILTER_FIRST, VAD_FIRST, PAIRS_180,
    PAIRS_460, EPOCHS_100, TTS, NOT_STRETCHED, MOVING_AVERAGE, PRE_EMPHASIS, SMOOTH,
)  # fmt: skip
MORE_SEEDS = {PLAIN.name: 2, PAIRS_180.name: 2}
"""Beyond what the others get: the plain recipe, with which all are compared, and the cheapest one.
How far their seeds lie apart says what is noise where the others have one seed each."""


@dataclass(frozen=True)
class Question:
    """asked: as the team asked it. plain: what the plain recipe is in its words. measure: that the
    answer must speak of beside agreement and sentences: ``loudness``, ``noise`` or none."""

    asked: str
    plain: str
    others: tuple[Variant, ...]
    measure: str = ""


QUESTIONS = (
    Question("Colour or grayscale?", "grayscale", (COLOUR,)),
    Question("With or without VAD?", "VAD", (NO_VAD,)),
    Question(
        "With or without the noise filter, and in which order?",
        "take filtered then trimmed, reference trimmed then filtered",
        (NO_FILTER, FILTER_FIRST, VAD_FIRST),
        "noise",
    ),
    Question("180, 460 or 920 pairs?", "920 pairs", (PAIRS_180, PAIRS_460)),
    Question("50 or 100 epochs?", "50 epochs", (EPOCHS_100,)),
    Question("TTS or people as the positive side?", "people", (TTS,)),
    Question("Time stretched to one width or not?", "time stretched", (NOT_STRETCHED,)),
    Question(
        "Moving average, pre-emphasis, smoothing?",
        "none of the three",
        (MOVING_AVERAGE, PRE_EMPHASIS, SMOOTH),
        "noise",
    ),
    Question(
        "Loudness x10?",
        "grayscale normalised per clip",
        (COLOUR, GRAY_SCALE, COLOUR_SCALE),
        "loudness",
    ),
)


@dataclass(frozen=True)
class Answer:
    """A variant's figures, and its PCC and AUC less the plain recipe's.

    loudness, noise: mean change of the score in points, without sign.
    """

    seeds: int
    pcc: Estimate
    pcc_more: Estimate
    auc: Estimate
    auc_more: Estimate
    loudness: Estimate
    noise: Estimate


def answer_questions(
    corpus_folder: Path,
    work: Path,
    card: Path,
    seeds: int,
    jobs: int = DEFAULT_JOBS,
    log: Log | None = None,
    plan: Plan | None = None,
    variants: Sequence[Variant] = VARIANTS,
) -> str:
    """Train and measure every variant, put the answers between the card's marks; gives them.

    Raises `TrainingError` where the corpus, the work folder or the card is not as it should be.
    """
    plan = plan or Plan()
    if not card.is_file():
        raise TrainingError(f"There is no card {card}: train the classic bundle first.")
    between_markers(card.read_text("utf-8"), MARK, "")
    corpus = read_corpus(corpus_folder)
    wanted = {variant.name: seeds + MORE_SEEDS.get(variant.name, 0) for variant in variants}
    pool, scores = train_variants(corpus, variants, wanted, work, plan, jobs, log)
    answers = measure(pool, scores)
    body = section(answers, pool, plan)
    text = between_markers(card.read_text("utf-8"), MARK, body)
    write_atomically(card, text.encode("utf-8"))
    return body


def measure(pool: Pool, scores: dict[str, list[VariantScores]]) -> dict[str, Answer]:
    """Every variant's figures. Intervals hold two kinds of chance: which speakers were tested, by
    resampling them, and which seed the network began from, by how far seeds of a variant lie apart,
    pooled over the variants that have several (a normal interval of both variances)."""
    speakers = [pool.takes[row].speaker for row in pool.test]
    human = np.array([pool.takes[row].human("total") for row in pool.test])
    some = [speakers[row] for row in pool.changed]
    names = ("pcc", "auc", "loudness", "noise")
    values: dict[str, dict[str, Values]] = {name: {} for name in names}
    draws: dict[str, dict[str, Values]] = {name: {} for name in names}
    for variant, runs in scores.items():
        for name, statistic, sides, who in (
            ("pcc", pearson, lambda run: (run.right, human), speakers),
            ("auc", auc, lambda run: (run.right, run.wrong), speakers),
            ("loudness", _apart, lambda run: (run.quiet, run.loud), some),
            ("noise", _apart, lambda run: (run.clean, run.noisy), some),
        ):
            arrays = [sides(run) for run in runs]
            values[name][variant] = np.array([statistic(*one) for one in arrays])
            draws[name][variant] = np.mean(
                [speaker_draws(statistic, one, who) for one in arrays], axis=0
            )
    spread = {name: _seed_variance(list(values[name].values())) for name in names}

    def estimate(name: str, variant: str) -> Estimate:
        mine = values[name][variant]
        return _normal(mine.mean(), draws[name][variant].var() + spread[name] / len(mine))

    def more(name: str, variant: str) -> Estimate:
        mine, plain = values[name][variant], values[name][PLAIN.name]
        gap = draws[name][variant] - draws[name][PLAIN.name]
        chance = spread[name] * (1.0 / len(mine) + 1.0 / len(plain))
        return _normal(mine.mean() - plain.mean(), gap.var() + chance)

    return {
        variant: Answer(
            len(runs),
            estimate("pcc", variant),
            more("pcc", variant),
            estimate("auc", variant),
            more("auc", variant),
            estimate("loudness", variant),
            estimate("noise", variant),
        )
        for variant, runs in scores.items()
    }


def section(answers: dict[str, Answer], pool: Pool, plan: Plan) -> str:
    """The Markdown between the marks: how it was measured, the table, two sentences a question."""
    seeds = min(answer.seeds for answer in answers.values())
    test = sorted({pool.takes[row].speaker for row in pool.test})
    rows = tuple(
        (
            name,
            str(answer.seeds),
            str(answer.pcc),
            "" if name == PLAIN.name else _signed(answer.pcc_more),
            str(answer.auc),
            "" if name == PLAIN.name else _signed(answer.auc_more),
            _points(answer.loudness),
            _points(answer.noise),
        )
        for name, answer in answers.items()
    )
    table = Table(
        "Variants of the recipe",
        (
            "variant",
            "seeds",
            "PCC, total [95 %]",
            "less plain [95 %]",
            "AUC, right above wrong sentence [95 %]",
            "less plain [95 %]",
            "loudness x10 moves the score by [95 %]",
            f"noise at {NOISE_DB:g} dB moves it by [95 %]",
        ),
        rows,
    )
    missing = [variant.name for variant in VARIANTS if variant.name not in answers]
    asked = []
    for question in QUESTIONS:
        trained = tuple(variant for variant in question.others if variant.name in answers)
        if trained:
            words = _sentences(replace(question, others=trained), answers)
            asked.append(f"**{question.asked}** {words}\n")
    return "\n".join(
        [
            "## The original team's questions, answered\n",
            "    pronounce-kiosk train classic-questions --corpus DIR --work WORK "
            f"--seeds {seeds} --card models/classic-1/CARD.md\n",
            "One thing at a time is changed in the plain recipe, at the original team's scale: "
            "grayscale images normalised per clip, stretched to 64 x 64, VAD, the take filtered "
            "then trimmed and the reference trimmed then filtered, 920 pairs (half well-rated "
            "people with their reference, a quarter badly rated people, a quarter other "
            f"sentences), 50 epochs, contrastive loss of margin {plan.recipe.margin:g}. The score "
            "is similarity times 100 with no curve after it. Every figure is of "
            f"{len(pool.test)} takes of {len(test)} speakers whom no variant was trained on; the "
            f"last two columns are of {len(pool.changed)} of these takes, as 16-bit recordings "
            "with their peak at .09 and at .9 of full scale, and in white noise: mean change in "
            "points, without sign. Intervals hold which speakers were drawn and which seed was "
            "(how far seeds lie apart is taken from the variants that have several); a difference "
            "whose interval holds 0 is inside the noise. Not stretched is "
            f"{COLUMN_S * 1000:.0f} ms a column, cut after {64 * COLUMN_S:.1f} s; smoothing is a "
            "Gaussian of 1 mel band by 20 ms; not normalised is 80 dB under full scale; TTS on the "
            "positive side is seven other espeak-ng voices.\n",
            table.markdown(),
            *([f"Not trained yet: {_listed(missing)}.\n"] if missing else []),
            "### What they show\n",
            *asked,
        ]
    )


def _sentences(question: Question, answers: dict[str, Answer]) -> str:
    plain = answers[PLAIN.name]
    every = [(question.plain, plain)] + [
        (variant.name, answers[variant.name]) for variant in question.others
    ]
    if question.measure == "loudness":
        first = "A take ten times louder moves the score by " + _listed(
            [f"{one.loudness.value:.1f} points ({name})" for name, one in every]
        )
        return f"{first}. {_verdict(question, answers)}"
    first = (
        "PCC with the raters is "
        + _listed([f"{_short(one.pcc.value)} ({name})" for name, one in every])
        + ", AUC of right against wrong sentence "
        + _listed([_short(one.auc.value) for _, one in every])
    )
    if question.measure == "noise":
        first += (
            f", and noise at {NOISE_DB:g} dB moves a score by "
            + _listed([f"{one.noise.value:.0f}" for _, one in every])
            + " points"
        )
    return f"{first}. {_verdict(question, answers)}"


def _verdict(question: Question, answers: dict[str, Answer]) -> str:
    """What is outside the noise, said of each variant and measure, and nothing else."""
    said = []
    for variant in question.others:
        answer = answers[variant.name]
        for gap, measure in ((answer.pcc_more, "PCC"), (answer.auc_more, "AUC")):
            if gap.low > 0.0 or gap.high < 0.0:
                word = "raises" if gap.value > 0 else "lowers"
                said.append(f"{variant.name} {word} {measure} by {_short(abs(gap.value))}")
    if not said:
        return (
            "Every difference in PCC and AUC is inside the noise: these figures give no reason to "
            f"leave {question.plain} or to insist on it."
        )
    rest = 2 * len(question.others) - len(said)
    tail = "; the other differences are inside the noise" if rest else ""
    return f"Against {question.plain}, {_listed(said)}{tail}."


def _apart(left: Values, right: Values) -> float:
    return float(np.abs(left - right).mean())


def _seed_variance(values: Sequence[Values]) -> float:
    """Of one run about its variant's mean, pooled; 0 where no variant has two seeds."""
    freedom = sum(len(runs) - 1 for runs in values)
    square = sum(float(np.square(runs - runs.mean()).sum()) for runs in values)
    return square / freedom if freedom else 0.0


def _normal(value: float, variance: float) -> Estimate:
    half = 1.96 * float(np.sqrt(variance))
    return Estimate(float(value), float(value) - half, float(value) + half)


def _signed(gap: Estimate) -> str:
    return f"{gap.value:+.3f} [{gap.low:+.3f}, {gap.high:+.3f}]"


def _points(change: Estimate) -> str:
    return f"{change.value:.1f} [{max(0.0, change.low):.1f}, {change.high:.1f}]"


def _short(value: float) -> str:
    return f"{value:.2f}".removeprefix("0") if value >= 0 else f"-{_short(-value)}"


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
