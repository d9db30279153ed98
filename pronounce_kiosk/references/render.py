"""Render references ahead of practice: of a whole list, or of one sentence."""

import contextlib
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
        if engine is not None:
            _make(library, sentence, engine, report)
            continue
        _make(library, sentence, "espeak", report)
        if not report.gtts_stopped:
            _make(library, sentence, "gtts", report, optional=True)
        if sentence.audio is not None:
            _make(library, sentence, "recording", report)
    if progress:
        progress(total, total)
    return report


def _make(
    library: ReferenceLibrary,
    sentence: Sentence,
    engine: str,
    report: RenderReport,
    optional: bool = False,
) -> None:
    """Make an engine's reference of a sentence where the cache has none.

    Args:
        optional: A failure only stops gTTS, unless this sentence alone cannot be said.
    """
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
        if not optional:
            report.failed.append((sentence, error.message))
        elif error.fields.get("reason") != "unsupported":
            report.gtts_stopped = error.message


@dataclass(frozen=True)
class Rendered:
    """Result of rendering one sentence.

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
    alone = SentenceList("", "", sentence.language, (sentence,))
    report = render_list(library, alone, engine=None if ask_network else "espeak")
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
