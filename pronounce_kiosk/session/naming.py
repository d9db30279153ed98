"""Say what was heard in a take and where: sounds confused, words left out, added or broken off."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from pronounce_kiosk.core.grades import grade, grade_unit
from pronounce_kiosk.core.score import PhoneScore, RemarkKind, Score, UnitScore
from pronounce_kiosk.language.korean.jamo import NUCLEI, compose
from pronounce_kiosk.language.units import Unit
from pronounce_kiosk.session.confusions import ADDED, Form, confusion, sign, spelled_form

HESITATION_S = 0.7
"""A silence this long inside a word is a hesitation; natives' pauses lie between words."""
LONG_HESITATION_S = 1.2
"""And this long anywhere: it breaks a sentence in two."""
NAMING_KEYS = ("heard", "heard_end", "lost", "extra", "as_spelled")
PLACE_KEYS = ("left_out", "stopped", "added", "added_end", "hesitated")
_NAMED_GRADES = ("poor", "fair")
_MOST_LETTERS = 24
"""Letters of the sentence that advice names at most; more would not fit in its box."""


@dataclass(frozen=True)
class Advice:
    """One thing to tell.

    Attributes:
        key: one of `advice.ADVICE_KEYS`.
        fields: what the message names: `text` and `said` of the sentence; the signs of sounds as
            `target_ko`, `heard_ko` and `target_en`, `heard_en`, by the interface's language.
        form: how to form the sound, where that is known.
        unit: the unit it is about, None where it is about the take.
    """

    key: str
    fields: dict[str, str] = field(default_factory=dict)
    form: Form | None = None
    unit: int | None = field(default=None, compare=False)


def same_units(scored: Sequence[UnitScore], units: Sequence[Unit]) -> bool:
    """Tell whether a score's units are the sentence's, one for one."""
    return len(units) == len(scored) and all(
        a.text == b.text for a, b in zip(units, scored, strict=True)
    )


def naming(score: Score, index: int, units: Sequence[Unit] = ()) -> Advice | None:
    """Name what was heard in a unit, None where nothing is sure or the unit is not marked.

    units: the sentence's, for the words they belong to.
    """
    unit = score.units[index]
    if grade_unit(unit) not in _NAMED_GRADES:
        return None
    spelled = _as_spelled(score, index, units)
    if spelled is not None:
        return spelled
    heard = [
        one for one in unit.phones if one.heard is not None and grade(one.score) in _NAMED_GRADES
    ]
    return _confused(unit, min(heard, key=lambda one: one.score), index) if heard else None


def left_out(score: Score, units: Sequence[Unit] = ()) -> Advice | None:
    """Name the units that were not said; where they end the sentence, after which word it broke."""
    gone = [index for index, unit in enumerate(score.units) if not unit.said]
    if not gone:
        return None
    rest = range(gone[0], len(score.units))
    if gone[0] and len(gone) > 1 and gone == [*rest]:
        return Advice("stopped", {"text": _word(score.units, units, gone[0] - 1)}, None, gone[0])
    return Advice("left_out", {"text": _written(score.units, units, gone)}, None, gone[0])


def added(score: Score, units: Sequence[Unit] = ()) -> Advice | None:
    """Name the word before or after which something was said that the sentence does not have."""
    for remark in score.remarks:
        if remark.kind is not RemarkKind.ADDED or not score.units:
            continue
        if remark.first >= len(score.units):
            last = len(score.units) - 1
            return Advice("added_end", {"text": _word(score.units, units, last)}, None, last)
        text = _word(score.units, units, remark.first)
        return Advice("added", {"text": text}, None, remark.first)
    return None


def hesitated(score: Score, units: Sequence[Unit] = ()) -> Advice | None:
    """Name the word before which, or inside which, the speaker paused longest."""
    scored = score.units
    gaps = [
        (after.start_s - before.end_s, index)
        for index, (before, after) in enumerate(pairwise(scored), start=1)
        if before.said and after.said and after.end_s > after.start_s
    ]
    long = [
        (gap_s, index)
        for gap_s, index in gaps
        if gap_s >= (HESITATION_S if _joined(scored, units, index) else LONG_HESITATION_S)
    ]
    if not long:
        return None
    _, index = max(long)
    return Advice("hesitated", {"text": _word(scored, units, index)}, None, index)


def _confused(unit: UnitScore, phone: PhoneScore, index: int) -> Advice | None:
    assert phone.heard is not None
    found = confusion(phone.phone, phone.heard)
    if found is None:
        return None
    signs = {"target": sign(phone.phone), "heard": sign(phone.heard)}
    fields = {"text": unit.text}
    for name, (korean, english) in signs.items():
        fields |= {f"{name}_ko": korean, f"{name}_en": english}
    if found.place == ADDED:
        key = "extra"
        if phone.heard in NUCLEI:  # alone, ㅡ reads as a dash
            fields["heard_ko"] = compose("ㅇ", phone.heard)
    elif not phone.heard:
        key = "lost"
    else:
        key = "heard_end" if found.place == "coda" else "heard"
    return Advice(key, fields, found.form, index)


def _as_spelled(score: Score, index: int, units: Sequence[Unit]) -> Advice | None:
    if not same_units(score.units, units):
        return None
    for remark in score.remarks:
        if remark.kind is RemarkKind.AS_SPELLED and remark.first <= index <= remark.last:
            whole = [
                place
                for place in range(len(units))
                if _same_word(units, place, remark.first) or _same_word(units, place, remark.last)
            ]
            said = "".join(units[place].said for place in range(whole[0], whole[-1] + 1))
            fields = {"text": _written(score.units, units, whole), "said": said}
            return Advice("as_spelled", fields, spelled_form(), index)
    return None


def _joined(scored: Sequence[UnitScore], units: Sequence[Unit], index: int) -> bool:
    """Whether a unit is written together with the one before."""
    return same_units(scored, units) and units[index].start <= units[index - 1].end


def _same_word(units: Sequence[Unit], one: int, other: int) -> bool:
    first, last = sorted((one, other))
    return all(units[at].start <= units[at - 1].end for at in range(first + 1, last + 1))


def _word(scored: Sequence[UnitScore], units: Sequence[Unit], index: int) -> str:
    """The word that a unit belongs to."""
    if not same_units(scored, units):
        return _shortened(scored[index].text)
    whole = [place for place in range(len(units)) if _same_word(units, place, index)]
    return _written(scored, units, whole)


def _written(scored: Sequence[UnitScore], units: Sequence[Unit], indices: Sequence[int]) -> str:
    """Some units as the sentence writes them, a comma where others lie between."""
    if not same_units(scored, units):
        return _shortened(" ".join(scored[index].text for index in indices))
    text = ""
    for place, index in enumerate(indices):
        before, unit = indices[place - 1] if place else None, units[index]
        if before is None:
            text = unit.text
        elif index > before + 1:
            text += f", {unit.text}"
        else:
            text += unit.text if unit.start <= units[before].end else f" {unit.text}"
    return _shortened(text)


def _shortened(text: str) -> str:
    return text if len(text) <= _MOST_LETTERS else f"{text[: _MOST_LETTERS - 1]}…"
