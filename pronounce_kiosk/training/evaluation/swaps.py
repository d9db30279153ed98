"""Score natives' takes against their texts with one sound exchanged for another ("text swaps").

The take stays as it is; only the pronunciation given to the scorer changes, so that acoustic
discrimination alone is measured. `swaps_of` makes the texts, `swaps_table` the figures.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.core.grades import AMBER_BELOW, FAIR_POINTS, GOOD_POINTS, RED_BELOW
from pronounce_kiosk.core.score import PhoneScore, Score, UnitScore
from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.language.korean.jamo import compose, decompose, is_hangul_syllable, jamo_phones
from pronounce_kiosk.language.units import split_units
from pronounce_kiosk.training.evaluation import base, figures
from pronounce_kiosk.training.evaluation.clips import in_babble, in_room, in_white_noise

UNITS = range(3, 41)
"""Lengths in syllables of the sentences that are swapped."""
LARYNGEAL, VOWEL, CODA = "lax, tense, aspirated", "vowels", "codas"
KINDS = (LARYNGEAL, VOWEL, CODA)
ONSETS = ("ㄱㄲㅋ", "ㄷㄸㅌ", "ㅂㅃㅍ", "ㅈㅉㅊ", "ㅅㅆ")
"""Onsets that only voice and breath tell apart."""
_NUCLEI = ("ㅓㅗ", "ㅡㅜ", "ㅏㅓ", "ㅗㅜ", "ㅕㅛ", "ㅣㅟ", "ㅡㅣ")
_CODAS: dict[str, Sequence[str]] = {
    "": "ㄴㅇㄹ", "ㄱ": ("", "ㄷ"), "ㄴ": "ㅇㅁ", "ㄷ": ("", "ㄱ"),
    "ㄹ": ("", "ㄴ"), "ㅁ": "ㄴㅇ", "ㅂ": ("", "ㄱ"), "ㅇ": "ㄴㅁ",
}  # fmt: skip


@dataclass(frozen=True)
class Swap:
    """A sentence with one sound exchanged, of a kind of `KINDS`, in one unit.

    phone: Index of the exchanged phone in the unit, None where the exchanged text has none. spoken:
    The phone the speaker said, "" for none.
    """

    kind: str
    unit: int
    sentence: Sentence
    phone: int | None
    spoken: str


@dataclass(frozen=True)
class Trial:
    """A take's score against a swapped text, and the right one against its own text."""

    speaker: str
    swap: Swap
    right: Score
    score: Score

    @property
    def counts(self) -> bool:
        """Whether the swapped unit has a score with both texts."""
        both = [one.units[self.swap.unit] for one in (self.right, self.score) if one.units]
        return len(both) == 2 and all(unit.score is not None for unit in both)

    @property
    def unit(self) -> UnitScore:
        """The swapped unit, where the swapped text was scored."""
        return self.score.units[self.swap.unit]

    @property
    def wanted(self) -> PhoneScore | None:
        """The phone of the swapped text, None where there is none."""
        phone, phones = self.swap.phone, self.unit.phones
        return None if phone is None or phone >= len(phones) else phones[phone]

    @property
    def fall(self) -> float:
        """Points that the total falls by."""
        return (self.right.score or 0.0) - (self.score.score or 0.0)

    def is_under(self, points: float) -> bool:
        """Test whether the swapped unit got fewer points; a refused text gets none."""
        if self.score.score is None or self.unit.score is None:
            return False
        return self.unit.score < points


@dataclass(frozen=True)
class SwappedTake:
    """A take scored against its own text and against swapped ones."""

    speaker: str
    sentence: Sentence
    right: Score
    swapped: tuple[Trial, ...]


def swaps_of(sentence: Sentence, random: np.random.Generator) -> tuple[Swap, ...]:
    """Exchange a sound of each kind in a Korean sentence of `UNITS` syllables; () for others."""
    units = split_units(sentence.text, sentence.language, sentence.pronunciation)
    said = [unit.said for unit in units]
    if len(said) not in UNITS or not all(is_hangul_syllable(one) for one in said):
        return ()
    swaps = []
    for kind in KINDS:
        for unit in random.permutation(len(said)):
            others = exchanged(kind, said[unit])
            if others:
                other = others[int(random.integers(len(others)))]
                swaps.append(swap_of(sentence, kind, int(unit), said, other))
                break
    return tuple(swaps)


def exchanged(kind: str, syllable: str) -> list[str]:
    """List the syllables that differ from a syllable in one confusable sound."""
    onset, nucleus, coda = decompose(syllable)
    if kind == LARYNGEAL:
        found = [compose(x, nucleus, coda) for g in ONSETS if onset in g for x in g]
    elif kind == VOWEL:
        found = [compose(onset, x, coda) for g in _NUCLEI if nucleus in g for x in g]
    else:
        found = [compose(onset, nucleus, x) for x in _CODAS.get(coda, ())]
    return [other for other in found if other != syllable]


def swap_of(sentence: Sentence, kind: str, unit: int, said: Sequence[str], other: str) -> Swap:
    """Exchange a syllable of a sentence for another. said: all of them as they are said."""
    own, new = ([phone for phone, _ in jamo_phones(one)] for one in (said[unit], other))
    changed = next((i for i, phone in enumerate(new) if own[i : i + 1] != [phone]), None)
    spoken = own[changed] if changed is not None and changed < len(own) else ""
    heard = "".join((*said[:unit], other, *said[unit + 1 :]))
    return Swap(kind, unit, replace(sentence, pronunciation=heard), changed, spoken)


def swaps_table(request: base.Request) -> figures.Table:
    """Measure text swaps on sets of natives' takes."""
    rows = request.rows_by_set(score_swaps, add_swap_rows, "korean", "tedx")
    return rows.table(
        "Text swaps",
        "A take against its text with one sound exchanged: up to three a take, one of each kind. "
        "Counted where right and swapped text were scored; AUC: the swapped unit's score with the "
        "right text against that with the swapped one, or against all units with the right text. "
        f"Red: under {FAIR_POINTS:g}; amber: under {GOOD_POINTS:g}, red ones too. Named: the phone "
        "said is the one reported as heard, of red swaps of a phone that the text has.",
    )


def noisy_swaps_table(request: base.Request) -> figures.Table:
    """Measure text swaps on takes in noise, babble and a room."""
    work = base.with_babblers(request.takes("korean", most=65))
    found = request.over(_score_noisy_swaps, work, "noisy swaps")
    rows = figures.Rows()
    for name in found[0]:
        mine = [take[name] for take in found]
        rows.prefix = f"{name}: "
        _add_auc(rows, "AUC, all", counted(mine))
        _add_uncounted(rows, mine)
    return rows.table(
        "Text swaps in noise",
        "As text swaps. Noise and babble by RMS over the whole take; the room's direct sound is as "
        "strong as its reverberation.",
    )


def add_swap_rows(rows: figures.Rows, name: str, found: Sequence[SwappedTake]) -> None:
    """Add the rows of one set of takes."""
    rows.prefix = f"{name}: "
    kept = counted(found)
    kinds = {"all": kept}
    kinds |= {kind: [one for one in kept if one.swap.kind == kind] for kind in KINDS}
    for kind, mine in kinds.items():
        _add_auc(rows, f"AUC, {kind}", mine)
    units = [
        figures.Value(take.speaker, unit.score)
        for take in found
        for unit in take.right.units
        if unit.score is not None
    ]
    for kind, mine in kinds.items():
        rows.auc(f"AUC against all right units, {kind}", units, _wrong(mine))
    for what, some in (("swapped unit", _wrong(kept)), ("right units", units)):
        rows.share(f"{what} red", some, lambda one: one.value < RED_BELOW)
        rows.share(f"{what} at least amber", some, lambda one: one.value < AMBER_BELOW)
    rows.mean("total falls by, mean", kept, lambda one: one.fall)
    tried = [one for take in found for one in take.swapped if one.right.score is not None]
    rows.share("swapped text refused", tried, lambda one: one.score.score is None)
    _add_uncounted(rows, found)
    for kind, mine in kinds.items():
        named = [one for one in mine if one.is_under(RED_BELOW) and one.wanted is not None]
        label = "heard named rightly, of red swaps" + (f", {kind}" * (kind != "all"))
        rows.share(label, named, named_rightly)


def counted(found: Sequence[SwappedTake]) -> list[Trial]:
    """Collect the swaps where both the right and the swapped text gave the unit a score."""
    return [trial for take in found for trial in take.swapped if trial.counts]


def _wrong(kept: Sequence[Trial]) -> list[figures.Value]:
    return [figures.Value(one.speaker, one.unit.score) for one in kept]


def _add_auc(rows: figures.Rows, label: str, kept: Sequence[Trial]) -> None:
    """Compare swapped units with the right text with themselves with the swapped text."""
    right = [figures.Value(one.speaker, one.right.units[one.swap.unit].score) for one in kept]
    rows.auc(label, right, _wrong(kept))


def _add_uncounted(rows: figures.Rows, found: Sequence[SwappedTake]) -> None:
    rows.share("right text refused, not counted", found, lambda take: take.right.score is None)


def named_rightly(trial: Trial) -> bool:
    """Test whether the phone that was said is reported as heard."""
    return trial.wanted is not None and trial.wanted.heard == trial.swap.spoken


Swaps = Callable[[Sentence, np.random.Generator], Sequence[Swap]]


def score_swaps(
    take: base.SpokenTake, swaps: Swaps = swaps_of, clip: AudioClip | None = None
) -> SwappedTake:
    """Score a take, or its changed clip, against its text and against swapped ones."""
    clip = clip or base.clip_at_16_khz(take.audio)
    right = base.score_of(clip, take.sentence)
    trials = [
        Trial(take.speaker, swap, right, base.score_of(clip, swap.sentence))
        for swap in swaps(take.sentence, base.random_of(take.audio))
    ]
    return SwappedTake(take.speaker, take.sentence, right, tuple(trials))


def _score_noisy_swaps(heard: base.Heard) -> dict[str, SwappedTake]:
    clip = heard.clip
    random = base.random_of(heard.take.audio, figures.SEED + 1)
    clips = {"clean": clip}
    clips |= {f"white noise {snr} dB": in_white_noise(clip, snr, random) for snr in (20, 10)}
    clips |= {f"babble {snr} dB": in_babble(clip, heard.voices, snr) for snr in (20, 10)}
    clips["room T60 0.6 s"] = in_room(clip, 0.6, 0.0, random)
    return {name: score_swaps(heard.take, clip=one) for name, one in clips.items()}
