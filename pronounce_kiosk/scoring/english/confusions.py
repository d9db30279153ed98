"""Weigh what learners say in place of a phone: another one, none, or a vowel after it.

Each alternative is a change of the text's phones at one place. Its weight is the log likelihood
ratio of the changed and the text's phones over all CTC paths through the frames around the place,
less that of the references, which the same network hears.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional as F

from pronounce_kiosk.audio.clip import FloatArray
from pronounce_kiosk.language.phones import ENGLISH_PHONES, SILENCE, PhoneLine
from pronounce_kiosk.scoring.english.alignment import PhonePlaces

AROUND_PHONES = 3
"""Phones of the text on either side of the place whose frames are weighed along."""
IMPOSSIBLE = -50.0
"""Weight of phones for which the frames are too few."""

SUBSTITUTES: dict[str, tuple[str, ...]] = {
    "TH": ("S", "T", "F"), "DH": ("D", "Z"),
    "R": ("L",), "L": ("R",), "F": ("P",), "P": ("F",), "V": ("B",), "B": ("V",),
    "Z": ("JH", "S"), "ZH": ("JH",), "S": ("TH", "SH"), "SH": ("S",),
    "IY": ("IH",), "IH": ("IY",), "UW": ("UH",), "UH": ("UW",), "AE": ("EH",), "EH": ("AE",),
    "AH": ("AA",), "AA": ("AH",), "AO": ("OW",), "OW": ("AO",), "W": ("V",),
}  # fmt: skip
"""What learners say for a phone."""
ADDED_VOWELS = ("AH", "IY", "UH")
"""Vowels that learners put after a consonant which ends a word or stands before another one."""
_VOWELS = {
    "AA", "AE", "AH", "AO", "AW", "AY", "EH", "ER", "EY", "IH", "IY", "OW", "OY", "UH", "UW",
}  # fmt: skip


@dataclass(frozen=True)
class Alternative:
    """Another way to say one place of a text.

    place: of the phone in the line. heard: the phone said for it, "" for none; where `added`, the
    phone said after it.
    """

    place: int
    heard: str
    added: bool = False


def alternatives(line: PhoneLine) -> tuple[Alternative, ...]:
    """List what learners might say at each place of a text."""
    names = [ENGLISH_PHONES[index - 1] for index in line.indices]
    ends = {int(end) - 1 for end in line.unit_ends}
    found = []
    for place, name in enumerate(names):
        found += [Alternative(place, other) for other in SUBSTITUTES.get(name, ())]
        if place not in ends or name in _VOWELS or name == "R":
            continue
        found.append(Alternative(place, ""))
        following = names[place + 1] if place + 1 < len(names) else ""
        if following not in _VOWELS:
            found += [Alternative(place, vowel, added=True) for vowel in ADDED_VOWELS]
    return tuple(found)


def weights(
    log_posteriors: FloatArray,
    places: PhonePlaces,
    line: PhoneLine,
    asked: Sequence[Alternative],
) -> NDArray[np.float32]:
    """Give the log likelihood ratio of each alternative against the text, in nepers.

    Args:
        log_posteriors: of a clip, (frames, phones of the set + 1).
        places: of the text's phones in it.
        line: the text's phones.
        asked: from `alternatives`.

    Returns:
        (alternatives,); `IMPOSSIBLE` where the frames are too few.
    """
    if not asked:
        return np.zeros(0, np.float32)
    own_places = sorted({one.place for one in asked})
    spans = {place: _span(places, line, place) for place in own_places}
    own = dict(
        zip(
            own_places,
            _log_likelihoods(
                log_posteriors, [(*spans[place][0], spans[place][1]) for place in own_places]
            ),
            strict=True,
        )
    )
    changed = _log_likelihoods(
        log_posteriors,
        [(*spans[one.place][0], _changed(one, line, spans[one.place])) for one in asked],
    )
    ratios = changed - np.array([own[one.place] for one in asked])
    return np.clip(np.nan_to_num(ratios, neginf=IMPOSSIBLE), IMPOSSIBLE, -IMPOSSIBLE).astype(
        np.float32
    )


_Span = tuple[tuple[int, int], list[int], int]


def _span(places: PhonePlaces, line: PhoneLine, place: int) -> _Span:
    """The frames and phones around a place, and where the place is among them."""
    first = max(0, place - AROUND_PHONES)
    last = min(len(line.indices), place + AROUND_PHONES + 1)
    start, end = int(places.edges[first]), int(places.edges[last])
    return (start, end), list(line.indices[first:last]), place - first


def _changed(one: Alternative, line: PhoneLine, span: _Span) -> list[int]:
    _, phones, at = span
    index = [ENGLISH_PHONES.index(one.heard) + 1] if one.heard else []
    if one.added:
        return [*phones[: at + 1], *index, *phones[at + 1 :]]
    return [*phones[:at], *index, *phones[at + 1 :]]


def _log_likelihoods(
    log_posteriors: FloatArray, asked: Sequence[tuple[int, int, list[int]]]
) -> NDArray[np.float64]:
    """Log likelihood over all CTC paths of phones in spans of frames, (asked,)."""
    longest = max(end - start for start, end, _ in asked)
    most = max(len(phones) for _, _, phones in asked)
    frames = np.zeros((longest, len(asked), log_posteriors.shape[1]), np.float32)
    targets = np.zeros((len(asked), most), np.int64)
    for row, (start, end, phones) in enumerate(asked):
        frames[: end - start, row] = log_posteriors[start:end]
        targets[row, : len(phones)] = phones
    with torch.inference_mode():
        losses = F.ctc_loss(
            torch.from_numpy(frames),
            torch.from_numpy(targets),
            torch.tensor([end - start for start, end, _ in asked]),
            torch.tensor([len(phones) for _, _, phones in asked]),
            blank=SILENCE,
            reduction="none",
        )
    found: NDArray[np.float64] = -losses.numpy().astype(np.float64)
    return found
