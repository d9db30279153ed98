"""Do scores agree with people? One report over a rated corpus.

What is compared is a `Row`: a name and a predicted value for each take and aspect. Adding another
scorer, a baseline or a person to the report is adding a row.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pronounce_kiosk.bundles.load import load_bundle
from pronounce_kiosk.bundles.manifest import Manifest, read_manifest
from pronounce_kiosk.core.audio import PIPELINE_SAMPLE_RATE_HZ, AudioClip
from pronounce_kiosk.core.audio_file import read_clip
from pronounce_kiosk.core.errors import TrainingError
from pronounce_kiosk.core.score import Score
from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.pipeline.run import clean_reference, clean_take
from pronounce_kiosk.pipeline.trim import FRAME_MS, voiced_frames
from pronounce_kiosk.session.engine import PracticeEngine
from pronounce_kiosk.session.parallel import DEFAULT_JOBS, limit_threads, map_in_order
from pronounce_kiosk.training.data import (
    ADULT_AGE,
    ASPECTS,
    Corpus,
    CorpusTake,
    read_corpus,
    speaker_folds,
)
from pronounce_kiosk.training.negatives import nonspeech_clips
from pronounce_kiosk.training.references import training_library
from pronounce_kiosk.training.statistics import (
    auc,
    one_rater_against_the_others,
    pearson,
    speaker_interval,
    spearman,
    within_speaker_pearson,
)

PAUSE_FRAMES = 5
"""Unvoiced for 0.15 s or more inside speech is a pause, not a stop consonant."""
FOLDS = 5
SEED = 0

Values = NDArray[np.float64]


@dataclass(frozen=True)
class Table:
    """A titled table of a report. note: what must be known to read it."""

    title: str
    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""

    def markdown(self) -> str:
        """The table as Markdown, with its title as a heading."""
        lines = [f"### {self.title}", ""]
        if self.note:
            lines += [self.note, ""]
        lines += [_bar(self.headers), _bar(["---"] * len(self.headers))]
        return "\n".join([*lines, *(_bar(row) for row in self.rows), ""])

    def text(self) -> str:
        """The table for a terminal, in columns."""
        cells = [self.headers, *self.rows]
        widths = [max(len(row[column]) for row in cells) for column in range(len(self.headers))]
        lines = [self.title, *([self.note] if self.note else [])]
        for row in cells:
            padded = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
            lines.append("  " + "  ".join(padded).rstrip())
        return "\n".join(lines) + "\n"


@dataclass(frozen=True)
class Report:
    """Tables in order. figures: the numbers a manifest keeps, by name."""

    title: str
    note: str
    tables: tuple[Table, ...]
    figures: dict[str, float] = field(default_factory=dict)

    def markdown(self) -> str:
        """The whole report as Markdown."""
        body = "\n".join(table.markdown() for table in self.tables)
        return f"## {self.title}\n\n{self.note}\n\n{body}"

    def text(self) -> str:
        """The whole report for a terminal."""
        return "\n".join([self.title, self.note, "", *(table.text() for table in self.tables)])


@dataclass(frozen=True, eq=False)
class Row:
    """One scorer in the report: what it says of every take, by aspect, each shape (takes,)."""

    name: str
    predicted: Mapping[str, Values]


@dataclass(frozen=True, eq=False)
class Truth:
    """What people said of every take: ratings (takes, 4 aspects, 5 raters), and who spoke."""

    ratings: Values
    speakers: tuple[str, ...]
    ages: NDArray[np.int64]

    @classmethod
    def of(cls, takes: Sequence[CorpusTake]) -> Truth:
        """From a corpus' takes, in their order."""
        return cls(
            np.stack([take.ratings for take in takes]),
            tuple(take.speaker for take in takes),
            np.array([take.age for take in takes], np.int64),
        )

    def mean(self, aspect: str) -> Values:
        """The raters' mean, shape (takes,)."""
        mean: Values = self.ratings[:, ASPECTS.index(aspect)].mean(axis=1)
        return mean

    def raters(self, aspect: str) -> Values:
        """Each rater's own values, shape (takes, raters)."""
        values: Values = self.ratings[:, ASPECTS.index(aspect)]
        return values


@dataclass(frozen=True)
class TakeEvidence:
    """What evaluation needs of one take, computed once.

    right: scored as its own sentence; wrong: as another one, None where none was asked for.
    timing: see `timing_features`.
    """

    right: Score | None
    wrong: Score | None
    timing: tuple[float, ...]


def evaluate_bundle(
    corpus_folder: Path,
    bundle_folder: Path,
    all_speakers: bool = False,
    jobs: int = DEFAULT_JOBS,
) -> Report:
    """Compare a bundle with a corpus' raters, on speakers it was not trained on.

    Speakers that the manifest names as training or calibration speakers are left out where the
    corpus is the one it was trained on. Raises `TrainingError` and `BundleError`.
    """
    corpus = read_corpus(corpus_folder)
    manifest = read_manifest(bundle_folder)
    known = set() if all_speakers else heard_speakers(manifest, corpus)
    chosen = [row for row, take in enumerate(corpus.takes) if take.speaker not in known]
    if not chosen:
        raise TrainingError("The bundle was trained on every speaker here: use --all-speakers.")
    evidence = gather(corpus, chosen, bundle_folder, jobs)
    takes = [corpus.takes[row] for row in chosen]
    truth = Truth.of(takes)
    rights = [evidence[row].right for row in chosen]
    own = Row(manifest.name, {aspect: _points(rights, aspect) for aspect in ASPECTS})
    timing = Row("timing alone", timing_baseline(corpus, evidence, chosen))
    gate, gate_figures = gate_table([evidence[row] for row in chosen])
    agreement, figures = agreement_table([own, timing], truth)
    nonspeech = nonspeech_table(bundle_folder, takes)
    speakers = len(set(truth.speakers))
    heard = "trained on some of them" if all_speakers else "none of them heard in training"
    return Report(
        f"{manifest.name} on {corpus_folder.resolve().name}",
        f"{len(takes)} takes of {speakers} speakers, {heard}; espeak-ng references.",
        (agreement, gate, nonspeech),
        {**figures, **gate_figures},
    )


def heard_speakers(manifest: Manifest, corpus: Corpus) -> set[str]:
    """Speakers a bundle was fitted on, if this is the corpus they come from.

    Another corpus may number its speakers alike: only one that holds every name is the same.
    """
    table = manifest.table("training")
    names = {
        str(name)
        for key in ("training_speakers", "calibration_speakers")
        for name in table.get(key, [])
    }
    return names if names <= set(corpus.speakers) else set()


def gather(
    corpus: Corpus, chosen: Sequence[int], bundle_folder: Path, jobs: int = DEFAULT_JOBS
) -> list[TakeEvidence]:
    """Evidence for every take of the corpus, scores only for the chosen rows."""
    wanted = set(chosen)
    others = wrong_sentences(corpus.takes)
    work = [
        (take, others[row] if row in wanted else None, row in wanted)
        for row, take in enumerate(corpus.takes)
    ]
    start = partial(_start, bundle_folder)
    return list(map_in_order(_evidence, work, jobs=jobs, label="takes", initializer=start))


def wrong_sentences(takes: Sequence[CorpusTake], seed: int = SEED) -> list[Sentence]:
    """For each take another text of the corpus, of nearly the same length."""
    texts = sorted({take.sentence.text for take in takes}, key=lambda text: (len(text), text))
    if len(texts) < 2:
        raise TrainingError("The corpus has one sentence only: there is no wrong one to try.")
    place = {text: index for index, text in enumerate(texts)}
    random = np.random.default_rng(seed)
    chosen = []
    for take in takes:
        middle = place[take.sentence.text]
        near = [i for i in range(max(0, middle - 10), min(len(texts), middle + 11)) if i != middle]
        text = texts[int(random.choice(near))]
        chosen.append(Sentence("", text, take.sentence.language))
    return chosen


def timing_features(take: AudioClip, reference: AudioClip) -> tuple[float, ...]:
    """What the clock alone tells: length against the reference, and pauses.

    Both clips trimmed, 16 kHz. log of the ratio of durations, share and number of pauses, the
    longest in seconds, log duration of the reference. Zeros for an empty take.
    """
    if not len(take.samples) or not len(reference.samples):
        return (0.0,) * 5
    gaps = _pause_lengths(voiced_frames(take))
    frames = max(1, len(take.samples) * 1000 // (PIPELINE_SAMPLE_RATE_HZ * FRAME_MS))
    return (
        math.log(take.duration_s / reference.duration_s),
        sum(gaps) / frames,
        float(len(gaps)),
        max(gaps, default=0) * FRAME_MS / 1000,
        math.log(reference.duration_s),
    )


def timing_baseline(
    corpus: Corpus, evidence: Sequence[TakeEvidence], chosen: Sequence[int]
) -> dict[str, Values]:
    """Timing features to ratings, out of fold over five speaker-disjoint folds of the corpus.

    A scorer that does not beat this has learned nothing about sounds.
    """
    from sklearn.ensemble import ExtraTreesRegressor

    features = np.array([item.timing for item in evidence])
    speakers = [take.speaker for take in corpus.takes]
    folds = speaker_folds(speakers, min(FOLDS, len(set(speakers))), SEED)
    targets = np.array([take.ratings.mean(axis=1) for take in corpus.takes])
    predicted = np.tile(targets.mean(axis=0), (len(targets), 1))
    for fold in range(int(folds.max()) + 1):
        rest, held = folds != fold, folds == fold
        if rest.any() and held.any():
            model = ExtraTreesRegressor(200, min_samples_leaf=10, random_state=SEED)
            predicted[held] = model.fit(features[rest], targets[rest]).predict(features[held])
    return {aspect: predicted[list(chosen), column] for column, aspect in enumerate(ASPECTS)}


def agreement_table(rows: Sequence[Row], truth: Truth) -> tuple[Table, dict[str, float]]:
    """Every row against the raters' mean, and one rater against the other four.

    Also gives the first row's figures, which a bundle's manifest keeps.
    """
    lines: list[tuple[str, ...]] = []
    figures: dict[str, float] = {}
    adult = truth.ages >= ADULT_AGE
    for aspect in ASPECTS:
        human = truth.mean(aspect)
        for index, row in enumerate(rows):
            values = row.predicted[aspect]
            within = within_speaker_pearson(values, human, truth.speakers)
            lines.append(
                (
                    aspect,
                    row.name,
                    _with_interval(pearson, values, human, truth.speakers),
                    _with_interval(spearman, values, human, truth.speakers),
                    _number(within),
                    _number(pearson(values[adult], human[adult])),
                    _number(pearson(values[~adult], human[~adult])),
                )
            )
            if index == 0:
                figures[f"pcc_{aspect}"] = round(pearson(values, human), 3)
                figures[f"within_speaker_pcc_{aspect}"] = round(within, 3)
        lines.append((aspect, "one rater, the other four", *_one_rater(truth, aspect, adult)))
    table = Table(
        "Agreement with the raters' mean",
        ("aspect", "who", "PCC [95 %]", "Spearman [95 %]", "within speaker", "adults", "children"),
        tuple(lines),
        "Intervals resample speakers. A take that is not scored counts as 0; an aspect the model "
        "does not give is judged by its score.",
    )
    return table, figures


def _one_rater(truth: Truth, aspect: str, adult: NDArray[np.bool_]) -> tuple[str, ...]:
    """How well a single rater agrees with the mean of the others: the mean over raters."""
    ratings = truth.raters(aspect)
    within = partial(within_speaker_pearson, speakers=truth.speakers)
    return (
        _number(one_rater_against_the_others(ratings, pearson)),
        _number(one_rater_against_the_others(ratings, spearman)),
        _number(one_rater_against_the_others(ratings, within)),
        _number(one_rater_against_the_others(ratings[adult], pearson)),
        _number(one_rater_against_the_others(ratings[~adult], pearson)),
    )


def gate_table(evidence: Sequence[TakeEvidence]) -> tuple[Table, dict[str, float]]:
    """Right against wrong sentence of nearly the same length."""
    right = _points([item.right for item in evidence], "total")
    wrong = _points([item.wrong for item in evidence], "total")
    area = auc(right, wrong)
    scored = [_scored([getattr(item, side) for item in evidence]) for side in ("right", "wrong")]
    rows = (
        ("AUC, right above wrong", _number(area)),
        ("median score, right sentence", f"{np.median(right):.1f}"),
        ("median score, wrong sentence", f"{np.median(wrong):.1f}"),
        ("right sentence refused", f"{100 * (1 - scored[0]):.1f} %"),
        ("wrong sentence refused", f"{100 * (1 - scored[1]):.1f} %"),
    )
    table = Table("Right or wrong sentence", ("what", "figure"), rows)
    return table, {"auc_wrong_sentence": round(area, 3)}


def nonspeech_table(bundle_folder: Path, takes: Sequence[CorpusTake]) -> Table:
    """What is no speech, or speech backwards: must never get a good score."""
    library = training_library()
    engine = PracticeEngine(library, load_bundle(bundle_folder).scorer, "espeak")
    some = [takes[row] for row in np.linspace(0, len(takes) - 1, min(64, len(takes))).astype(int)]
    sentences = [take.sentence for take in some]
    silence = AudioClip.from_array(np.zeros(3 * PIPELINE_SAMPLE_RATE_HZ), PIPELINE_SAMPLE_RATE_HZ)
    kinds: dict[str, list[AudioClip]] = {
        "silence": [silence],
        "noise, hum": nonspeech_clips(SEED + 1000),
        "speech backwards": [_backwards(read_clip(take.audio)) for take in some],
    }
    rows = []
    for kind, clips in kinds.items():
        scores = [
            engine.score(clip, sentences[index % len(sentences)]).score
            for index, clip in enumerate(clips)
        ]
        points = _points(scores, "total")
        refused = f"{100 * (1 - _scored(scores)):.0f} %"
        rows.append((kind, refused, f"{np.median(points):.1f}", f"{points.max():.1f}"))
    return Table("What is no speech", ("what", "refused", "median score", "highest"), tuple(rows))


_engine: PracticeEngine | None = None


def _start(bundle_folder: Path) -> None:
    """Build this process's engine; always espeak-ng, or a cached gTTS voice changes the figures."""
    global _engine
    limit_threads(1)
    _engine = PracticeEngine(training_library(), load_bundle(bundle_folder).scorer, "espeak")


def _evidence(work: tuple[CorpusTake, Sentence | None, bool]) -> TakeEvidence:
    take, wrong, scored = work
    assert _engine is not None
    clip = read_clip(take.audio)
    sentence = Sentence("", take.sentence.text, take.sentence.language)
    reference = clean_reference(_engine.reference(sentence).clip).clip
    return TakeEvidence(
        _engine.score(clip, sentence).score if scored else None,
        _engine.score(clip, wrong).score if wrong is not None else None,
        timing_features(clean_take(clip).clip, reference),
    )


def _points(scores: Sequence[Score | None], aspect: str) -> Values:
    """Scores as numbers, 0 where a take was not scored, the score for an aspect not given."""
    values = []
    for score in scores:
        value = None if score is None or aspect == "total" else getattr(score, aspect)
        if value is None and score is not None:
            value = score.score
        values.append(0.0 if value is None else float(value))
    return np.array(values)


def _scored(scores: Sequence[Score | None]) -> float:
    """The share of takes that got a number."""
    return float(np.mean([score is not None and score.score is not None for score in scores]))


def _backwards(clip: AudioClip) -> AudioClip:
    return AudioClip.from_array(clip.samples[::-1].copy(), clip.sample_rate_hz)


def _pause_lengths(voiced: NDArray[np.bool_]) -> list[int]:
    """Lengths in frames of the unvoiced runs inside speech that are pauses."""
    inside = np.flatnonzero(voiced)
    gaps = np.diff(inside) - 1
    return [int(gap) for gap in gaps if gap >= PAUSE_FRAMES]


def _with_interval(
    statistic: Callable[..., float], values: Values, human: Values, speakers: Sequence[str]
) -> str:
    low, high = speaker_interval(statistic, (values, human), speakers)
    return f"{_number(statistic(values, human))} [{_number(low)}, {_number(high)}]"


def _number(value: float) -> str:
    return "-" if not np.isfinite(value) else f"{value:.3f}"


def _bar(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"
