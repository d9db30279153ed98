"""Text swaps: a native's take scored against its text with one sound exchanged for another.

The take stays as it is; only the pronunciation the scorer is given changes, so that nothing is
measured but hearing. `swaps_of` makes the texts, `swaps_table` the figures.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pronounce_kiosk.core.score import Score, UnitScore
from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.language.korean.pronunciation import (
    compose,
    decompose,
    is_hangul_syllable,
    jamo_phones,
)
from pronounce_kiosk.language.units import split_units
from pronounce_kiosk.session.advice import FAIR_SCORE, GOOD_SCORE
from pronounce_kiosk.session.parallel import DEFAULT_JOBS
from pronounce_kiosk.training.evaluation.figures import (
    HEADERS,
    SEED,
    Cells,
    area,
    figure,
    mean,
    percent,
    points,
    share,
    split_auc,
)
from pronounce_kiosk.training.evaluation.processes import (
    clip_at_16_khz,
    over_processes,
    random_of,
    score_of,
)
from pronounce_kiosk.training.evaluation.report import Table
from pronounce_kiosk.training.evaluation.takes import NATIVES, TEDX, SpokenTake

UNITS = range(3, 41)
"""Sentences of so many syllables are swapped."""
LARYNGEAL, VOWEL, CODA = "lax, tense, aspirated", "vowels", "codas"
KINDS = (LARYNGEAL, VOWEL, CODA)
_ONSETS = ("ㄱㄲㅋ", "ㄷㄸㅌ", "ㅂㅃㅍ", "ㅈㅉㅊ", "ㅅㅆ")
_NUCLEI = ("ㅓㅗ", "ㅡㅜ", "ㅏㅓ", "ㅗㅜ", "ㅕㅛ", "ㅣㅟ", "ㅡㅣ")
_CODAS: dict[str, tuple[str, ...]] = {
    "": ("ㄴ", "ㅇ", "ㄹ"),
    "ㄱ": ("", "ㄷ"),
    "ㄴ": ("ㅇ", "ㅁ"),
    "ㄷ": ("", "ㄱ"),
    "ㄹ": ("", "ㄴ"),
    "ㅁ": ("ㄴ", "ㅇ"),
    "ㅂ": ("", "ㄱ"),
    "ㅇ": ("ㄴ", "ㅁ"),
}
_ASSIMILATED: dict[tuple[str, str], str] = {
    ("ㄴ", "ㅁ"): "ㅁㅂㅃㅍ",
    ("ㄴ", "ㅇ"): "ㄱㄲㅋ",
    ("ㅁ", "ㅇ"): "ㄱㄲㅋ",
    ("ㅂ", "ㄱ"): "ㄱㄲㅋ",
    ("ㄷ", "ㄱ"): "ㄱㄲㅋ",
    ("ㄷ", ""): "ㄸㅆㅉ",
    ("ㄱ", ""): "ㄲㅋ",
    ("", "ㄴ"): "ㄴ",
}
"""Codas that natives exchange themselves before these onsets: 한국 said [항국]."""

AUC_MUSTS = {
    NATIVES: (("0.93", "0.97"), ("0.94", "0.97"), ("0.91", "0.97"), ("0.91", "0.97")),
    TEDX: (("0.88", "0.93"), ("0.89", "0.93"), ("0.86", "0.93"), ("0.87", "0.93")),
}
"""Must and goal by set of takes: of all swaps, then by `KINDS`."""
_NO_MUSTS = (("", ""),) * 4


@dataclass(frozen=True)
class Swap:
    """One sound of a sentence exchanged.

    kind: one of `KINDS`. unit: the syllable. said: the sentence's pronunciation with the sound
    exchanged. phone: where in the unit's phones the exchanged one stands, None where the exchanged
    text has no phone there. spoken: the phone the speaker said, "" for none. assimilated: natives
    may say the exchanged text just as well.
    """

    kind: str
    unit: int
    said: str
    phone: int | None
    spoken: str
    assimilated: bool = False


@dataclass(frozen=True)
class SwappedTake:
    """A take scored against its own text and against swapped ones."""

    speaker: str
    right: Score
    swapped: tuple[tuple[Swap, Score], ...]


def swaps_of(sentence: Sentence, random: np.random.Generator) -> tuple[Swap, ...]:
    """Exchange one sound of each kind in a sentence; none where it is too short or too long.

    Args:
        sentence: A Korean sentence.
        random: Draws the syllable and the other sound.
    """
    units = split_units(sentence.text, sentence.language, sentence.pronunciation)
    said = [unit.said for unit in units]
    if len(said) not in UNITS or not all(is_hangul_syllable(one) for one in said):
        return ()
    swaps = []
    for kind in KINDS:
        for unit in random.permutation(len(said)):
            others = [other for other in _exchanges(kind, said[unit]) if other != said[unit]]
            if others:
                other = others[int(random.integers(len(others)))]
                swaps.append(_swap(kind, int(unit), said, other))
                break
    return tuple(swaps)


def _exchanges(kind: str, syllable: str) -> Iterator[str]:
    """Yield the syllables that one confusable sound makes of a syllable."""
    onset, nucleus, coda = decompose(syllable)
    if kind == LARYNGEAL:
        yield from (compose(x, nucleus, coda) for g in _ONSETS if onset in g for x in g)
    elif kind == VOWEL:
        yield from (compose(onset, x, coda) for g in _NUCLEI if nucleus in g for x in g)
    else:
        yield from (compose(onset, nucleus, x) for x in _CODAS.get(coda, ()))


def _swap(kind: str, unit: int, said: Sequence[str], other: str) -> Swap:
    own, new = ([phone for phone, _ in jamo_phones(one)] for one in (said[unit], other))
    changed = next((i for i, phone in enumerate(new) if own[i : i + 1] != [phone]), None)
    spoken = own[changed] if changed is not None and changed < len(own) else ""
    following = decompose(said[unit + 1])[0] if unit + 1 < len(said) else " "
    codas = (decompose(said[unit])[2], decompose(other)[2])
    natural = kind == CODA and following in _ASSIMILATED.get(codas, "")
    return Swap(
        kind, unit, "".join((*said[:unit], other, *said[unit + 1 :])), changed, spoken, natural
    )


def swaps_table(
    sets: Mapping[str, Sequence[SpokenTake]],
    bundle_folder: Path,
    jobs: int = DEFAULT_JOBS,
    seed: int = SEED,
) -> Table:
    """Measure text swaps on sets of natives' takes.

    Args:
        sets: Takes by name, `NATIVES` or `TEDX`.
        bundle_folder: The bundle to measure.
        jobs: Processes.
        seed: Draws the swaps.
    """
    rows: list[Cells] = []
    for name, takes in sets.items():
        work = [(take, seed) for take in takes]
        rows += swap_rows(name, over_processes(_score_swaps, work, bundle_folder, jobs, "swaps"))
    return Table(
        "Text swaps",
        HEADERS,
        tuple(rows),
        "A take against its text with one sound exchanged: up to three a take, one of each kind. "
        "Counted where right and swapped text were scored; AUC: the swapped unit's score with the "
        "right text against that with the swapped one, or against all units with the right text. "
        f"Red: under {FAIR_SCORE:g}; amber: under {GOOD_SCORE:g}, red ones too. Named: the phone "
        "said is the one reported as heard, of red swaps of a phone that the text has.",
    )


def swap_rows(name: str, found: Sequence[SwappedTake]) -> list[Cells]:
    """Make the rows of one set of takes."""
    scored = [take for take in found if take.right.score is not None]
    trials = [
        (swap, take, score) for take in scored for swap, score in take.swapped if _known(swap, take)
    ]
    kept = [
        (swap, take, score)
        for swap, take, score in trials
        if score.score is not None and _unit(score, swap).score is not None
    ]
    speakers = [take.speaker for _, take, _ in kept]
    kinds = np.array([swap.kind for swap, _, _ in kept])
    natural = np.array([swap.assimilated for swap, _, _ in kept], bool)
    own = np.array([_unit(take.right, swap).score for swap, take, _ in kept], float)
    other = np.array([_unit(score, swap).score for swap, _, score in kept], float)
    units = np.array([unit.score for take in scored for unit in take.right.units], float)
    unit_speakers = np.array([take.speaker for take in scored for _ in take.right.units], str)
    known = np.isfinite(units)
    units, unit_speakers = units[known], unit_speakers[known]

    def compared(label: str, some: NDArray[np.bool_], musts: tuple[str, str]) -> Cells:
        mine = np.array(speakers, str)[some]
        flags = np.repeat([True, False], int(some.sum()))
        values = np.concatenate([own[some], other[some]])
        names = [*mine, *mine]
        return figure(
            f"{name}: {label}", split_auc, [values, flags], names, area, *musts, count=len(mine)
        )

    everything = np.ones(len(kept), bool)
    musts = AUC_MUSTS.get(name, _NO_MUSTS)
    rows = [compared("AUC, all", everything, musts[0])]
    rows += [
        compared(f"AUC, {kind}", kinds == kind, must)
        for kind, must in zip(KINDS, musts[1:], strict=True)
    ]
    unnatural = (kinds == CODA) & ~natural
    rows.append(compared("AUC, codas that natives do not exchange themselves", unnatural, ("", "")))
    rows.append(
        figure(
            f"{name}: AUC against all right units",
            split_auc,
            [np.concatenate([units, other]), np.repeat([True, False], [len(units), len(other)])],
            [*unit_speakers, *speakers],
            area,
            count=len(other),
        )
    )
    natives = name == NATIVES
    falls = [float(take.right.score or 0.0) - float(score.score or 0.0) for _, take, score in kept]
    refused = [score.score is None for _, _, score in trials]
    rows += [
        figure(
            f"{name}: swapped unit red", share, [other < FAIR_SCORE], speakers, percent,
            *(("55 %", "75 %") if natives else ()),
        ),
        figure(
            f"{name}: swapped unit at least amber", share, [other < GOOD_SCORE], speakers, percent,
            *(("80 %", "92 %") if natives else ()),
        ),
        figure(f"{name}: right units red", share, [units < FAIR_SCORE], unit_speakers, percent),
        figure(
            f"{name}: right units at least amber", share, [units < GOOD_SCORE], unit_speakers,
            percent,
        ),
        figure(f"{name}: total falls by, mean", mean, [falls], speakers, points,
               *(("4", "6") if natives else ())),
        *_named_rows(name, [(s, _unit(b, s), t.speaker) for s, t, b in kept]),
        figure(
            f"{name}: swapped text refused", share, [refused],
            [take.speaker for _, take, _ in trials], percent,
        ),
        figure(
            f"{name}: right text refused, not counted", share,
            [[take.right.score is None for take in found]],
            [take.speaker for take in found], percent,
        ),
    ]  # fmt: skip
    return rows


def named_rightly(swap: Swap, unit: UnitScore) -> bool | None:
    """Whether the phone that was said is reported as heard; None where it cannot be reported."""
    if swap.phone is None or swap.phone >= len(unit.phones):
        return None
    return unit.phones[swap.phone].heard == swap.spoken


def _named_rows(name: str, kept: Sequence[tuple[Swap, UnitScore, str]]) -> list[Cells]:
    rows = []
    for kind in (None, *KINDS):
        named = [
            (named_rightly(swap, unit), speaker)
            for swap, unit, speaker in kept
            if kind in (None, swap.kind) and unit.score is not None and unit.score < FAIR_SCORE
        ]
        flags = [flag for flag, _ in named if flag is not None]
        speakers = [speaker for flag, speaker in named if flag is not None]
        label = f"{name}: heard named rightly, of red swaps" + (f", {kind}" if kind else "")
        musts = ("80 %", "92 %") if name == NATIVES and kind is None else ("", "")
        rows.append(figure(label, share, [flags], speakers, percent, *musts))
    return rows


def _score_swaps(work: tuple[SpokenTake, int]) -> SwappedTake:
    take, seed = work
    clip = clip_at_16_khz(take.audio)
    right = score_of(clip, take.sentence)
    swaps = swaps_of(take.sentence, random_of(take.audio, seed)) if right.score is not None else ()
    return SwappedTake(
        take.speaker,
        right,
        tuple(
            (swap, score_of(clip, replace(take.sentence, pronunciation=swap.said)))
            for swap in swaps
        ),
    )


def _known(swap: Swap, take: SwappedTake) -> bool:
    """Whether the unit has a score with the right text."""
    return swap.unit < len(take.right.units) and _unit(take.right, swap).score is not None


def _unit(score: Score, swap: Swap) -> UnitScore:
    return score.units[swap.unit]
