"""Splice syllables of natives to words read as they are spelled.

No native reads 국물 as [국물], but one who says [국] and [물] in two sentences gives both. The
syllables are cut out of the takes, set to one RMS and joined. The control is the word spliced
of the syllables of its pronunciation: [궁] and [물].
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from pronounce_kiosk.audio.clip import PIPELINE_SAMPLE_RATE_HZ, AudioClip
from pronounce_kiosk.batch.parallel import Jobs
from pronounce_kiosk.core.errors import TrainingError
from pronounce_kiosk.core.score import RemarkKind, Score
from pronounce_kiosk.core.sentence import SPELLING, Sentence
from pronounce_kiosk.language.units import split_units
from pronounce_kiosk.scoring.korean.spelling import Change, as_spelled, spelled_readings
from pronounce_kiosk.session.naming import naming
from pronounce_kiosk.training.evaluation import figures
from pronounce_kiosk.training.evaluation.clips import CROSS_FADE_S, TAKE_RMS, cross_faded, rms
from pronounce_kiosk.training.evaluation.processes import (
    clip_at_16_khz,
    over_processes,
    score_of,
)
from pronounce_kiosk.training.evaluation.report import Table
from pronounce_kiosk.training.evaluation.takes import SpokenTake

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
    """A syllable that a native says. pause_before, pause_after: whether a pause is beside it."""

    said: str
    speaker: str
    audio: Path
    start_s: float
    end_s: float
    points: float
    pause_before: bool
    pause_after: bool


@dataclass(frozen=True)
class SplicedWord:
    """A word to splice. pieces: its syllables; spelled: whether as it is spelled."""

    word: str
    pieces: tuple[Syllable, ...]
    spelled: bool

    @property
    def speaker(self) -> str:
        """Who says every piece."""
        return self.pieces[0].speaker


def spelled_table(takes: Sequence[SpokenTake], bundle: Path, jobs: Jobs) -> Table:
    """Measure how often words read as spelled, and right words, are reported as such.

    Raises:
        TrainingError: The takes have too few syllables.
    """
    said = over_processes(_syllables, takes, bundle, jobs, "syllables")
    work = spliced_words([one for found in said for one in found])
    if not work:
        raise TrainingError("The takes have too few syllables for this row: name the whole folder.")
    told = over_processes(_is_told, work, bundle, jobs, "spelled words")
    rows = figures.Rows()
    for spelled in (True, False):
        label = "read as spelled" if spelled else "the same speakers' words as said"
        mine = [(w, t) for w, t in zip(work, told, strict=True) if w.spelled is spelled]
        rows.share(f"{label}: told", [figures.Value(w.speaker, t) for w, t in mine])
        for change in Change:
            flags = [figures.Value(w.speaker, t) for w, t in mine if _change(w.word) is change]
            rows.share(f"{label}: told, {change.value}", flags)
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
    count = 0
    for word in _words():
        units = split_units(word, "ko")
        spelled = [as_spelled(unit.text) for unit in units]
        made = _splice(word, spelled, by_speaker, random, spelled=True)
        if made is None:
            continue
        said = _splice(word, [unit.said for unit in units], by_speaker, random, spelled=False)
        found += [made] if said is None else [made, said]
        count += 1
        if count == WORDS:
            break
    return found


def _splice(
    word: str,
    syllables: Sequence[str],
    by_speaker: Mapping[str, Mapping[str, Sequence[Syllable]]],
    random: np.random.Generator,
    *,
    spelled: bool,
) -> SplicedWord | None:
    able = [own for own in by_speaker.values() if all(own.get(one) for one in syllables)]
    if not able:
        return None
    choices = [
        [
            max((_pauses(piece, place, len(syllables)), piece.points, piece) for piece in own[one])
            for place, one in enumerate(syllables)
        ]
        for own in (able[row] for row in random.permutation(len(able)))
    ]
    likest = max(choices, key=lambda pieces: sum(pauses for pauses, _, _ in pieces))
    return SplicedWord(word, tuple(piece for _, _, piece in likest), spelled)


def _pauses(piece: Syllable, place: int, syllables: int) -> int:
    """Count the joints where a piece was said on its own, as one says it who reads by letters."""
    return (place > 0 and piece.pause_before) + (place + 1 < syllables and piece.pause_after)


def _words() -> list[str]:
    return [row["word"] for row in figures.read_table("spelled_words.tsv")]


def _change(word: str) -> Change:
    return spelled_readings(Sentence("", word, "ko"))[0].change


def _syllables(take: SpokenTake) -> list[Syllable]:
    score = score_of(clip_at_16_khz(take.audio), take.sentence)
    units = split_units(take.sentence.text, take.sentence.language)
    found = []
    for index, (unit, scored) in enumerate(zip(units, score.units, strict=False)):
        before = score.units[index - 1].end_s if index else -1.0
        after = score.units[index + 1].start_s if index + 1 < len(score.units) else np.inf
        if scored.score is None:
            continue
        found.append(
            Syllable(
                unit.said,
                take.speaker,
                take.audio,
                scored.start_s,
                scored.end_s,
                scored.score,
                scored.start_s - before > _PAUSE_S,
                after - scored.end_s > _PAUSE_S,
            )
        )
    return found


def _is_told(word: SplicedWord) -> bool:
    sentence = Sentence("", word.word, "ko", contrasts=(SPELLING,))
    score: Score = score_of(_joined(word), sentence)
    units = split_units(word.word, "ko")
    remarks = [one for one in score.remarks if one.kind is RemarkKind.AS_SPELLED]
    found = [naming(score, one.first, units) for one in remarks]
    return any(one is not None and one.key == "as_spelled" for one in found)


def _joined(word: SplicedWord) -> AudioClip:
    pieces = [
        clip_at_16_khz(one.audio)
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
