"""Namings: whether advice names the sound that was said, on natives' takes and espeak-ng's words.

`naming_table` swaps sounds in the texts of people's takes, `english_naming_table` has espeak-ng say
words wrong.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path

import numpy as np

from pronounce_kiosk.audio.clip import PIPELINE_SAMPLE_RATE_HZ, AudioClip
from pronounce_kiosk.batch.parallel import Jobs
from pronounce_kiosk.core.grades import AMBER_BELOW, RED_BELOW, is_faultless, stars
from pronounce_kiosk.core.score import Score
from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.language.units import split_units
from pronounce_kiosk.references.espeak_library import EspeakLibrary
from pronounce_kiosk.session.advice import advise
from pronounce_kiosk.session.confusions import sign
from pronounce_kiosk.session.naming import NAMING_KEYS, Advice, naming
from pronounce_kiosk.training.evaluation.figures import HEADERS, Cells, share_row
from pronounce_kiosk.training.evaluation.processes import (
    clip_at_16_khz,
    over_processes,
    random_of,
    score_of,
)
from pronounce_kiosk.training.evaluation.report import Table
from pronounce_kiosk.training.evaluation.swaps import KINDS, Swap, swaps_of
from pronounce_kiosk.training.evaluation.takes import NATIVES, SpokenTake, spread

ENGLISH_VOICES = ("+m1", "+f3", "+m4", "+f5")
"""Variants that say no reference."""
ENGLISH_RATE_WPM = 145
LESSON = (("R", "L"), ("TH", "S", "T"), ("F", "P"))
"""What the bundled list of English sounds teaches to tell apart."""
_MARGIN_S = 0.3


@dataclass(frozen=True)
class NamedSwap:
    """A swapped sound and what is told of it.

    Attributes:
        swap: the sound exchanged in the text.
        speaker: of the take.
        points: of the swapped unit.
        said: what was in truth said, in the Korean interface: its place in the unit and its sign.
        named: what is told of the unit, None for no sound.
        told: what is told of the whole take.
    """

    swap: Swap
    speaker: str
    points: float
    said: tuple[str, str]
    named: Advice | None
    told: Advice

    @property
    def rightly(self) -> bool:
        """Whether the unit's naming is what was said."""
        return _says(self.named, self.said)


@dataclass(frozen=True)
class NamedTake:
    """What is told of a take that is right, and of its swapped texts."""

    speaker: str
    units: int
    told: bool
    named_units: int
    swaps: tuple[NamedSwap, ...]


def naming_table(sets: Mapping[str, Sequence[SpokenTake]], bundle: Path, jobs: Jobs) -> Table:
    """Swap sounds in the texts of takes, and see what advice names."""
    rows: list[Cells] = []
    for name, takes in sets.items():
        rows += naming_rows(name, over_processes(_name_swaps, takes, bundle, jobs, name))
    return Table(
        "What advice names",
        HEADERS,
        tuple(rows),
        "A take against its text with one sound exchanged. Named: the unit's naming is the sound "
        "that was said in place of the text's; told: the take's advice is that naming. False: "
        "namings of takes that are right, per unit. Red: under 60; marked: under 80.",
    )


def naming_rows(name: str, found: Sequence[NamedTake]) -> list[Cells]:
    """Make the rows of one set of takes."""
    must = ("80 %", "") if name == NATIVES else ()
    swaps = [swap for take in found for swap in take.swaps]
    red = [swap for swap in swaps if swap.points < RED_BELOW]
    marked = [swap for swap in swaps if swap.points < AMBER_BELOW]
    rows = [
        _swap_row(f"{name}: named what was said, of red swaps", red, *must),
        *(
            _swap_row(f"{name}: the same, {kind}", [s for s in red if s.swap.kind == kind])
            for kind in KINDS
        ),
        _swap_row(f"{name}: named what was said, of marked swaps", marked),
        share_row(
            f"{name}: told what was said, of red swaps",
            [_says(swap.told, swap.said) for swap in red],
            [swap.speaker for swap in red],
        ),
    ]
    right = [(take, told) for take in found for told in _flags(take.units, int(take.told))]
    named = [(take, flag) for take in found for flag in _flags(take.units, take.named_units)]
    for label, flags, limit in (
        ("false namings told, per right unit", right, ("1 %", "")),
        ("right units with a naming of their own", named, ()),
    ):
        speakers = [take.speaker for take, _ in flags]
        rows.append(share_row(f"{name}: {label}", [flag for _, flag in flags], speakers, *limit))
    return rows


def _swap_row(label: str, swaps: Sequence[NamedSwap], must: str = "", goal: str = "") -> Cells:
    flags = [swap.rightly for swap in swaps]
    return share_row(label, flags, [swap.speaker for swap in swaps], must, goal)


def _flags(units: int, named: int) -> list[bool]:
    return [True] * named + [False] * (units - named)


def _says(advice: Advice | None, said: tuple[str, str]) -> bool:
    if advice is None or advice.key not in NAMING_KEYS:
        return False
    target, heard = said
    fields = advice.fields
    return fields.get("target_ko") == target and fields.get("heard_ko") == heard


def _name_swaps(take: SpokenTake) -> NamedTake:
    clip = clip_at_16_khz(take.audio)
    units = split_units(take.sentence.text, take.sentence.language)
    right = score_of(clip, take.sentence)
    if right.score is None:
        return NamedTake(take.speaker, 0, False, 0, ())
    told = advise(right, units=units).key in NAMING_KEYS
    named = sum(naming(right, index, units) is not None for index in range(len(right.units)))
    swaps = [
        _name_swap(clip, take, swap) for swap in swaps_of(take.sentence, random_of(take.audio))
    ]
    kept = tuple(swap for swap in swaps if swap is not None)
    return NamedTake(take.speaker, len(right.units), told, named, kept)


def _name_swap(clip: AudioClip, take: SpokenTake, swap: Swap) -> NamedSwap | None:
    """None where the swapped text is refused, or has no phone in the place of the swapped one."""
    sentence = replace(take.sentence, pronunciation=swap.said)
    score = score_of(clip, sentence)
    if score.score is None or swap.phone is None:
        return None
    unit = score.units[swap.unit]
    if swap.phone >= len(unit.phones) or unit.score is None:
        return None
    units = split_units(sentence.text, "ko", swap.said)
    said = sign(unit.phones[swap.phone].phone)[0], sign(swap.spoken)[0]
    return NamedSwap(
        swap,
        take.speaker,
        float(unit.score),
        said,
        naming(score, swap.unit, units),
        advise(score, units=units),
    )


@dataclass(frozen=True)
class EnglishSwap:
    """A sentence that espeak-ng says with one word wrong.

    Attributes:
        text: of the sentence.
        unit: the word.
        target, heard: phones of the text and of what is said; heard "" where the target is lost.
        added: whether `heard` is said after the target instead of it.
        before_vowel: whether a vowel of the same word follows; only for R and L.
        said: the sentence in espeak-ng's mnemonics.
    """

    text: str
    unit: int
    target: str
    heard: str
    added: bool
    before_vowel: bool
    said: str


def read_english_swaps(limit: int | None = None) -> list[EnglishSwap]:
    """Read the sentences said wrong of the package."""
    folder = files("pronounce_kiosk.training.evaluation") / "data"
    text = (folder / "english_swaps.tsv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    found = [
        EnglishSwap(
            row["text"],
            int(row["unit"]),
            row["target"],
            row["heard"],
            row["added"] == "1",
            row["before_vowel"] == "1",
            row["said"],
        )
        for row in rows
    ]
    return spread(found, limit)


def english_naming_table(swaps: Sequence[EnglishSwap], bundle: Path, jobs: Jobs) -> Table:
    """Have espeak-ng's voices say words wrong, and right, and see what is told."""
    work = [(swap, ENGLISH_VOICES[row % len(ENGLISH_VOICES)]) for row, swap in enumerate(swaps)]
    wrong = over_processes(_english_wrong, work, bundle, jobs, "said wrong")
    texts = sorted({swap.text for swap in swaps})
    right = over_processes(_english_right, texts, bundle, jobs, "said right")
    names = [swap.text for swap in swaps]
    rows: list[Cells] = []
    for kind in dict.fromkeys(_english_kind(swap) for swap in swaps):
        mine = [row for row, swap in enumerate(swaps) if _english_kind(swap) == kind]
        must = "80 %" if kind in ("TH", "R, L", "F, P") else ""
        for column, label in enumerate(("red unit", "named", "red or amber, named, no 3 stars")):
            flags = [wrong[row][column] for row in mine]
            who = [names[row] for row in mine]
            rows.append(share_row(f"{kind}: {label}", flags, who, must))
    flags = [flag for found in right for flag in found]
    who = [text for text, found in zip(texts, right, strict=True) for _ in found]
    rows.append(share_row("right words with a naming", flags, who, "1 %"))
    return Table(
        "What advice names in English",
        HEADERS,
        tuple(rows),
        "Sentences by espeak-ng's voice variants that say no reference, one phone of a word "
        "exchanged, lost or added, in a lesson on R and L, TH, F and P. Intervals "
        "resample sentences.",
    )


def _english_kind(swap: EnglishSwap) -> str:
    if swap.added:
        return "vowel added"
    if not swap.heard:
        return "last consonant lost"
    if swap.target in ("R", "L") and not swap.before_vowel:
        return "R, L after a vowel"
    pairs = {"R": "R, L", "L": "R, L", "F": "F, P", "V": "V, B", "Z": "Z, JH"}
    return pairs.get(swap.target, swap.target)


def _english_wrong(work: tuple[EnglishSwap, str]) -> tuple[bool, bool, bool]:
    """Whether the word is red; whether its naming is right; whether that costs the third star."""
    swap, variant = work
    score = _spoken(f"[[{swap.said}]]", variant, swap.text, phonemes=True)
    if score.score is None:
        return False, False, False
    unit = score.units[swap.unit]
    found = naming(score, swap.unit)
    target = "" if swap.added else swap.target
    said = sign(target)[0], sign(swap.heard)[0]
    named = _says(found, said)
    red = unit.score is not None and unit.score < RED_BELOW
    three = stars(score) == 3 and is_faultless(score.units)
    return red, named, named and not three


def _english_right(text: str) -> list[bool]:
    flags = []
    for variant in ENGLISH_VOICES[:2]:
        score = _spoken(text, variant, text)
        flags += [naming(score, index) is not None for index in range(len(score.units))]
    return flags


def _spoken(said: str, variant: str, text: str, phonemes: bool = False) -> Score:
    voice = f"en-us{variant}"
    spoken = EspeakLibrary().speak(said, voice, rate_wpm=ENGLISH_RATE_WPM, phonemes=phonemes)
    padded = np.pad(spoken.samples, round(_MARGIN_S * spoken.sample_rate_hz))
    clip = AudioClip.from_array(padded, spoken.sample_rate_hz)
    sentence = Sentence("", text, "en", contrasts=LESSON)
    return score_of(clip.resampled(PIPELINE_SAMPLE_RATE_HZ), sentence)
