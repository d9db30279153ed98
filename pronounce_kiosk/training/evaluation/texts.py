"""Score takes as what they say and as something else: natives' sentences, words, minimal pairs."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from pronounce_kiosk.audio.clip import PIPELINE_SAMPLE_RATE_HZ, AudioClip
from pronounce_kiosk.audio.files import read_clip
from pronounce_kiosk.core.errors import TrainingError
from pronounce_kiosk.core.grades import AMBER_BELOW, FAIR_POINTS, GOOD_POINTS, RED_BELOW
from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.language.units import split_units
from pronounce_kiosk.references.espeak import EspeakEngine
from pronounce_kiosk.references.espeak_library import DEFAULT_RATE_WPM
from pronounce_kiosk.training.evaluation import base, figures
from pronounce_kiosk.training.evaluation.clips import in_white_noise

NEUTRAL = "neutral"
MOST_ENGLISH = 300
"""English takes for a wrong sentence where no limit is given."""
OTHER_WORDS = 20
"""Rivals of each word; more make the ranking harder."""
PAIR_VOICES = ("+m1", "+m2", "+m4", "+m5", "+m7", "+f1", "+f3", "+f4", "+f5")
"""espeak-ng's voice variants that say a pair's words; no reference is said by them."""
PAIR_SNR_DB = 15.0
"""White noise under a pair's word; a higher value is easier."""
_MARGIN_S = 0.5


def red_marks_table(request: base.Request) -> figures.Table:
    """Score natives' takes of the right sentence: totals, refusals, red units, moods."""
    rows = request.rows_by_set(base.score_right, add_right_rows, "korean", "tedx")
    return rows.table(
        "Natives saying the right sentence",
        f"A take that is not scored counts as 0. Red: under {FAIR_POINTS:g}; amber: under "
        f"{GOOD_POINTS:g}, red ones too. Moods are compared with neutral takes of the same "
        "speakers: the largest difference of medians.",
    )


def add_right_rows(rows: figures.Rows, name: str, found: Sequence[base.Scored]) -> None:
    """Add the rows of one set of takes, whose kind is their mood."""
    rows.prefix = f"{name}: "
    units = [figures.Value(one.speaker, unit) for one in found for unit in one.unit_scores]
    with_units = [one for one in found if one.score.units]
    rows.median("median total", found, lambda one: one.total)
    rows.share("refused", found, lambda one: one.refused)
    rows.share("total under 60", found, lambda one: one.total < RED_BELOW)
    rows.share("red units", units, lambda unit: unit.value < RED_BELOW)
    rows.share("amber units", units, lambda unit: unit.value < AMBER_BELOW)
    worst = "scored takes with a red unit"
    rows.share(worst, with_units, lambda one: min(one.unit_scores, default=100.0) < RED_BELOW)
    _add_moods(rows, found)


def _add_moods(rows: figures.Rows, found: Sequence[base.Scored]) -> None:
    moods = sorted({one.kind for one in found} - {"", NEUTRAL})
    actors = {one.speaker for one in found if one.kind in moods}
    acted = [one for one in found if one.speaker in actors]
    if not any(one.kind == NEUTRAL for one in acted):
        return
    for mood in (NEUTRAL, *moods):
        mine = (one for one in acted if one.kind == mood)
        rows.median(f"{mood}, median total", mine, lambda one: one.total)
    arrays = ([one.total for one in acted], [one.kind for one in acted])
    speakers = [one.speaker for one in acted]
    rows.figure("moods against neutral", _largest_gap, arrays, speakers, figures.points)


def _largest_gap(totals: NDArray[np.float64], moods: NDArray[np.str_]) -> float:
    """Compute the largest difference of a mood's median total from that of neutral takes."""
    neutral = figures.median(totals[moods == NEUTRAL])
    return max(abs(figures.median(totals[moods == mood]) - neutral) for mood in set(moods))


def wrong_sentence_table(request: base.Request) -> figures.Table:
    """Score takes against another sentence of like length: it must be refused."""
    rows = figures.Rows()
    for folder, most in (("korean", None), ("tedx", None), ("corpus", MOST_ENGLISH)):
        if takes := request.takes(folder, most=most):
            name = base.FOLDERS[folder]
            wrong = nearest_in_length([take.sentence for take in takes])
            found = request.over(base.score_as, list(zip(takes, wrong, strict=True)), name)
            rows.share(f"{name}: wrong sentence refused", found, lambda one: one.refused)
    return rows.table(
        "Wrong sentence of like length",
        "The wrong sentence is the other text whose number of units is nearest. English: speakers "
        "the bundle may have been trained on; agreement with people has them out of fold.",
    )


def nearest_in_length(sentences: Sequence[Sentence]) -> list[Sentence]:
    """Choose for each sentence another text of nearest number of units; ties by lot."""
    texts = sorted({sentence.text for sentence in sentences})
    if len(texts) < 2:
        raise TrainingError("All takes say one sentence: there is no wrong one to try.")
    language = sentences[0].language
    lengths = {text: len(split_units(text, language)) for text in texts}
    random = np.random.default_rng(figures.SEED)
    chosen = []
    for sentence in sentences:
        gaps = {text: abs(lengths[text] - lengths[sentence.text]) for text in texts}
        del gaps[sentence.text]
        nearest = [text for text, gap in gaps.items() if gap == min(gaps.values())]
        chosen.append(Sentence("", str(random.choice(nearest)), language))
    return chosen


@dataclass(frozen=True)
class WordPair:
    """Two words that one sound tells apart. difference: ``onset``, ``nucleus`` or ``coda``."""

    difference: str
    word: str
    other: str


@dataclass(frozen=True)
class PairTrial:
    """A word of a pair, said: whether it scored more, and fits better, than the other word."""

    pair: WordPair
    higher: bool
    more_similar: bool
    refused: bool

    @property
    def speaker(self) -> str:
        """Both words, which are resampled together."""
        return "".join(sorted((self.pair.word, self.pair.other)))


def read_pairs(limit: int | None = None) -> list[WordPair]:
    """Read the minimal pairs of the package."""
    rows = base.spread(figures.read_table("korean_minimal_pairs.tsv"), limit)
    return [WordPair(**row) for row in rows]


def read_words(limit: int | None = None) -> dict[str, list[str]]:
    """Read two groups of fourteen two-syllable words of the package, at most `limit` of each.

    ``mixed``: spread over a list of 162; ``alike``: those of it that differ in the fewest sounds.
    """
    groups: dict[str, list[str]] = {}
    for row in figures.read_table("korean_words.tsv"):
        groups.setdefault(row["group"], []).append(row["word"])
    return {group: base.spread(words, limit) for group, words in groups.items()}


def own_word_table(request: base.Request) -> figures.Table:
    """Rank single words by gTTS against their own and `OTHER_WORDS` others' references."""
    takes = request.takes("gtts")
    words = sorted({take.sentence.text for take in takes})
    random = np.random.default_rng(figures.SEED)
    work = []
    for take in takes:
        others = [word for word in words if word != take.sentence.text]
        drawn = random.choice(others, min(OTHER_WORDS, len(others)), replace=False)
        work.append((take, tuple(_word(str(one)) for one in drawn)))
    ranks = request.over(_word_rank, work, "words")
    scores = request.over(base.score_right, takes, "words")
    rows = figures.Rows("own word")
    rows.share(" first", ranks, lambda one: one.value == 0)
    rows.share(" among the first two", ranks, lambda one: one.value <= 1)
    rows.share(" refused", scores, lambda one: one.refused)
    rows.median(", median total", scores, lambda one: one.total)
    return rows.table(
        f"gTTS words against their own and {min(OTHER_WORDS, len(words) - 1)} other words",
        "Ranked by how well the take fits; a tie is lost. One voice: intervals resample words.",
    )


def confusions_table(request: base.Request) -> figures.Table:
    """Score words said for one another: every ordered pair of each group of `read_words`."""
    takes = replace(request, limit=None).takes("gtts")
    takes_of = {take.sentence.text: take for take in takes}
    rows = figures.Rows()
    for group, words in read_words(request.limit).items():
        said = [word for word in words if word in takes_of]
        if len(said) < 2:
            raise TrainingError("The takes lack the words of this row: name gTTS' whole folder.")
        work = [(takes_of[word], _word(other)) for word in said for other in said if other != word]
        found = request.over(base.score_as, work, "words")
        rows.prefix = f"{group}: another word "
        rows.share("gets 80 or more", found, lambda one: one.total >= AMBER_BELOW)
        rows.share("gets 60 or more", found, lambda one: one.total >= RED_BELOW)
        rows.share("refused", found, lambda one: one.refused)
    return rows.table(
        "Two-syllable words said for one another",
        "Said by gTTS, every ordered pair of fourteen words: spread over a list (mixed), or the "
        "fourteen that differ least (alike). One voice: intervals resample the words said.",
    )


def pairs_table(request: base.Request) -> figures.Table:
    """Score each word of minimal pairs by other voices and rates than the references', in noise."""
    random = np.random.default_rng(figures.SEED)
    work = []
    for pair in read_pairs(request.limit):
        for said, other in ((pair.word, pair.other), (pair.other, pair.word)):
            voice = str(random.choice(PAIR_VOICES))
            rate = round(DEFAULT_RATE_WPM * random.uniform(0.8, 1.2))
            said_for = WordPair(pair.difference, said, other)
            work.append((said_for, voice, rate, int(random.integers(2**31))))
    return pair_rows(request.over(_pair, work, "pairs"))


def pair_rows(trials: Sequence[PairTrial]) -> figures.Table:
    """Make the table of minimal pairs."""
    rows = figures.Rows("right word ")
    rows.share("scores higher", trials, lambda one: one.higher)
    rows.share("more similar", trials, lambda one: one.more_similar)
    rows.share("refused", trials, lambda one: one.refused)
    for kind in dict.fromkeys(one.pair.difference for one in trials):
        mine = (one for one in trials if one.pair.difference == kind)
        rows.share(f"scores higher, {kind}", mine, lambda one: one.higher)
    return rows.table(
        "Korean minimal pairs",
        f"{len({one.speaker for one in trials})} pairs, each word said once by another espeak-ng "
        f"voice variant than the references', 0.8-1.2 times their rate, white noise at "
        f"{PAIR_SNR_DB:.0f} dB. A refused word counts as less than any score; of two refused none "
        "wins. Intervals resample pairs.",
    )


def _word(text: str) -> Sentence:
    return Sentence("", text, "ko")


def _word_rank(work: tuple[base.SpokenTake, tuple[Sentence, ...]]) -> figures.Value:
    """Count the other words that fit a take as well as its own."""
    take, others = work
    values = _similarities(read_clip(take.audio), (take.sentence, *others))
    return figures.Value(take.source, int(np.sum(values[1:] >= values[0])))


def _similarities(take: AudioClip, sentences: Sequence[Sentence]) -> NDArray[np.float64]:
    """Measure how well each sentence fits a take, -inf where it cannot be one."""
    found = base.engine().similarities(take, sentences)
    return np.array([-np.inf if value is None else value for value in found])


def _pair(work: tuple[WordPair, str, int, int]) -> PairTrial:
    pair, variant, rate_wpm, seed = work
    voice = EspeakEngine(rate_wpm=rate_wpm, variant=variant)
    clip = voice.render(_word(pair.word)).clip.resampled(PIPELINE_SAMPLE_RATE_HZ)
    margin = round(_MARGIN_S * PIPELINE_SAMPLE_RATE_HZ)
    padded = AudioClip.from_array(np.pad(clip.samples, margin), PIPELINE_SAMPLE_RATE_HZ)
    # The SNR is that of the voice, not of voice and silence together.
    snr_db = PAIR_SNR_DB + 20 * np.log10(padded.rms / clip.rms)
    take = in_white_noise(padded, snr_db, np.random.default_rng(seed))
    sentences = [_word(pair.word), _word(pair.other)]
    right, wrong = (base.score_of(take, sentence).score for sentence in sentences)
    higher = right is not None and (wrong is None or right > wrong)
    similar = _similarities(take, sentences)
    return PairTrial(pair, higher, bool(similar[0] > similar[1]), right is None)
