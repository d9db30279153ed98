"""Measure whether advice names the sound that was said ("naming").

`naming_table` swaps sounds in the texts of people's takes; in `english_naming_table`, espeak-ng
mispronounces words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.batch.parallel import Jobs
from pronounce_kiosk.core.grades import AMBER_BELOW, RED_BELOW, is_faultless, stars
from pronounce_kiosk.core.score import Score
from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.language.units import split_units
from pronounce_kiosk.session.advice import advise
from pronounce_kiosk.session.confusions import sign
from pronounce_kiosk.session.naming import NAMING_KEYS, Advice, naming
from pronounce_kiosk.training.data.references import espeak_clip
from pronounce_kiosk.training.evaluation import figures
from pronounce_kiosk.training.evaluation.processes import (
    clip_at_16_khz,
    over_processes,
    random_of,
    score_of,
)
from pronounce_kiosk.training.evaluation.report import Table
from pronounce_kiosk.training.evaluation.swaps import KINDS, Swap, swaps_of
from pronounce_kiosk.training.evaluation.takes import SpokenTake, spread

ENGLISH_VOICES = ("+m1", "+f3", "+m4", "+f5")
"""espeak-ng's voice variants; no reference is said by them."""
ENGLISH_RATE_WPM = 145
LESSON = (("R", "L"), ("TH", "S", "T"), ("F", "P"))
"""Contrasts of the bundled list of English sounds."""
_MARGIN_S = 0.3


@dataclass(frozen=True)
class NamedSwap:
    """A swapped sound and the advice on it.

    Attributes:
        swap: The sound exchanged in the text.
        speaker: Of the take.
        points: Of the swapped unit.
        said: The place in the unit, and the sign, of the sound that was said, in Korean.
        named: The naming of the unit, None for none.
        told: The advice on the whole take.
    """

    swap: Swap
    speaker: str
    points: float
    said: tuple[str, str]
    named: Advice | None
    told: Advice

    @property
    def red(self) -> bool:
        """Whether the unit gets a red mark."""
        return self.points < RED_BELOW

    @property
    def rightly(self) -> bool:
        """Whether the unit's naming is the sound that was said."""
        return _says(self.named, self.said)


@dataclass(frozen=True)
class NamedTake:
    """The advice on a right take, and on its swapped texts.

    Attributes:
        speaker: Of the take.
        units: Number of units.
        told: Whether the advice on the whole take is a naming.
        named_units: Units that have a naming.
        swaps: The swapped texts.
    """

    speaker: str
    units: int
    told: bool
    named_units: int
    swaps: tuple[NamedSwap, ...]


def naming_table(sets: Mapping[str, Sequence[SpokenTake]], bundle: Path, jobs: Jobs) -> Table:
    """Swap sounds in the texts of takes, and measure how often advice names them."""
    rows = figures.Rows()
    for name, takes in sets.items():
        add_naming_rows(rows, name, over_processes(_name_swaps, takes, bundle, jobs, name))
    return rows.table(
        "Sounds that advice names",
        "A take against its text with one sound exchanged. Named: the unit's naming is the sound "
        "that was said in place of the text's; told: the take's advice is that naming. False: "
        "namings of takes that are right, per unit. Red: under 60; marked: under 80.",
    )


def add_naming_rows(rows: figures.Rows, name: str, found: Sequence[NamedTake]) -> None:
    """Add the rows of one set of takes."""
    swaps = [swap for take in found for swap in take.swaps]
    red = [swap for swap in swaps if swap.red]
    marked = [swap for swap in swaps if swap.points < AMBER_BELOW]
    rows.prefix = f"{name}: "
    rows.share("named what was said, of red swaps", red, _rightly)
    for kind in KINDS:
        rows.share(f"the same, {kind}", (s for s in red if s.swap.kind == kind), _rightly)
    rows.share("named what was said, of marked swaps", marked, _rightly)
    rows.share("told what was said, of red swaps", red, lambda swap: _says(swap.told, swap.said))
    for label, count in (
        ("false namings told, per right unit", lambda take: int(take.told)),
        ("right units with a naming of their own", lambda take: take.named_units),
    ):
        units = [figures.Value(t.speaker, i < count(t)) for t in found for i in range(t.units)]
        rows.share(label, units)


def _rightly(swap: NamedSwap) -> bool:
    return swap.rightly


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
    """Score a swapped text; None where it is refused or lacks a phone in the swapped place."""
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
    """A sentence in which espeak-ng mispronounces one word.

    Attributes:
        text: Of the sentence.
        unit: Index of the word.
        target: Phone of the text.
        heard: Phone that is said; "" where the target is lost.
        added: Whether `heard` is said after the target, not instead of it.
        before_vowel: Whether a vowel of the word follows; only for R and L.
        said: The sentence in espeak-ng's mnemonics.
    """

    text: str
    unit: int
    target: str
    heard: str
    added: bool
    before_vowel: bool
    said: str

    @property
    def speaker(self) -> str:
        """The sentence, by which intervals resample."""
        return self.text


def read_english_swaps(limit: int | None = None) -> list[EnglishSwap]:
    """Read the mispronounced sentences of the package."""
    rows = figures.read_table("english_swaps.tsv")
    flags = ("added", "before_vowel")
    found: list[dict[str, Any]] = [
        {**row, "unit": int(row["unit"]), **{flag: row[flag] == "1" for flag in flags}}
        for row in rows
    ]
    return spread([EnglishSwap(**fields) for fields in found], limit)


def english_naming_table(swaps: Sequence[EnglishSwap], bundle: Path, jobs: Jobs) -> Table:
    """Let espeak-ng mispronounce words, and pronounce them, and measure the advice."""
    work = [(swap, ENGLISH_VOICES[row % len(ENGLISH_VOICES)]) for row, swap in enumerate(swaps)]
    wrong = over_processes(_english_wrong, work, bundle, jobs, "said wrong")
    texts = sorted({swap.text for swap in swaps})
    right = over_processes(_english_right, texts, bundle, jobs, "said right")
    rows = figures.Rows()
    for kind in dict.fromkeys(_english_kind(swap) for swap in swaps):
        mine = [(s, one) for s, one in zip(swaps, wrong, strict=True) if _english_kind(s) == kind]
        for column, label in enumerate(("red unit", "named", "red or amber, named, no 3 stars")):
            flags = [figures.Value(swap.speaker, one[column]) for swap, one in mine]
            rows.share(f"{kind}: {label}", flags)
    named = [
        figures.Value(text, flag)
        for text, found in zip(texts, right, strict=True)
        for flag in found
    ]
    rows.share("right words with a naming", named)
    return rows.table(
        "Sounds that advice names in English",
        "Sentences by espeak-ng's voice variants that say no reference, one phone of a word "
        "exchanged, lost or added, in a list that teaches R and L, TH, F and P. Intervals "
        "resample sentences.",
    )


def _english_kind(swap: EnglishSwap) -> str:
    if swap.added:
        return "vowel added"
    if not swap.heard:
        return "last consonant lost"
    if swap.target in ("R", "L") and not swap.before_vowel:
        return "R, L after a vowel"
    if swap.target in ("IH", "IY", "UH", "UW"):
        return "long, short vowels"
    pairs = {"R": "R, L", "L": "R, L", "F": "F, P", "V": "V, B", "Z": "Z, JH"}
    return pairs.get(swap.target, swap.target)


def _english_wrong(work: tuple[EnglishSwap, str]) -> tuple[bool, bool, bool]:
    """Test whether the word is red, whether its naming is right, and costs the third star."""
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
    clip = espeak_clip(said, voice, ENGLISH_RATE_WPM, phonemes=phonemes, margin_s=_MARGIN_S)
    return score_of(clip, Sentence("", text, "en", contrasts=LESSON))
