"""How well a bundle scores Korean, for which there are no human ratings yet.

Natives who say the right sentence, or another one; single words by another engine; minimal pairs;
and natives' takes in which syllables were cut, replaced or swapped. Nothing is fitted here. Every
take goes the kiosk's own way, from the clip to the score, against espeak-ng references; syllables
also against a person's recording.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pronounce_kiosk.audio.clip import PIPELINE_SAMPLE_RATE_HZ, AudioClip
from pronounce_kiosk.audio.files import read_clip
from pronounce_kiosk.bundles.load import load_bundle
from pronounce_kiosk.core.errors import TrainingError
from pronounce_kiosk.core.score import Score, UnitScore, Verdict
from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.language.units import split_units
from pronounce_kiosk.references.espeak import EspeakEngine
from pronounce_kiosk.references.espeak_library import DEFAULT_RATE_WPM
from pronounce_kiosk.session.engine import PracticeEngine
from pronounce_kiosk.session.parallel import DEFAULT_JOBS, limit_threads, map_in_order
from pronounce_kiosk.training.data.references import training_library
from pronounce_kiosk.training.evaluation.people import Table
from pronounce_kiosk.training.evaluation.statistics import auc

SEED = 0
LOW_SCORE = 60.0
OTHER_WORDS = 20
PAIR_VOICES = ("+m1", "+m2", "+m4", "+m5", "+m7", "+f1", "+f3", "+f4", "+f5")
"""Variants a pair's word is said by: none of them says a reference."""
PAIR_SNR_DB = 15.0
TOUCHED_COUNTS = (1, 2, 4)
CROSS_FADE_S = 0.005
MIN_UNIT_S = 0.05

HEADERS = ("what", "n", "figure", "must", "goal")
Values = NDArray[np.float64]


@dataclass(frozen=True)
class SpokenTake:
    """A take without ratings: the sentence that was said, its audio, and how (an emotion)."""

    sentence: Sentence
    audio: Path
    speaker: str = ""
    emotion: str = ""


@dataclass(frozen=True)
class WordPair:
    """Two words that one sound tells apart. difference: ``onset``, ``nucleus`` or ``coda``."""

    difference: str
    word: str
    other: str


def read_spoken(folder: Path, language: str = "ko", limit: int | None = None) -> list[SpokenTake]:
    """The takes of a folder's utterances.tsv; `limit` of them, spread over the table.

    Raises `TrainingError` where the table or a recording is missing or not as documented.
    """
    folder = folder.resolve()  # a sentence's recording has a whole path
    path = folder / "utterances.tsv"
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise TrainingError(f"{path} cannot be read: name the folder that holds it.") from error
    rows = list(csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE))
    if not rows or not {"utterance", "text"} <= set(rows[0]):
        raise TrainingError(f"{path} needs the columns utterance and text: get the whole folder.")
    return [_spoken(folder, language, row) for row in spread(rows, limit)]


def spread(items: Sequence[Any], limit: int | None) -> list[Any]:
    """At most `limit` items, evenly over the sequence, in its order."""
    if limit is None or limit >= len(items):
        return list(items)
    return [items[row] for row in np.linspace(0, len(items) - 1, limit).round().astype(int)]


def read_pairs(path: Path | None = None, limit: int | None = None) -> list[WordPair]:
    """Minimal pairs from a table (difference, word, other); the package's own without a path."""
    if path is None:
        data = files("pronounce_kiosk.training.evaluation") / "data" / "korean_minimal_pairs.tsv"
        text = data.read_text(encoding="utf-8")
    else:
        text = path.read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines(), delimiter="\t"))
    pairs = [WordPair(row["difference"], row["word"], row["other"]) for row in rows]
    return spread(pairs, limit)


def korean_table(
    takes: Sequence[SpokenTake], bundle_folder: Path, jobs: int = DEFAULT_JOBS
) -> Table:
    """Natives: the right sentence, the same by mood, and another of the same length."""
    wrong = nearest_in_length([take.sentence for take in takes])
    work = list(zip(takes, wrong, strict=True))
    pairs = over_processes(_right_and_wrong, work, bundle_folder, jobs, "natives")
    rights = [right for right, _ in pairs]
    wrongs = [score for _, score in pairs]
    points = np.array([points_of(score) for score in rights])
    count = str(len(points))
    rows = [
        ("right sentence, median", count, f"{np.median(points):.1f}", "85", "92"),
        ("right sentence under 60", count, percent(points < LOW_SCORE), "3 %", "0"),
        ("right sentence refused", count, percent(_refused(rights)), "", ""),
        ("wrong sentence refused", count, percent(_refused(wrongs)), "97 %", "99.5 %"),
    ]
    return Table(
        "Native Korean",
        HEADERS,
        (*rows, *_mood_rows(takes, points)),
        "A take that is not scored counts as 0. The wrong sentence is the other text whose number "
        "of syllables is nearest. Moods are compared with neutral takes of the same speakers.",
    )


def _mood_rows(takes: Sequence[SpokenTake], points: Values) -> list[tuple[str, ...]]:
    moods = sorted({take.emotion for take in takes} - {"", "neutral"})
    actors = {take.speaker for take in takes if take.emotion in moods}
    rows: list[tuple[str, ...]] = []
    medians: dict[str, float] = {}
    for mood in ("neutral", *moods) if moods else ():
        mine = [
            value
            for take, value in zip(takes, points, strict=True)
            if take.emotion == mood and take.speaker in actors
        ]
        if mine:
            medians[mood] = float(np.median(mine))
            rows.append((f"{mood}, median", str(len(mine)), f"{medians[mood]:.1f}", "", ""))
    if "neutral" in medians and len(medians) > 1:
        most = max(abs(medians[mood] - medians["neutral"]) for mood in medians)
        acted = str(sum(take.emotion in moods for take in takes))
        rows.append(("mood against neutral, most", acted, f"{most:.1f}", "6", "2"))
    return rows


def nearest_in_length(sentences: Sequence[Sentence], seed: int = SEED) -> list[Sentence]:
    """For each sentence another text of as nearly the same number of units; ties by lot.

    Raises `TrainingError` where there is one text only.
    """
    texts = sorted({sentence.text for sentence in sentences})
    if len(texts) < 2:
        raise TrainingError("All takes say one sentence: there is no wrong one to try.")
    language = sentences[0].language
    lengths = {text: len(split_units(text, language)) for text in texts}
    random = np.random.default_rng(seed)
    chosen = []
    for sentence in sentences:
        gaps = {
            text: abs(lengths[text] - lengths[sentence.text])
            for text in texts
            if text != sentence.text
        }
        nearest = [text for text, gap in gaps.items() if gap == min(gaps.values())]
        chosen.append(Sentence("", str(random.choice(nearest)), language))
    return chosen


def gtts_table(
    takes: Sequence[SpokenTake], bundle_folder: Path, jobs: int = DEFAULT_JOBS, seed: int = SEED
) -> Table:
    """Single words by gTTS, each against its own and `OTHER_WORDS` others' references."""
    words = sorted({take.sentence.text for take in takes})
    random = np.random.default_rng(seed)
    work = []
    for take in takes:
        others = [word for word in words if word != take.sentence.text]
        drawn = random.choice(others, min(OTHER_WORDS, len(others)), replace=False)
        work.append((take, tuple(Sentence("", str(word), "ko") for word in drawn)))
    results = over_processes(_word_rank, work, bundle_folder, jobs, "words")
    ranks = np.array([rank for rank, _ in results])
    scores = [score for _, score in results]
    points = np.array([points_of(score) for score in scores])
    count = str(len(takes))
    return Table(
        f"gTTS words against their own and {min(OTHER_WORDS, len(words) - 1)} other words",
        HEADERS,
        (
            ("own word first", count, percent(ranks == 0), "80 %", "95 %"),
            ("own word among the first two", count, percent(ranks <= 1), "", ""),
            ("own word refused", count, percent(_refused(scores)), "5 %", "1 %"),
            ("own word, median score", count, f"{np.median(points):.1f}", "", ""),
        ),
        "Ranked by similarity (the gate's value); a tie is lost.",
    )


def pairs_table(
    pairs: Sequence[WordPair], bundle_folder: Path, jobs: int = DEFAULT_JOBS, seed: int = SEED
) -> Table:
    """Minimal pairs by another voice and rate than the references', in noise.

    Each word of a pair is a take once. A refused word counts as -1, so of two refused none wins.
    """
    random = np.random.default_rng(seed)
    work = []
    for pair in pairs:
        for said, other in ((pair.word, pair.other), (pair.other, pair.word)):
            voice = str(random.choice(PAIR_VOICES))
            rate = round(DEFAULT_RATE_WPM * random.uniform(0.8, 1.2))
            work.append((said, other, voice, rate, int(random.integers(2**31))))
    results = np.array(over_processes(_pair, work, bundle_folder, jobs, "pairs"))
    kinds = np.array([pair.difference for pair in pairs for _ in range(2)])
    total, similar, refused = results[:, 0] > 0, results[:, 1] > 0, results[:, 2] > 0
    count = str(len(work))
    rows = [
        ("right word scores higher", count, percent(total), "90 %", "98 %"),
        ("right word more similar", count, percent(similar), "", ""),
        ("right word refused", count, percent(refused), "", ""),
    ]
    for kind in dict.fromkeys(kinds):
        mine = kinds == kind
        label = f"right word scores higher, {kind}"
        rows.append((label, str(mine.sum()), percent(total[mine]), "", ""))
    return Table(
        "Korean minimal pairs",
        HEADERS,
        tuple(rows),
        f"{len(pairs)} pairs, each word said once by another espeak-ng voice variant than the "
        f"references', 0.8-1.2 times their rate, white noise at {PAIR_SNR_DB:.0f} dB.",
    )


def touched_table(
    takes: Sequence[SpokenTake], bundle_folder: Path, jobs: int = DEFAULT_JOBS, seed: int = SEED
) -> Table:
    """Takes with syllables cut, replaced or swapped: are those units marked, and only those?"""
    return touched_rows(_touched(takes, bundle_folder, jobs, seed))


def recorded_table(
    takes: Sequence[SpokenTake],
    bundle_folder: Path,
    jobs: int = DEFAULT_JOBS,
    seed: int = SEED,
    limit: int | None = None,
) -> Table:
    """The same with another speaker's take of the sentence as the reference, as a teacher's is.

    Takes of sentences that one speaker alone said are left out; limit: of the others.
    """
    pairs = spread(with_recordings(takes, seed), limit)
    plain = _touched([take for take, _ in pairs], bundle_folder, jobs, seed)
    recorded = [replace(take, sentence=sentence) for take, sentence in pairs]
    table = touched_rows(_touched(recorded, bundle_folder, jobs, seed))
    beside = _auc_row("the same takes against espeak-ng's voices", _scored(plain))
    return replace(
        table,
        title=f"{table.title}, against a person's recording",
        rows=(table.rows[0], beside, *table.rows[1:]),
        note=f"{table.note} The recording is another native's take of the sentence.",
    )


def with_recordings(
    takes: Sequence[SpokenTake], seed: int = SEED
) -> list[tuple[SpokenTake, Sentence]]:
    """Takes whose sentence another speaker said too, and the sentence with that one's recording."""
    random = np.random.default_rng(seed)
    pairs = []
    for take in takes:
        others = [
            other.audio
            for other in takes
            if other.speaker != take.speaker and other.sentence == take.sentence
        ]
        if others:
            audio = others[int(random.integers(len(others)))]
            pairs.append((take, replace(take.sentence, audio=audio)))
    return pairs


def _touched(takes: Sequence[SpokenTake], bundle_folder: Path, jobs: int, seed: int) -> list[Trial]:
    work = [(take, seed + row) for row, take in enumerate(takes)]
    per_take = over_processes(_touch_all, work, bundle_folder, jobs, "touched")
    trials = [trial for found in per_take for trial in found]
    if not trials:
        raise TrainingError("No take was scored and long enough to touch: use longer sentences.")
    return trials


def _scored(trials: Sequence[Trial]) -> list[Trial]:
    return [trial for trial in trials if len(trial.after) and trial.count]


@dataclass(frozen=True)
class Trial:
    """One touched take. before, after: score of each unit (NaN where there is none).

    touched: which units were touched. after is empty where the touched take was refused, whose
    total is 0. kind: ``none`` is the take as it was.
    """

    kind: str
    count: int
    total: float
    touched: NDArray[np.bool_]
    before: Values
    after: Values


def touched_rows(trials: Sequence[Trial]) -> Table:
    """The table over trials: AUC of units, means of totals, what neighbours lost."""
    scored = _scored(trials)
    rows = [_auc_row("AUC of units, all", scored, "0.85", "0.95")]
    kinds = [kind for kind in ("cut", "replaced", "swapped") if any(t.kind == kind for t in trials)]
    for kind in kinds:
        rows.append(_auc_row(f"AUC of units, {kind}", [t for t in scored if t.kind == kind]))
    for kind in kinds:
        mine = [t for t in trials if t.kind in ("none", kind)]
        means = {
            count: float(np.mean([t.total for t in mine if t.count == count]))
            for count in sorted({t.count for t in mine})
        }
        falls = all(a > b for a, b in zip(means.values(), list(means.values())[1:], strict=False))
        shown = " > ".join(f"{mean:.1f}" for mean in means.values())
        label = f"mean total, {kind}: {', '.join(str(count) for count in means)}"
        rows.append(
            (label, str(len(mine)), shown if falls else f"{shown} (not falling)", "monotone", "")
        )
    attempts = [trial for trial in trials if trial.count]
    refused = np.array([not len(trial.after) for trial in attempts])
    rows.append(("touched take refused", str(len(attempts)), percent(refused), "", ""))
    touched, near, far = [], [], []
    for trial in scored:
        change = trial.after - trial.before
        beside = _beside(trial.touched)
        touched += list(change[trial.touched])
        near += list(change[beside & ~trial.touched])
        far += list(change[~beside & ~trial.touched])
    for label, values in (
        ("touched units, mean change", touched),
        ("neighbours, mean change", near),
        ("units further off, mean change", far),
    ):
        finite = np.array(values)[np.isfinite(values)]
        mean = f"{finite.mean():+.1f}" if len(finite) else "-"
        rows.append((label, str(len(finite)), mean, "", ""))
    return Table(
        "Syllables cut, replaced and swapped",
        HEADERS,
        tuple(rows),
        "From natives' own takes, by the unit times of the untouched take, cross-faded over 5 ms. "
        "AUC: untouched against touched units of touched takes that were scored; a refused take "
        "counts as 0 in the totals. One syllable cannot be swapped.",
    )


def _auc_row(
    label: str, trials: Sequence[Trial], must: str = "", goal: str = ""
) -> tuple[str, ...]:
    """Chance that an untouched unit scores above a touched one; n counts touched units."""
    intact: list[float] = []
    touched: list[float] = []
    for trial in trials:
        known = np.isfinite(trial.after)
        touched += list(trial.after[trial.touched & known])
        intact += list(trial.after[~trial.touched & known])
    return (label, str(len(touched)), f"{auc(intact, touched):.3f}", must, goal)


def _beside(touched: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which units lie next to a touched one."""
    beside = np.zeros(len(touched), bool)
    beside[1:] |= touched[:-1]
    beside[:-1] |= touched[1:]
    return beside


# What runs in the processes: one engine each, espeak-ng's references.
_engine: PracticeEngine | None = None


def start_engine(bundle_folder: Path) -> None:
    """Build this process's engine; always espeak-ng, or a cached gTTS voice changes the figures."""
    global _engine
    limit_threads(1)
    _engine = PracticeEngine(training_library(), load_bundle(bundle_folder).scorer, "espeak")


def engine() -> PracticeEngine:
    """This process's engine, after `start_engine`."""
    assert _engine is not None
    return _engine


def over_processes(
    function: Callable[[Any], Any],
    work: Sequence[Any],
    bundle_folder: Path,
    jobs: int,
    label: str,
) -> list[Any]:
    start = partial(start_engine, bundle_folder)
    return list(map_in_order(function, work, jobs=jobs, label=label, initializer=start))


def similarities(take: AudioClip, sentences: Sequence[Sentence]) -> Values:
    """How much a take is each sentence; -inf where it cannot be. By score where a model has only
    that, and a refused one is -1."""
    scorer = engine().scorer
    prepared = [engine().prepare(sentence) for sentence in sentences]
    rank = getattr(scorer, "similarities", None)
    if rank is None:
        scores = [scorer.score(take, one).score.score for one in prepared]
        return np.array([-1.0 if score is None else score for score in scores])
    return np.array([-np.inf if value is None else value for value in rank(take, prepared)])


def points_of(score: Score) -> float:
    """The score as a number, 0 where the take was not scored."""
    return 0.0 if score.score is None else float(score.score)


def percent(flags: Iterable[Any]) -> str:
    """The share of true ones."""
    return f"{100 * float(np.mean(list(flags))):.1f} %"


def _refused(scores: Sequence[Score]) -> NDArray[np.bool_]:
    return np.array([score.verdict is not Verdict.SCORED for score in scores])


def _right_and_wrong(work: tuple[SpokenTake, Sentence]) -> tuple[Score, Score]:
    take, wrong = work
    clip = read_clip(take.audio)
    return engine().score(clip, take.sentence).score, engine().score(clip, wrong).score


def _word_rank(work: tuple[SpokenTake, tuple[Sentence, ...]]) -> tuple[int, Score]:
    take, others = work
    clip = read_clip(take.audio)
    values = similarities(clip, (take.sentence, *others))
    score = engine().score(clip, take.sentence).score
    return int(np.sum(values[1:] >= values[0])), score


def _pair(work: tuple[str, str, str, int, int]) -> tuple[float, float, bool]:
    """Right word's total less the other's, the same of similarity, right word refused."""
    said, other, variant, rate_wpm, seed = work
    voice = EspeakEngine(rate_wpm=rate_wpm, variant=variant)
    clip = voice.render(Sentence("", said, "ko")).clip.resampled(PIPELINE_SAMPLE_RATE_HZ)
    take = noisy(clip, np.random.default_rng(seed), PAIR_SNR_DB)
    sentences = (Sentence("", said, "ko"), Sentence("", other, "ko"))
    right, wrong = (engine().score(take, sentence).score.score for sentence in sentences)
    total = (-1.0 if right is None else right) - (-1.0 if wrong is None else wrong)
    similar = similarities(take, sentences)
    higher = float(similar[0] > similar[1])
    return total, higher, right is None


def noisy(clip: AudioClip, random: np.random.Generator, snr_db: float) -> AudioClip:
    """The clip in white noise that many dB under its RMS, with half a second more at each end."""
    margin = clip.sample_rate_hz // 2
    samples = np.pad(clip.samples.astype(np.float64), margin)
    level = clip.rms * 10 ** (-snr_db / 20)
    mixed = samples + level * random.standard_normal(len(samples))
    return AudioClip.from_array(0.5 * mixed / np.abs(mixed).max(), clip.sample_rate_hz)


def _touch_all(work: tuple[SpokenTake, int]) -> list[Trial]:
    """The take as it is, and touched every way; nothing where it is refused or too short."""
    take, seed = work
    random = np.random.default_rng(seed)
    clip = read_clip(take.audio).resampled(PIPELINE_SAMPLE_RATE_HZ)
    mine = _engine_for(take.sentence)
    first = mine.score(clip, take.sentence).score
    said = [unit.said for unit in split_units(take.sentence.text, take.sentence.language)]
    good = touchable(first.units, said)
    if first.score is None or len(good) < 2 * max(TOUCHED_COUNTS):
        return []
    before = _unit_points(first)
    trials = [Trial("none", 0, first.score, np.zeros(len(said), bool), before, before)]
    for count in TOUCHED_COUNTS:
        for kind in ("cut", "replaced", "swapped"):
            if kind == "swapped" and count % 2:
                continue
            edited, rows = touch(clip, first.units, said, kind, count, random)
            score = mine.score(edited, take.sentence).score
            flags = np.isin(np.arange(len(said)), rows)
            after = _unit_points(score) if score.score is not None else np.zeros(0)
            trials.append(Trial(kind, count, points_of(score), flags, before, after))
    return trials


def _engine_for(sentence: Sentence) -> PracticeEngine:
    """This process's; for a sentence with a recording, one that insists on that."""
    if sentence.audio is None:
        return engine()
    return PracticeEngine(engine().library, engine().scorer, "recording")


def _unit_points(score: Score) -> Values:
    return np.array([np.nan if u.score is None else u.score for u in score.units], np.float64)


def touchable(units: Sequence[UnitScore], said: Sequence[str]) -> list[int]:
    """Units that are a syllable with a time of its own, long enough to hear it gone."""
    rows = []
    for row, (unit, syllable) in enumerate(zip(units, said, strict=False)):
        long = unit.end_s - unit.start_s >= MIN_UNIT_S
        if unit.score is not None and len(syllable) == 1 and long:
            rows.append(row)
    return rows


def touch(
    clip: AudioClip,
    units: Sequence[UnitScore],
    said: Sequence[str],
    kind: str,
    count: int,
    random: np.random.Generator,
) -> tuple[AudioClip, list[int]]:
    """The clip with `count` of its syllables cut, replaced or swapped, and which those are.

    What takes a syllable's place is another one of the same take that sounds different.
    """
    good = touchable(units, said)
    rows = sorted(int(row) for row in random.choice(good, count, replace=False))
    source: dict[int, int | None] = dict.fromkeys(rows)
    if kind == "replaced":
        for row in rows:
            others = [other for other in good if said[other] != said[row]]
            source[row] = int(random.choice(others)) if others else None
    elif kind == "swapped":
        source = _swapped(good, said, count, random)
    rate = clip.sample_rate_hz
    pieces: list[NDArray[np.float32]] = []
    end = 0
    for row in sorted(source):
        pieces.append(clip.samples[end : round(units[row].start_s * rate)])
        other = source[row]
        if other is not None:
            pieces.append(clip.slice_s(units[other].start_s, units[other].end_s).samples)
        end = max(end, round(units[row].end_s * rate))
    pieces.append(clip.samples[end:])
    return AudioClip.from_array(cross_faded(pieces, round(CROSS_FADE_S * rate)), rate), sorted(
        source
    )


def _swapped(
    good: Sequence[int], said: Sequence[str], count: int, random: np.random.Generator
) -> dict[int, int | None]:
    """Pairs of syllables that sound different, each in the other's place."""
    source: dict[int, int | None] = {}
    for row in (int(row) for row in random.permutation(good)):
        if len(source) >= count:
            break
        others = [o for o in good if o not in source and o != row and said[o] != said[row]]
        if row in source or not others:
            continue
        other = int(random.choice(others))
        source |= {row: other, other: row}
    return source


def cross_faded(pieces: Sequence[NDArray[np.float32]], fade: int) -> NDArray[np.float32]:
    """Pieces one after another, each joint faded over `fade` samples (fewer in a short piece)."""
    whole = np.zeros(0, np.float32)
    for piece in pieces:
        over = min(fade, len(whole), len(piece))
        ramp = np.linspace(0.0, 1.0, over, dtype=np.float32)
        joint = whole[len(whole) - over :] * (1 - ramp) + piece[:over] * ramp
        whole = np.concatenate([whole[: len(whole) - over], joint, piece[over:]])
    return whole


def _spoken(folder: Path, language: str, row: dict[str, str]) -> SpokenTake:
    for extension in ("ogg", "mp3", "wav"):
        audio = folder / "audio" / f"{row['utterance']}.{extension}"
        if audio.is_file():
            sentence = Sentence("", row["text"], language)
            return SpokenTake(sentence, audio, row.get("speaker", ""), row.get("emotion", ""))
    raise TrainingError(f"{folder / 'audio'} lacks {row['utterance']}: get the whole folder.")
