"""Measure whether advice names the sound that was said ("naming").

`naming_table` swaps sounds in the texts of people's takes; `lesson_table` exchanges onsets in
writing too, in a list that teaches them; in `english_naming_table`, espeak-ng mispronounces words.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import chain

import numpy as np

from pronounce_kiosk.core.grades import AMBER_BELOW, RED_BELOW, is_faultless, stars
from pronounce_kiosk.core.score import Score
from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.language.korean.jamo import decompose, is_hangul_syllable
from pronounce_kiosk.language.units import Unit, split_units
from pronounce_kiosk.session.advice import advise
from pronounce_kiosk.session.confusions import sign
from pronounce_kiosk.session.naming import NAMING_KEYS, Advice, naming
from pronounce_kiosk.training.data.references import espeak_clip
from pronounce_kiosk.training.evaluation import base, figures, swaps

ENGLISH_VOICES = ("+m1", "+f3", "+m4", "+f5")
"""espeak-ng's voice variants; no reference is said by them."""
ENGLISH_RATE_WPM = 145
LESSON = (("R", "L"), ("TH", "S", "T"), ("F", "P"))
"""Contrasts of the bundled list of English sounds."""
CONTRASTS = tuple(tuple(onsets) for onsets in swaps.ONSETS)
_MOST_UNITS = 40
_MARGIN_S = 0.3


def naming_table(request: base.Request) -> figures.Table:
    """Swap sounds in the texts of takes, and measure how often advice names them."""
    rows = request.rows_by_set(swaps.score_swaps, add_naming_rows, "korean", "tedx", "gtts")
    return rows.table(
        "Sounds that advice names",
        "A take against its text with one sound exchanged. Named: the unit's naming is the sound "
        "that was said in place of the text's; told: the take's advice is that naming. False: "
        "namings of takes that are right, per unit. Red: under 60; marked: under 80.",
    )


def add_naming_rows(rows: figures.Rows, name: str, found: Sequence[swaps.SwappedTake]) -> None:
    """Add the rows of one set of takes."""
    usable = [trial for trial in swaps.counted(found) if trial.wanted is not None]
    red = [trial for trial in usable if trial.is_under(RED_BELOW)]
    marked = [trial for trial in usable if trial.is_under(AMBER_BELOW)]
    rows.prefix = f"{name}: "
    rows.share("named what was said, of red swaps", red, names_what_was_said)
    for kind in swaps.KINDS:
        mine = [trial for trial in red if trial.swap.kind == kind]
        rows.share(f"the same, {kind}", mine, names_what_was_said)
    rows.share("named what was said, of marked swaps", marked, names_what_was_said)
    rows.share("told what was said, of red swaps", red, _tells_what_was_said)
    told, named = [], []
    for take in found:
        units, scored = _units(take.sentence), range(len(take.right.units))
        is_told = advise(take.right, units=units).key in NAMING_KEYS
        told += [figures.Value(take.speaker, is_told and index == 0) for index in scored]
        found_names = [naming(take.right, index, units) is not None for index in scored]
        named += [figures.Value(take.speaker, flag) for flag in found_names]
    rows.share("false namings told, per right unit", told)
    rows.share("right units with a naming of their own", named)


def names_what_was_said(trial: swaps.Trial) -> bool:
    """Test whether the swapped unit's naming is the sound that was said."""
    return _tells(naming(trial.score, trial.swap.unit, _units(trial.swap.sentence)), trial)


def _tells_what_was_said(trial: swaps.Trial) -> bool:
    return _tells(advise(trial.score, units=_units(trial.swap.sentence)), trial)


def _tells(advice: Advice | None, trial: swaps.Trial) -> bool:
    wanted = "" if trial.wanted is None else trial.wanted.phone
    return _says(advice, wanted, trial.swap.spoken)


def _units(sentence: Sentence) -> tuple[Unit, ...]:
    return split_units(sentence.text, sentence.language, sentence.pronunciation)


def _says(advice: Advice | None, target: str, heard: str) -> bool:
    """Test whether advice names two phones: that of the text, and the one that was said."""
    if advice is None or advice.key not in NAMING_KEYS:
        return False
    named = (advice.fields.get("target_ko"), advice.fields.get("heard_ko"))
    return named == (sign(target)[0], sign(heard)[0])


def lesson_table(request: base.Request) -> figures.Table:
    """Measure exchanged onsets on sets of takes."""
    rows = request.rows_by_set(_score_take, _add_halves, "korean", "tedx", "gtts")
    return rows.table(
        "Lax, tense and aspirated in a list that teaches them",
        "A take against its text with one onset exchanged for another of its contrast. A refused "
        "one counts as not told. Right: units with such an onset, of takes against their own text.",
    )


def add_lesson_rows(rows: figures.Rows, name: str, found: Sequence[swaps.SwappedTake]) -> None:
    """Add the rows of one set of takes."""
    trials = [trial for take in found for trial in take.swapped]
    right = [
        figures.Value(take.speaker, unit.score is not None and unit.score < RED_BELOW)
        for take in found
        for unit in take.right.units
        if any(one.phone in onsets for one in unit.phones for onsets in swaps.ONSETS)
    ]
    rows.prefix = f"{name}: "
    rows.share("red unit", trials, lambda one: one.is_under(RED_BELOW))
    rows.share("red unit, named, no three stars", trials, _is_told)
    rows.share("right units red", right)


def exchanges(sentence: Sentence, random: np.random.Generator) -> tuple[swaps.Swap, ...]:
    """Exchange an onset of a sentence for each other member of its contrast.

    One that is said as it is written, of a unit by chance; none where there is no such unit.
    """
    units = split_units(sentence.text, "ko", sentence.pronunciation)
    said = [unit.said for unit in units]
    if len(said) > _MOST_UNITS or not all(is_hangul_syllable(one) for one in said):
        return ()
    able = [
        index
        for index, unit in enumerate(units)
        if len(unit.text) == 1
        and is_hangul_syllable(unit.text)
        and decompose(unit.text)[0] == decompose(unit.said)[0]
        and any(swaps.exchanged(swaps.LARYNGEAL, unit.said))
    ]
    if not able:
        return ()
    index = able[int(random.integers(len(able)))]
    unit = units[index]
    both = (swaps.exchanged(swaps.LARYNGEAL, one) for one in (unit.text, unit.said))
    found = []
    for written, heard in zip(*both, strict=True):
        text = sentence.text[: unit.start] + written + sentence.text[unit.end :]
        changed = replace(sentence, text=text)
        found.append(swaps.swap_of(changed, swaps.LARYNGEAL, index, said, heard))
    return tuple(found)


def _score_take(take: base.SpokenTake) -> swaps.SwappedTake:
    sentence = replace(take.sentence, contrasts=CONTRASTS)
    return swaps.score_swaps(replace(take, speaker=take.source, sentence=sentence), exchanges)


def _is_told(trial: swaps.Trial) -> bool:
    """Test whether the unit is red, rightly named, and costs the third star."""
    red = trial.is_under(RED_BELOW)
    return red and names_what_was_said(trial) and stars(trial.score) < 3


def _add_halves(rows: figures.Rows, name: str, found: Sequence[swaps.SwappedTake]) -> None:
    """Add the rows of all takes, and of every second speaker: the odds were chosen on half."""
    add_lesson_rows(rows, name, found)
    speakers = sorted({take.speaker for take in found})
    for half, label in enumerate(("speakers of the choice", "other speakers")):
        mine = set(speakers[half::2])
        kept = [take for take in found if take.speaker in mine]
        add_lesson_rows(rows, f"{name}, {label}", kept)


def english_naming_table(request: base.Request) -> figures.Table:
    """Let espeak-ng mispronounce words, and pronounce them, and measure the advice.

    A row of english_swaps.tsv: the sentence's text, and in espeak-ng's mnemonics how it is said;
    the wrong word's index; its phone, "" where a vowel is added; that heard, "" for a lost one.
    """
    said = base.spread(figures.read_table("english_swaps.tsv"), request.limit)
    work = [(swap, ENGLISH_VOICES[row % len(ENGLISH_VOICES)]) for row, swap in enumerate(said)]
    wrong = request.over(_english_wrong, work, "said wrong")
    texts = sorted({swap["text"] for swap in said})
    right = request.over(_english_right, texts, "said right")
    rows = figures.Rows()
    for kind in dict.fromkeys(swap["kind"] for swap in said):
        mine = [pair for pair in zip(said, wrong, strict=True) if pair[0]["kind"] == kind]
        for label in wrong[0]:
            flags = [figures.Value(swap["text"], one[label]) for swap, one in mine]
            rows.share(f"{kind}: {label}", flags)
    rows.share("right words with a naming", chain(*right))
    return rows.table(
        "Sounds that advice names in English",
        "Sentences by espeak-ng's voice variants that say no reference, one phone of a word "
        "exchanged, lost or added, in a list that teaches R and L, TH, F and P. Intervals "
        "resample sentences.",
    )


def _english_wrong(work: tuple[dict[str, str], str]) -> dict[str, bool]:
    """Test whether the word is red, whether its naming is right, and costs the third star."""
    swap, variant = work
    unit = int(swap["unit"])
    score = score_spoken(f"[[{swap['said']}]]", variant, swap["text"], phonemes=True)
    points = score.units[unit].score if score.units else None
    named = bool(score.units) and _says(naming(score, unit), swap["target"], swap["heard"])
    three = stars(score) == 3 and is_faultless(score.units)
    return {
        "red unit": points is not None and points < RED_BELOW,
        "named": named,
        "red or amber, named, no 3 stars": named and not three,
    }


def _english_right(text: str) -> list[figures.Value]:
    scores = [score_spoken(text, variant, text) for variant in ENGLISH_VOICES[:2]]
    found = [naming(score, index) for score in scores for index in range(len(score.units))]
    return [figures.Value(text, one is not None) for one in found]


def score_spoken(
    said: str,
    variant: str,
    text: str,
    phonemes: bool = False,
    contrasts: tuple[tuple[str, ...], ...] = LESSON,
) -> Score:
    """Score what a voice variant of espeak-ng says, in a list of some contrasts."""
    voice = f"en-us{variant}"
    clip = espeak_clip(said, voice, ENGLISH_RATE_WPM, phonemes=phonemes, margin_s=_MARGIN_S)
    return base.score_of(clip, Sentence("", text, "en", contrasts=contrasts))
