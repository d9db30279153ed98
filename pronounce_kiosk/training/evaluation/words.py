"""Single Korean words: ranked among others, said for one another, and minimal pairs."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import numpy as np

from pronounce_kiosk.audio.clip import PIPELINE_SAMPLE_RATE_HZ, AudioClip
from pronounce_kiosk.audio.files import read_clip
from pronounce_kiosk.batch.parallel import Jobs
from pronounce_kiosk.core.errors import TrainingError
from pronounce_kiosk.core.grades import AMBER_BELOW, RED_BELOW
from pronounce_kiosk.core.score import Score
from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.references.espeak import EspeakEngine
from pronounce_kiosk.references.espeak_library import DEFAULT_RATE_WPM
from pronounce_kiosk.training.evaluation.clips import in_white_noise
from pronounce_kiosk.training.evaluation.figures import HEADERS, SEED, Cells, median_row, share_row
from pronounce_kiosk.training.evaluation.processes import (
    over_processes,
    points_of,
    score_of,
    similarities,
)
from pronounce_kiosk.training.evaluation.report import Table
from pronounce_kiosk.training.evaluation.takes import SpokenTake, spread

OTHER_WORDS = 20
PAIR_VOICES = ("+m1", "+m2", "+m4", "+m5", "+m7", "+f1", "+f3", "+f4", "+f5")
"""Variants a pair's word is said by: none of them says a reference."""
PAIR_SNR_DB = 15.0
_MARGIN_S = 0.5
_PAIRS, _WORDS = "korean_minimal_pairs.tsv", "korean_words.tsv"
_CONFUSION_MUSTS = {"mixed": ("1 %", "0 %")}


@dataclass(frozen=True)
class WordPair:
    """Two words that one sound tells apart. difference: ``onset``, ``nucleus`` or ``coda``."""

    difference: str
    word: str
    other: str


@dataclass(frozen=True)
class PairTrial:
    """A word of a pair, said. higher: it got more than the other word; refused: it got nothing."""

    pair: WordPair
    higher: bool
    more_similar: bool
    refused: bool


def read_pairs(limit: int | None = None) -> list[WordPair]:
    """Read the minimal pairs of the package."""
    rows = csv.DictReader(_data(_PAIRS).splitlines(), delimiter="\t")
    return spread([WordPair(row["difference"], row["word"], row["other"]) for row in rows], limit)


def read_words(limit: int | None = None) -> dict[str, list[str]]:
    """Read two groups of fourteen two-syllable words of the package.

    limit: of the words of a group, None for all.

    Returns:
        ``mixed``: spread over a list of 162; ``alike``: of these, the fourteen that differ from
        one another in the fewest places (onset, nucleus, coda of each syllable).
    """
    groups: dict[str, list[str]] = {}
    for row in csv.DictReader(_data(_WORDS).splitlines(), delimiter="\t"):
        groups.setdefault(row["group"], []).append(row["word"])
    return {group: spread(words, limit) for group, words in groups.items()}


def own_word_table(takes: Sequence[SpokenTake], bundle_folder: Path, jobs: Jobs) -> Table:
    """Rank single words by gTTS against their own and `OTHER_WORDS` others' references."""
    words = sorted({take.sentence.text for take in takes})
    random = np.random.default_rng(SEED)
    work = []
    for take in takes:
        others = [word for word in words if word != take.sentence.text]
        drawn = random.choice(others, min(OTHER_WORDS, len(others)), replace=False)
        work.append((take, tuple(Sentence("", str(word), "ko") for word in drawn)))
    results = over_processes(_word_rank, work, bundle_folder, jobs, "words")
    ranks = np.array([rank for rank, _ in results])
    scores = [score for _, score in results]
    names = [take.sentence.text for take in takes]
    totals = [points_of(score) for score in scores]
    refused = [score.score is None for score in scores]
    return Table(
        f"gTTS words against their own and {min(OTHER_WORDS, len(words) - 1)} other words",
        HEADERS,
        (
            share_row("own word first", ranks == 0, names, "93 %", "97 %"),
            share_row("own word among the first two", ranks <= 1, names),
            share_row("own word refused", refused, names),
            median_row("own word, median total", totals, names),
        ),
        "Ranked by how well the take fits; a tie is lost. One voice: intervals resample words.",
    )


def confusions_table(
    takes: Sequence[SpokenTake],
    bundle_folder: Path,
    jobs: Jobs,
    limit: int | None = None,
) -> Table:
    """Score words said for one another: every ordered pair of each group of `read_words`.

    Raises:
        TrainingError: The takes lack these words.
    """
    takes_of = {take.sentence.text: take for take in takes}
    rows: list[Cells] = []
    for group, words in read_words(limit).items():
        said = [word for word in words if word in takes_of]
        if len(said) < 2:
            raise TrainingError("The takes lack the words of this row: name gTTS' whole folder.")
        work = [(takes_of[word], [other for other in said if other != word]) for word in said]
        scores = over_processes(_said_for, work, bundle_folder, jobs, "words")
        names = [word for word, found in zip(said, scores, strict=True) for _ in found]
        rows += _confusion_rows(group, [score for found in scores for score in found], names)
    return Table(
        "Two-syllable words said for one another",
        HEADERS,
        tuple(rows),
        "Said by gTTS, every ordered pair of fourteen words: spread over a list (mixed), or the "
        "fourteen that differ least (alike). One voice: intervals resample the words said.",
    )


def _confusion_rows(group: str, scores: Sequence[Score], names: Sequence[str]) -> list[Cells]:
    totals = np.array([points_of(score) for score in scores])
    refused = [score.score is None for score in scores]
    musts = _CONFUSION_MUSTS.get(group, ("", ""))
    good, fair = totals >= AMBER_BELOW, totals >= RED_BELOW
    return [
        share_row(f"{group}: another word gets 80 or more", good, names, *musts),
        share_row(f"{group}: another word gets 60 or more", fair, names),
        share_row(f"{group}: another word refused", refused, names),
    ]


def pairs_table(pairs: Sequence[WordPair], bundle_folder: Path, jobs: Jobs) -> Table:
    """Score minimal pairs by other voices and rates than the references', in noise.

    Each word of a pair is a take once.
    """
    random = np.random.default_rng(SEED)
    work = []
    for pair in pairs:
        for said, other in ((pair.word, pair.other), (pair.other, pair.word)):
            voice = str(random.choice(PAIR_VOICES))
            rate = round(DEFAULT_RATE_WPM * random.uniform(0.8, 1.2))
            said_for = WordPair(pair.difference, said, other)
            work.append((said_for, voice, rate, int(random.integers(2**31))))
    return pair_rows(over_processes(_pair, work, bundle_folder, jobs, "pairs"))


def pair_rows(trials: Sequence[PairTrial]) -> Table:
    """Make the table of minimal pairs."""
    # The words of a pair are resampled together.
    names = ["".join(sorted((one.pair.word, one.pair.other))) for one in trials]
    higher = np.array([one.higher for one in trials])
    similar = [one.more_similar for one in trials]
    refused = [one.refused for one in trials]
    rows = [
        share_row("right word scores higher", higher, names, "88 %", "95 %"),
        share_row("right word more similar", similar, names),
        share_row("right word refused", refused, names),
    ]
    kinds = np.array([one.pair.difference for one in trials])
    for kind in dict.fromkeys(kinds.tolist()):
        mine = kinds == kind
        label = f"right word scores higher, {kind}"
        rows.append(share_row(label, higher[mine], np.array(names)[mine].tolist()))
    return Table(
        "Korean minimal pairs",
        HEADERS,
        tuple(rows),
        f"{len(set(names))} pairs, each word said once by another espeak-ng voice variant than "
        f"the references', 0.8-1.2 times their rate, white noise at {PAIR_SNR_DB:.0f} dB. A "
        "refused word counts as less than any score; of two refused none wins. Intervals resample "
        "pairs.",
    )


def _data(name: str) -> str:
    folder = files("pronounce_kiosk.training.evaluation") / "data"
    return (folder / name).read_text(encoding="utf-8")


def _word_rank(work: tuple[SpokenTake, tuple[Sentence, ...]]) -> tuple[int, Score]:
    take, others = work
    clip = read_clip(take.audio)
    values = similarities(clip, (take.sentence, *others))
    return int(np.sum(values[1:] >= values[0])), score_of(clip, take.sentence)


def _said_for(work: tuple[SpokenTake, list[str]]) -> list[Score]:
    take, others = work
    clip = read_clip(take.audio)
    return [score_of(clip, Sentence("", other, "ko")) for other in others]


def _pair(work: tuple[WordPair, str, int, int]) -> PairTrial:
    pair, variant, rate_wpm, seed = work
    voice = EspeakEngine(rate_wpm=rate_wpm, variant=variant)
    clip = voice.render(Sentence("", pair.word, "ko")).clip.resampled(PIPELINE_SAMPLE_RATE_HZ)
    margin = round(_MARGIN_S * PIPELINE_SAMPLE_RATE_HZ)
    padded = AudioClip.from_array(np.pad(clip.samples, margin), PIPELINE_SAMPLE_RATE_HZ)
    # So that the noise lies that far under the voice, not under voice and silence.
    snr_db = PAIR_SNR_DB + 20 * np.log10(padded.rms / clip.rms)
    take = in_white_noise(padded, snr_db, np.random.default_rng(seed))
    sentences = [Sentence("", word, "ko") for word in (pair.word, pair.other)]
    right, wrong = (score_of(take, sentence).score for sentence in sentences)
    higher = right is not None and (wrong is None or right > wrong)
    similar = similarities(take, sentences)
    return PairTrial(pair, higher, bool(similar[0] > similar[1]), right is None)
