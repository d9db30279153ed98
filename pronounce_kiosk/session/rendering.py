"""Render the references of single sentences, and tell who speaks each."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pronounce_kiosk.core.errors import ReferenceFailedError
from pronounce_kiosk.core.sentence import Sentence, SentenceList

if TYPE_CHECKING:
    from pronounce_kiosk.references.library import ReferenceLibrary


@dataclass(frozen=True)
class Rendered:
    """What came of rendering one sentence.

    speaker: see `speaker_of`. failure: why there is no reference, "" where there is one.
    ask_network: whether gTTS may be asked for the next sentence.
    """

    speaker: str
    failure: str
    ask_network: bool


def render_sentence(library: ReferenceLibrary, sentence: Sentence, ask_network: bool) -> Rendered:
    """Make a sentence's references; those in the cache are left alone.

    Blocks on the network for up to 20 s where ``ask_network``: do not call in the kiosk's worker.
    """
    from pronounce_kiosk.references.render import render_list

    report = render_list(
        library,
        SentenceList("", "", sentence.language, (sentence,)),
        engine=None if ask_network else "espeak",
    )
    failure = report.failed[0][1] if report.failed else ""
    return Rendered(speaker_of(library, sentence), failure, ask_network and not report.gtts_stopped)


def speaker_of(library: ReferenceLibrary, sentence: Sentence) -> str:
    """Return who speaks a sentence: ``recording``, ``gtts``, ``espeak``; "" where nobody yet."""
    if sentence.audio is not None and sentence.audio.is_file():
        return "recording"
    for name in ("gtts", "espeak"):
        with contextlib.suppress(ReferenceFailedError):
            if library.has(sentence, name):
                return name
    return ""
