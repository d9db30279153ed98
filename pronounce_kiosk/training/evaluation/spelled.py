"""Splice syllables of natives to words read as they are spelled.

No native reads 국물 as [국물], but one who says [국] and [물] in two sentences gives both; they are
set to one RMS and joined. The control is spliced of the pronunciation's syllables: [궁] and [물].
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from pronounce_kiosk.audio.clip import PIPELINE_SAMPLE_RATE_HZ, AudioClip
from pronounce_kiosk.core.errors import TrainingError
from pronounce_kiosk.core.score import RemarkKind
from pronounce_kiosk.core.sentence import SPELLING, Sentence
from pronounce_kiosk.language.units import split_units
from pronounce_kiosk.scoring.korean.spelling import Change, as_spelled, spelled_readings
from pronounce_kiosk.session.naming import naming
from pronounce_kiosk.training.evaluation import base, figures
from pronounce_kiosk.training.evaluation.clips import CROSS_FADE_S, TAKE_RMS, cross_faded, rms

WORDS = 100
GOOD_SYLLABLE = 85.0
"""Least points of a syllable that is used; a higher value leaves fewer words."""
_LEAST_S = 0.07
_PAUSE_S = 0.05
"""Least silence beside a syllable that counts as a pause."""
_MARGIN_S = 0.4
_CUT_MARGIN_S = 0.01
_NOISE_RMS = 1e-4


@dataclass(frozen=True, order=True)
class Syllable:
    """A syllable that a native says. pauses: whether one lies before it, and after it."""

    said: str
    speaker: str
    audio: Path
    start_s: float
    end_s: float
    points: float
    pauses: tuple[bool, bool]


@dataclass(frozen=True)
class SplicedWord:
    """A word to splice. pieces: its syllables, of one speaker; spelled: whether as spelled."""

    word: str
    pieces: tuple[Syllable, ...]
    spelled: bool


def spelled_table(request: base.Request) -> figures.Table:
    """Measure how often words read as spelled, and right words, are reported as such."""
    said = request.over(_syllables, request.takes("korean"), "syllables")
    work = spliced_words([one for found in said for one in found])
    if not work:
        raise TrainingError("The takes have too few syllables for this row: name the whole folder.")
    told = request.over(_is_told, work, "spelled words")
    changes = [spelled_readings(Sentence("", one.word, "ko"))[0].change for one in work]
    rows = figures.Rows()
    for spelled in (True, False):
        label = "read as spelled" if spelled else "the same speakers' words as said"
        flags = [
            (change, figures.Value(one.pieces[0].speaker, flag))
            for one, change, flag in zip(work, changes, told, strict=True)
            if one.spelled is spelled
        ]
        rows.share(f"{label}: told", [flag for _, flag in flags])
        for change in Change:
            mine = [flag for own, flag in flags if own is change]
            rows.share(f"{label}: told, {change.value}", mine)
    return rows.table(
        "Words read as they are spelled",
        "Of syllables of one native each, cut out of takes and joined. Linked: 음악; tensed: 학교; "
        "other: 국물, 신라, 축하. In a list that teaches such words. A refused one counts as "
        "not told.",
    )


def spliced_words(syllables: Sequence[Syllable]) -> list[SplicedWord]:
    """Splice `WORDS` words as they are spelled and, where possible, as they are pronounced."""
    by_speaker: dict[str, dict[str, list[Syllable]]] = defaultdict(lambda: defaultdict(list))
    for one in syllables:
        if one.points >= GOOD_SYLLABLE and one.end_s - one.start_s >= _LEAST_S:
            by_speaker[one.speaker][one.said].append(one)
    random = np.random.default_rng(figures.SEED)
    found: list[SplicedWord] = []
    for row in figures.read_table("spelled_words.tsv"):
        word = row["word"]
        units = split_units(word, "ko")
        spelled = _splice([as_spelled(unit.text) for unit in units], by_speaker, random)
        if spelled:
            found.append(SplicedWord(word, spelled, True))
            said = _splice([unit.said for unit in units], by_speaker, random)
            found += [SplicedWord(word, said, False)] if said else []
        if sum(one.spelled for one in found) == WORDS:
            break
    return found


def _splice(
    syllables: Sequence[str],
    by_speaker: Mapping[str, Mapping[str, Sequence[Syllable]]],
    random: np.random.Generator,
) -> tuple[Syllable, ...]:
    """Choose pieces of one speaker, said on their own if possible; () where nobody has them all."""
    able = [own for own in by_speaker.values() if all(own.get(one) for one in syllables)]
    choices = [
        [
            max((_pauses(piece, place, len(syllables)), piece.points, piece) for piece in own[one])
            for place, one in enumerate(syllables)
        ]
        for own in (able[row] for row in random.permutation(len(able)))
    ]
    likest = max(choices, key=lambda pieces: sum(pauses for pauses, _, _ in pieces), default=[])
    return tuple(piece for _, _, piece in likest)


def _pauses(piece: Syllable, place: int, syllables: int) -> int:
    """Count the joints where a piece was said on its own, as one says it who reads by letters."""
    return (place > 0 and piece.pauses[0]) + (place + 1 < syllables and piece.pauses[1])


def _syllables(take: base.SpokenTake) -> list[Syllable]:
    score = base.score_of(base.clip_at_16_khz(take.audio), take.sentence)
    units = split_units(take.sentence.text, take.sentence.language)
    starts_s = [*(one.start_s for one in score.units[1:]), np.inf]
    ends_s = [-1.0, *(one.end_s for one in score.units)]
    return [
        Syllable(
            unit.said,
            take.speaker,
            take.audio,
            one.start_s,
            one.end_s,
            one.score,
            (one.start_s - before_s > _PAUSE_S, after_s - one.end_s > _PAUSE_S),
        )
        for unit, one, before_s, after_s in zip(units, score.units, ends_s, starts_s, strict=False)
        if one.score is not None
    ]


def _is_told(word: SplicedWord) -> bool:
    score = base.score_of(_joined(word), Sentence("", word.word, "ko", contrasts=(SPELLING,)))
    units = split_units(word.word, "ko")
    remarks = [one for one in score.remarks if one.kind is RemarkKind.AS_SPELLED]
    found = [naming(score, one.first, units) for one in remarks]
    return any(one is not None and one.key == "as_spelled" for one in found)


def _joined(word: SplicedWord) -> AudioClip:
    pieces = [
        base.clip_at_16_khz(one.audio)
        .slice_s(max(0.0, one.start_s - _CUT_MARGIN_S), one.end_s + _CUT_MARGIN_S)
        .samples
        for one in word.pieces
    ]
    level = [piece * (TAKE_RMS / max(rms(piece.astype(np.float64)), 1e-6)) for piece in pieces]
    fade = round(2 * CROSS_FADE_S * PIPELINE_SAMPLE_RATE_HZ)
    whole = cross_faded([piece.astype(np.float32) for piece in level], fade)
    padded = np.pad(whole, round(_MARGIN_S * PIPELINE_SAMPLE_RATE_HZ))
    noise = np.random.default_rng(figures.SEED).standard_normal(len(padded)) * _NOISE_RMS
    return AudioClip.from_array(np.clip(padded + noise, -1.0, 1.0), PIPELINE_SAMPLE_RATE_HZ)
