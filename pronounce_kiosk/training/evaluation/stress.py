"""Measure how often a word stressed on another syllable is named, and how often right words are."""

import zlib
from itertools import chain, product

from pronounce_kiosk.audio.files import read_clip
from pronounce_kiosk.core.score import RemarkKind, Score
from pronounce_kiosk.core.sentence import STRESS, Sentence
from pronounce_kiosk.scoring.english.stress import BY_ITSELF
from pronounce_kiosk.training.data.corpus import CorpusTake, read_corpus
from pronounce_kiosk.training.evaluation import base, figures
from pronounce_kiosk.training.evaluation.namings import ENGLISH_VOICES, score_spoken

_FULL_MARKS = 10.0
_CONTRASTS: dict[str, tuple[tuple[str, ...], ...]] = {"in its list": (STRESS,), "elsewhere": ()}
Row = dict[str, str]


def stress_table(request: base.Request) -> figures.Table:
    """Let espeak-ng move words' stress, and say them right; hear learners where there are any."""
    words = base.spread(figures.read_table("english_stress.tsv"), request.limit)
    texts = sorted({word["text"] for word in words})
    corpus = request.folders.get("corpus")
    takes = base.spread(read_corpus(corpus), request.limit) if corpus else []
    rows = figures.Rows()
    for where in _CONTRASTS:
        rows.prefix = f"{where}: "
        moved = request.over(_moved, list(product([where], words, ENGLISH_VOICES)), where)
        rows.share("moved stress named", moved)
        right = request.over(_right, list(product([where], texts, ENGLISH_VOICES)), where)
        rows.share("right words named", chain(*right))
        heard = request.over(_full_marks, list(product([where], takes)), where)
        for half, speakers in enumerate(("of the choice", "others")):
            mine = [one for one in chain(*heard) if zlib.crc32(one.speaker.encode()) % 2 == half]
            rows.share(f"learners' words with full marks named, speakers {speakers}", mine)
    return rows.table(
        "Word stress in English",
        "Sentences of its list by espeak-ng's voice variants that say no reference, a word's "
        "stress moved or none; learners' sentences. Words of two vowels and more.",
    )


def _moved(work: tuple[str, Row, str]) -> figures.Value:
    where, word, voice = work
    said = f"[[{word['said']}]]"
    score = score_spoken(said, voice, word["text"], True, _CONTRASTS[where])
    named = _named(score).get(int(word["unit"]))
    return figures.Value(word["text"], named == int(word["syllable"]))


def _right(work: tuple[str, str, str]) -> list[figures.Value]:
    where, text, voice = work
    score = score_spoken(text, voice, text, contrasts=_CONTRASTS[where])
    return [figures.Value(text, unit in _named(score)) for unit in _long_words(score)]


def _full_marks(work: tuple[str, CorpusTake]) -> list[figures.Value]:
    where, take = work
    sentence = Sentence("", take.sentence.text, "en", contrasts=_CONTRASTS[where])
    score = base.score_of(read_clip(take.audio), sentence)
    words = [unit for unit in _long_words(score) if take.word_accuracy[unit] >= _FULL_MARKS]
    return [figures.Value(take.speaker, unit in _named(score)) for unit in words]


def _named(score: Score) -> dict[int, int]:
    """Which syllable was heard stressed in the words that are told so."""
    moved = (one for one in score.remarks if one.kind is RemarkKind.STRESS)
    return {one.first: one.syllables[-1] for one in moved}


def _long_words(score: Score) -> list[int]:
    vowels = [sum(one.phone in BY_ITSELF for one in unit.phones) for unit in score.units]
    return [unit for unit, count in enumerate(vowels) if count > 1]
