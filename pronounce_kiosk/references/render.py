"""Render the references of a whole list ahead of practice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from pronounce_kiosk.core.errors import ReferenceFailedError
from pronounce_kiosk.core.sentence import Sentence, SentenceList
from pronounce_kiosk.references.library import ReferenceLibrary

Progress = Callable[[int, int], None]
"""Called with the number of finished sentences and of all."""


@dataclass
class RenderReport:
    """Result of rendering a list.

    Attributes:
        rendered: References made now.
        cached: References found in the cache.
        failed: Sentences without a reference of the engine asked for, and why.
        gtts_stopped: Why gTTS was not asked (further); "" where it was never refused.
    """

    rendered: int = 0
    cached: int = 0
    failed: list[tuple[Sentence, str]] = field(default_factory=list)
    gtts_stopped: str = ""


def render_list(
    library: ReferenceLibrary,
    sentence_list: SentenceList,
    progress: Progress | None = None,
    engine: str | None = None,
) -> RenderReport:
    """Render the missing references of a list; a call after an interruption resumes it.

    Args:
        engine: ``espeak`` or ``gtts`` only; ``recording`` checks the teacher's files. None renders
            espeak-ng's and fetches gTTS's until the network fails or gTTS refuses, which is no
            failure.
    """
    report = RenderReport()
    total = len(sentence_list.sentences)
    for done, sentence in enumerate(sentence_list.sentences):
        if progress:
            progress(done, total)
        if engine in (None, "auto", "espeak"):
            _make(library, sentence, "espeak", report)
        if engine == "gtts":
            _make(library, sentence, "gtts", report)
        if engine in (None, "auto") and library.gtts and not report.gtts_stopped:
            _fetch(library, sentence, report)
        if engine == "recording" or (engine in (None, "auto") and sentence.audio is not None):
            _make(library, sentence, "recording", report)
    if progress:
        progress(total, total)
    return report


def _make(library: ReferenceLibrary, sentence: Sentence, engine: str, report: RenderReport) -> None:
    try:
        if engine != "recording" and library.has(sentence, engine):
            report.cached += 1
            return
        if engine == "gtts":
            library.fetch(sentence)
        else:
            library.reference(sentence, engine)
        report.rendered += 1
    except ReferenceFailedError as error:
        report.failed.append((sentence, error.message))


def _fetch(library: ReferenceLibrary, sentence: Sentence, report: RenderReport) -> None:
    """Fetch gTTS's reference, unless gTTS is unreachable or has refused."""
    if library.fetched(sentence):
        report.cached += 1
        return
    try:
        library.fetch(sentence)
        report.rendered += 1
    except ReferenceFailedError as error:
        if error.fields.get("reason") != "unsupported":
            report.gtts_stopped = error.message
