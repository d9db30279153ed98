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

_CONTRASTS: dict[str, tuple[tuple[str, ...], ...]] = {"in its list": (STRESS,), "elsewhere": ()}


def stress_table(request: base.Request) -> figures.Table:
    """Let espeak-ng move words' stress, and say them right; hear learners where there are any."""
    moved = base.spread(figures.read_table("english_stress.tsv"), request.limit)
    right = [{"text": text} for text in sorted({word["text"] for word in moved})]
    corpus = request.folders.get("corpus")
    takes = base.spread(read_corpus(corpus), request.limit) if corpus else []
    rows = figures.Rows()
    for where in _CONTRASTS:
        rows.prefix = f"{where}: "
        for label, said in (("moved stress named", moved), ("right words named", right)):
            work = list(product([where], said, ENGLISH_VOICES))
            rows.share(label, chain(*request.over(_by_voice, work, where)))
        heard = list(chain(*request.over(_by_learner, list(product([where], takes)), where)))
        for half, speakers in enumerate(("of the choice", "others")):
            mine = [one for one in heard if zlib.crc32(one.speaker.encode()) % 2 == half]
            rows.share(f"learners' words with full marks named, speakers {speakers}", mine)
    note = "By espeak-ng's voice variants that say no reference. Words of two vowels and more."
    return rows.table("Word stress in English", note)


def _by_voice(work: tuple[str, dict[str, str], str]) -> list[figures.Value]:
    where, word, voice = work
    text, contrasts = word["text"], _CONTRASTS[where]
    if "said" not in word:
        score = score_spoken(text, voice, text, contrasts=contrasts)
        return [figures.Value(text, heard is not None) for heard in _named(score).values()]
    score = score_spoken(f"[[{word['said']}]]", voice, text, True, contrasts)
    return [figures.Value(text, _named(score).get(int(word["unit"])) == int(word["syllable"]))]


def _by_learner(work: tuple[str, CorpusTake]) -> list[figures.Value]:
    where, take = work
    sentence = Sentence("", take.sentence.text, "en", contrasts=_CONTRASTS[where])
    named = _named(base.score_of(read_clip(take.audio), sentence)).items()
    full = [heard is not None for unit, heard in named if take.word_accuracy[unit] >= 10.0]
    return [figures.Value(take.speaker, flag) for flag in full]


def _named(score: Score) -> dict[int, int | None]:
    """Tell of each word of two vowels and more which one was heard stressed, None for the right."""
    moved = {one.first: one.syllables[-1] for one in score.remarks if one.kind is RemarkKind.STRESS}
    vowels = [sum(one.phone in BY_ITSELF for one in unit.phones) for unit in score.units]
    return {unit: moved.get(unit) for unit, count in enumerate(vowels) if count > 1}
