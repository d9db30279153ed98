"""Score natives' takes against their texts with one sound exchanged for another ("text swaps").

The take stays as it is; only the pronunciation given to the scorer changes, so that acoustic
discrimination alone is measured. `swaps_of` makes the texts, `swaps_table` the figures.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.batch.parallel import Jobs
from pronounce_kiosk.core.grades import AMBER_BELOW, FAIR_POINTS, GOOD_POINTS, RED_BELOW
from pronounce_kiosk.core.score import Score, UnitScore
from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.language.korean.jamo import (
    compose,
    decompose,
    is_hangul_syllable,
    jamo_phones,
)
from pronounce_kiosk.language.units import split_units
from pronounce_kiosk.training.evaluation import figures
from pronounce_kiosk.training.evaluation.clips import in_babble, in_room, in_white_noise
from pronounce_kiosk.training.evaluation.processes import (
    clip_at_16_khz,
    over_processes,
    random_of,
    score_of,
)
from pronounce_kiosk.training.evaluation.report import Table
from pronounce_kiosk.training.evaluation.takes import SpokenTake, with_babblers

UNITS = range(3, 41)
"""Lengths in syllables of the sentences that are swapped."""
LARYNGEAL, VOWEL, CODA = "lax, tense, aspirated", "vowels", "codas"
KINDS = (LARYNGEAL, VOWEL, CODA)
ONSETS = ("ㄱㄲㅋ", "ㄷㄸㅌ", "ㅂㅃㅍ", "ㅈㅉㅊ", "ㅅㅆ")
"""Onsets that only voice and breath tell apart."""
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


@dataclass(frozen=True)
class Swap:
    """One sound of a sentence exchanged.

    Attributes:
        kind: One of `KINDS`.
        unit: Index of the syllable.
        said: The sentence's pronunciation with the sound exchanged.
        phone: Index of the exchanged phone in the unit, None where the exchanged text has none.
        spoken: The phone the speaker said, "" for none.
    """

    kind: str
    unit: int
    said: str
    phone: int | None
    spoken: str


@dataclass(frozen=True)
class SwappedTake:
    """A take scored against its own text and against swapped ones."""

    speaker: str
    right: Score
    swapped: tuple[tuple[Swap, Score], ...]


def swaps_of(sentence: Sentence, random: np.random.Generator) -> tuple[Swap, ...]:
    """Exchange a sound of each kind in a Korean sentence of `UNITS` syllables; () for others."""
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
    """Yield the syllables that differ from a syllable in one confusable sound."""
    onset, nucleus, coda = decompose(syllable)
    if kind == LARYNGEAL:
        yield from (compose(x, nucleus, coda) for g in ONSETS if onset in g for x in g)
    elif kind == VOWEL:
        yield from (compose(onset, x, coda) for g in _NUCLEI if nucleus in g for x in g)
    else:
        yield from (compose(onset, nucleus, x) for x in _CODAS.get(coda, ()))


def _swap(kind: str, unit: int, said: Sequence[str], other: str) -> Swap:
    own, new = ([phone for phone, _ in jamo_phones(one)] for one in (said[unit], other))
    changed = next((i for i, phone in enumerate(new) if own[i : i + 1] != [phone]), None)
    spoken = own[changed] if changed is not None and changed < len(own) else ""
    return Swap(kind, unit, "".join((*said[:unit], other, *said[unit + 1 :])), changed, spoken)


def swaps_table(sets: Mapping[str, Sequence[SpokenTake]], bundle: Path, jobs: Jobs) -> Table:
    """Measure text swaps on sets of natives' takes, by name (`NATIVES` or `TEDX`)."""
    rows = figures.Rows()
    for name, takes in sets.items():
        add_swap_rows(rows, name, over_processes(_score_swaps, takes, bundle, jobs, "swaps"))
    return rows.table(
        "Text swaps",
        "A take against its text with one sound exchanged: up to three a take, one of each kind. "
        "Counted where right and swapped text were scored; AUC: the swapped unit's score with the "
        "right text against that with the swapped one, or against all units with the right text. "
        f"Red: under {FAIR_POINTS:g}; amber: under {GOOD_POINTS:g}, red ones too. Named: the phone "
        "said is the one reported as heard, of red swaps of a phone that the text has.",
    )


def noisy_swaps_table(takes: Sequence[SpokenTake], bundle: Path, jobs: Jobs) -> Table:
    """Measure text swaps on takes in noise, babble and a room."""
    work = with_babblers(takes)
    found = over_processes(_score_noisy_swaps, work, bundle, jobs, "noisy swaps")
    rows = figures.Rows()
    for name in found[0]:
        mine = [take[name] for take in found]
        rows.prefix = f"{name}: "
        _add_auc(rows, "AUC, all", _kept(mine))
        _add_uncounted(rows, mine)
    return rows.table(
        "Text swaps in noise",
        "As text swaps. Noise and babble by RMS over the whole take; the room's direct sound is as "
        "strong as its reverberation.",
    )


def add_swap_rows(rows: figures.Rows, name: str, found: Sequence[SwappedTake]) -> None:
    """Add the rows of one set of takes."""
    rows.prefix = f"{name}: "
    kept = _kept(found)
    for kind in ("all", *KINDS):
        _add_auc(rows, f"AUC, {kind}", _of_kind(kept, kind))
    _add_marks(rows, found, kept)
    red = [trial for trial in kept if trial.wrong.value < RED_BELOW]
    for kind in ("all", *KINDS):
        named = [
            figures.Value(trial.speaker, named_rightly(trial.swap, trial.unit))
            for trial in _of_kind(red, kind)
        ]
        label = "heard named rightly, of red swaps" + (f", {kind}" * (kind != "all"))
        rows.share(label, [one for one in named if one.value is not None])


@dataclass(frozen=True)
class _Trial:
    """A swap where both the right and the swapped text were scored."""

    swap: Swap
    take: SwappedTake
    score: Score

    @property
    def speaker(self) -> str:
        return self.take.speaker

    @property
    def right(self) -> figures.Value:
        """The swapped unit's score with the right text, NaN where it has none."""
        return figures.Value(self.speaker, _points(self.take.right.units[self.swap.unit]))

    @property
    def unit(self) -> UnitScore:
        """The swapped unit, with the swapped text."""
        return self.score.units[self.swap.unit]

    @property
    def wrong(self) -> figures.Value:
        """The swapped unit's score with the swapped text, NaN where it has none."""
        return figures.Value(self.speaker, _points(self.unit))

    @property
    def fall(self) -> float:
        """Points that the take's total falls by."""
        return float(self.take.right.score or 0.0) - float(self.score.score or 0.0)


def _kept(found: Sequence[SwappedTake]) -> list[_Trial]:
    trials = [
        _Trial(swap, take, score)
        for take in found
        for swap, score in take.swapped
        if take.right.score is not None and score.score is not None
    ]
    return [one for one in trials if np.isfinite([one.right.value, one.wrong.value]).all()]


def _of_kind(kept: Sequence[_Trial], kind: str) -> list[_Trial]:
    return [trial for trial in kept if kind in ("all", trial.swap.kind)]


def _points(unit: UnitScore) -> float:
    return float("nan") if unit.score is None else float(unit.score)


def _add_auc(rows: figures.Rows, label: str, trials: Sequence[_Trial]) -> None:
    """Compare swapped units with the right text with themselves with the swapped text."""
    rows.auc(label, [trial.right for trial in trials], [trial.wrong for trial in trials])


def _add_marks(rows: figures.Rows, found: Sequence[SwappedTake], kept: Sequence[_Trial]) -> None:
    """Add the rows of red and amber units, of totals and of refusals."""
    units = [
        figures.Value(take.speaker, float(unit.score))
        for take in found
        for unit in take.right.units
        if unit.score is not None
    ]
    swapped = [trial.wrong for trial in kept]
    tried = [figures.Value(take.speaker, score) for take in found for _, score in take.swapped]
    for kind in ("all", *KINDS):
        wrong = [trial.wrong for trial in _of_kind(kept, kind)]
        rows.auc(f"AUC against all right units, {kind}", units, wrong)
    for what, some in (("swapped unit", swapped), ("right units", units)):
        rows.share(f"{what} red", some, lambda one: one.value < RED_BELOW)
        rows.share(f"{what} at least amber", some, lambda one: one.value < AMBER_BELOW)
    rows.mean("total falls by, mean", kept, lambda one: one.fall)
    rows.share("swapped text refused", tried, lambda one: one.value.score is None)
    _add_uncounted(rows, found)


def _add_uncounted(rows: figures.Rows, found: Sequence[SwappedTake]) -> None:
    rows.share("right text refused, not counted", found, lambda take: take.right.score is None)


def named_rightly(swap: Swap, unit: UnitScore) -> bool | None:
    """Test whether the phone that was said is reported as heard; None where none can be."""
    if swap.phone is None or swap.phone >= len(unit.phones):
        return None
    return unit.phones[swap.phone].heard == swap.spoken


def _score_swaps(take: SpokenTake) -> SwappedTake:
    return _score_clip(take, clip_at_16_khz(take.audio))


def _score_clip(take: SpokenTake, clip: AudioClip) -> SwappedTake:
    right = score_of(clip, take.sentence)
    swaps = swaps_of(take.sentence, random_of(take.audio)) if right.score is not None else ()
    return SwappedTake(
        take.speaker,
        right,
        tuple(
            (swap, score_of(clip, replace(take.sentence, pronunciation=swap.said)))
            for swap in swaps
        ),
    )


def _score_noisy_swaps(
    work: tuple[SpokenTake, Sequence[SpokenTake]],
) -> dict[str, SwappedTake]:
    take, others = work
    clip = clip_at_16_khz(take.audio)
    voices = [clip_at_16_khz(other.audio) for other in others]
    random = random_of(take.audio, figures.SEED + 1)
    clips = {
        "clean": clip,
        "white noise 20 dB": in_white_noise(clip, 20, random),
        "white noise 10 dB": in_white_noise(clip, 10, random),
        "babble 20 dB": in_babble(clip, voices, 20),
        "babble 10 dB": in_babble(clip, voices, 10),
        "room T60 0.6 s": in_room(clip, 0.6, 0.0, random),
    }
    return {name: _score_clip(take, one) for name, one in clips.items()}
