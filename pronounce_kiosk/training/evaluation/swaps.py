"""Text swaps: a native's take scored against its text with one sound exchanged for another.

The take stays as it is; only the pronunciation the scorer is given changes, so that nothing is
measured but hearing. `swaps_of` makes the texts, `swaps_table` the figures.
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
from pronounce_kiosk.training.evaluation.clips import in_babble, in_room, in_white_noise
from pronounce_kiosk.training.evaluation.figures import (
    HEADERS,
    SEED,
    Cells,
    auc_row,
    mean_row,
    share_row,
)
from pronounce_kiosk.training.evaluation.processes import (
    clip_at_16_khz,
    over_processes,
    random_of,
    score_of,
)
from pronounce_kiosk.training.evaluation.report import Table
from pronounce_kiosk.training.evaluation.takes import NATIVES, TEDX, SpokenTake, babblers

UNITS = range(3, 41)
"""Sentences of so many syllables are swapped."""
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
CONDITIONS = {
    "clean": ("", ""),
    "white noise 20 dB": ("0.89", "0.92"),
    "white noise 10 dB": ("0.78", "0.88"),
    "babble 20 dB": ("0.91", "0.92"),
    "babble 10 dB": ("0.87", "0.90"),
    "room T60 0.6 s": ("0.80", "0.88"),
}
"""Must and goal of the AUC of all swaps, by what is between speaker and microphone."""
_MARK_MUSTS = (("55 %", "75 %"), ("80 %", "92 %"), ("4", "6"))
"""Must and goal on natives: swapped units red, at least amber; mean fall of the total."""
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
    """Exchange a sound of each kind in a Korean sentence; none where its length is no `UNITS`."""
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
        yield from (compose(x, nucleus, coda) for g in ONSETS if onset in g for x in g)
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
    jobs: Jobs,
) -> Table:
    """Measure text swaps on sets of natives' takes, by name (`NATIVES` or `TEDX`)."""
    rows: list[Cells] = []
    for name, takes in sets.items():
        rows += swap_rows(name, over_processes(_score_swaps, takes, bundle_folder, jobs, "swaps"))
    return Table(
        "Text swaps",
        HEADERS,
        tuple(rows),
        "A take against its text with one sound exchanged: up to three a take, one of each kind. "
        "Counted where right and swapped text were scored; AUC: the swapped unit's score with the "
        "right text against that with the swapped one, or against all units with the right text. "
        f"Red: under {FAIR_POINTS:g}; amber: under {GOOD_POINTS:g}, red ones too. Named: the phone "
        "said is the one reported as heard, of red swaps of a phone that the text has.",
    )


def noisy_swaps_table(takes: Sequence[SpokenTake], bundle_folder: Path, jobs: Jobs) -> Table:
    """Measure text swaps on takes in noise, babble and a room."""
    work = [(take, babblers(takes, row)) for row, take in enumerate(takes)]
    found = over_processes(_score_noisy_swaps, work, bundle_folder, jobs, "noisy swaps")
    rows: list[Cells] = []
    for name, musts in CONDITIONS.items():
        mine = [take[name] for take in found]
        rows += [_auc_row(f"{name}: AUC, all", _kept(mine), *musts), _uncounted_row(name, mine)]
    return Table(
        "Text swaps in noise",
        HEADERS,
        tuple(rows),
        "As text swaps. Noise and babble by RMS over the whole take; the room's direct sound is as "
        "strong as its reverberation.",
    )


def swap_rows(name: str, found: Sequence[SwappedTake]) -> list[Cells]:
    """Make the rows of one set of takes."""
    kept = _kept(found)
    all_musts, *musts = AUC_MUSTS.get(name, _NO_MUSTS)
    rows = [_auc_row(f"{name}: AUC, all", kept, *all_musts)]
    for kind, must in zip(KINDS, musts, strict=True):
        mine = [trial for trial in kept if trial.swap.kind == kind]
        rows.append(_auc_row(f"{name}: AUC, {kind}", mine, *must))
    unnatural = [t for t in kept if t.swap.kind == CODA and not t.swap.assimilated]
    rows.append(_auc_row(f"{name}: AUC, codas that natives do not exchange themselves", unnatural))
    return [*rows, *_mark_rows(name, found, kept), *_named_rows(name, kept)]


@dataclass(frozen=True)
class _Trial:
    """A swap of which right and swapped text were scored."""

    swap: Swap
    take: SwappedTake
    score: Score

    @property
    def speaker(self) -> str:
        return self.take.speaker

    @property
    def right(self) -> float:
        """The swapped unit's score with the right text, NaN where it has none."""
        return _points(self.take.right.units[self.swap.unit])

    @property
    def unit(self) -> UnitScore:
        """The swapped unit, with the swapped text."""
        return self.score.units[self.swap.unit]

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
    return [one for one in trials if np.isfinite([one.right, _points(one.unit)]).all()]


def _points(unit: UnitScore) -> float:
    return float("nan") if unit.score is None else float(unit.score)


def _speakers(trials: Sequence[_Trial]) -> list[str]:
    return [trial.speaker for trial in trials]


def _auc_row(label: str, trials: Sequence[_Trial], must: str = "", goal: str = "") -> Cells:
    """Compare swapped units with the right text with themselves with the swapped text."""
    right = [trial.right for trial in trials]
    wrong = [_points(trial.unit) for trial in trials]
    speakers = _speakers(trials)
    return auc_row(label, (right, speakers), (wrong, speakers), must, goal)


def _mark_rows(name: str, found: Sequence[SwappedTake], kept: Sequence[_Trial]) -> list[Cells]:
    """Make the rows of red and amber units, of totals and of refusals."""
    right = [
        (take.speaker, float(unit.score))
        for take in found
        for unit in take.right.units
        if unit.score is not None
    ]
    right_speakers = [speaker for speaker, _ in right]
    units = np.array([score for _, score in right])
    swapped = np.array([_points(trial.unit) for trial in kept])
    speakers = _speakers(kept)
    tried = [(take.speaker, score.score is None) for take in found for _, score in take.swapped]
    refused = [flag for _, flag in tried]
    falls = [trial.fall for trial in kept]
    against = []
    musts = AUC_MUSTS.get(name, _NO_MUSTS)
    for kind, must in zip(("all", *KINDS), musts, strict=True):
        mine = [trial for trial in kept if kind in ("all", trial.swap.kind)]
        wrong = [_points(trial.unit) for trial in mine]
        label = f"{name}: AUC against all right units, {kind}"
        against.append(auc_row(label, (units, right_speakers), (wrong, _speakers(mine)), *must))
    red, amber, fall = _MARK_MUSTS if name == NATIVES else ((), (), ())
    return [
        *against,
        share_row(f"{name}: swapped unit red", swapped < RED_BELOW, speakers, *red),
        share_row(f"{name}: swapped unit at least amber", swapped < AMBER_BELOW, speakers, *amber),
        share_row(f"{name}: right units red", units < RED_BELOW, right_speakers),
        share_row(f"{name}: right units at least amber", units < AMBER_BELOW, right_speakers),
        mean_row(f"{name}: total falls by, mean", falls, speakers, *fall),
        share_row(f"{name}: swapped text refused", refused, [speaker for speaker, _ in tried]),
        _uncounted_row(name, found),
    ]


def _uncounted_row(name: str, found: Sequence[SwappedTake]) -> Cells:
    refused = [take.right.score is None for take in found]
    speakers = [take.speaker for take in found]
    return share_row(f"{name}: right text refused, not counted", refused, speakers)


def named_rightly(swap: Swap, unit: UnitScore) -> bool | None:
    """Whether the phone that was said is reported as heard; None where it cannot be reported."""
    if swap.phone is None or swap.phone >= len(unit.phones):
        return None
    return unit.phones[swap.phone].heard == swap.spoken


def _named_rows(name: str, kept: Sequence[_Trial]) -> list[Cells]:
    rows = []
    red = [trial for trial in kept if _points(trial.unit) < RED_BELOW]
    for kind in (None, *KINDS):
        named = [
            (named_rightly(trial.swap, trial.unit), trial.speaker)
            for trial in red
            if kind in (None, trial.swap.kind)
        ]
        flags = [flag for flag, _ in named if flag is not None]
        speakers = [speaker for flag, speaker in named if flag is not None]
        label = f"{name}: heard named rightly, of red swaps" + (f", {kind}" if kind else "")
        musts = ("80 %", "92 %") if name == NATIVES and kind is None else ("", "")
        rows.append(share_row(label, flags, speakers, *musts))
    return rows


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
    random = random_of(take.audio, SEED + 1)
    clips = {
        "clean": clip,
        "white noise 20 dB": in_white_noise(clip, 20, random),
        "white noise 10 dB": in_white_noise(clip, 10, random),
        "babble 20 dB": in_babble(clip, voices, 20),
        "babble 10 dB": in_babble(clip, voices, 10),
        "room T60 0.6 s": in_room(clip, 0.6, 0.0, random),
    }
    return {name: _score_clip(take, one) for name, one in clips.items()}
