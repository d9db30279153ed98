"""Sentences of subtitles (.srt, .vtt, .smi, .ass): one row a cue, or one a speaker.

`pysubs2` reads the cues. This module finds the line of each in the file, separates speakers by
their dashes, and merges rolling captions, which repeat the one before. Of two cues at one time, one
in Hangul and one not, the second is the translation.
"""

import html
import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Self

from pronounce_kiosk.sentences.messages import Problem, list_error, problem
from pronounce_kiosk.sentences.tables import (
    MAX_LINES,
    Row,
    Rows,
    bounded,
    limit_rows,
    numbered_lines,
)

FORMATS = {".srt": "srt", ".vtt": "vtt", ".smi": "sami", ".ass": "ass", ".ssa": "ssa"}

_TAG = re.compile(r"<[^<>]{0,200}>|\{\\[^{}]{0,200}\}")
_DRAWING = re.compile(r"\{[^{}]{0,200}\\p[1-9][^{}]{0,200}\}[^{}]*")
_SPEAKER_DASH = re.compile(r"^[-\u2010-\u2015]\s*")
_SOUND_CUE = re.compile(r"\[[^\[\]]*\]|\([^()]*\)|[♪♫#*\s]+|[♪♫].*[♪♫]")
_STAGE_DIRECTION = re.compile(r"(?:\([^()]{1,40}\)|\[[^\[\]]{1,40}\])\s*(?=\S)")
_HANGUL = re.compile("[가-힣]")
_PARAGRAPH = re.compile(r"(<sync[^<>]{0,200}>\s{0,20})?<p(?=\s)", re.IGNORECASE)
_MAX_MB = 2
"""Size limit of the text; a film has a tenth of it, and a parser takes 5 s for 20 MB."""
_GAP_MS = 200
"""Longest gap between captions that follow each other directly."""
_ARROW = "-->"
_NO_HOURS = re.compile(r"(?<![\d:])\d{1,2}:\d{2}[,.]\d")
_STYLE_TAG = re.compile(r"(?i)</?(?:b|i|u|s|font)\b[^<>]{0,200}>")
_SPEAKER_NAME = re.compile(r"(?i)<p\b[^<>]{0,200}\bid=\W?source\b[^<>]{0,200}>[^<>]{0,200}")
_VTT_BLOCKS = ("NOTE", "STYLE", "REGION", "WEBVTT")
_LINES_AHEAD = 400
"""Lines searched for the start of a cue; a merged or empty cue skips a few."""
_SPACES = re.compile(r"\s+")

_Lines = list[tuple[int, str]]


def subtitle_rows(text: str, suffix: str, name: str) -> Rows:
    """List rows of a sentence and its translation (often ""), in the order of the file.

    Raises:
        SentenceListError: A .vtt file lacks its WEBVTT line, the format is broken, or the text is
            too long.
    """
    if suffix == ".vtt" and not re.match(r"WEBVTT(?:\s|$)", text):
        raise list_error("no_webvtt", name)
    if len(text) > _MAX_MB * 1024 * 1024:
        raise list_error("too_big", name, limit_mb=_MAX_MB)
    read = [bounded(line, content) for line, content in numbered_lines(text)]
    problems = [row for row in read if isinstance(row, Problem)]
    lines = [(row.line, row.cells[0]) for row in read if isinstance(row, Row)]
    if lines and lines[-1][0] > MAX_LINES:
        problems.append(problem(lines.pop()[0], "", "too_many_lines", limit=MAX_LINES))
    if suffix in (".srt", ".vtt"):
        lines = _without_untimed(lines, problems)
    if suffix == ".srt":
        lines = [(line, _with_hours(content)) for line, content in lines]
    rows = [*problems, *_rows(_cues(lines, suffix, name), lines)]
    return limit_rows(sorted(rows, key=lambda row: row.line))


def _without_untimed(lines: _Lines, problems: list[Problem]) -> _Lines:
    """Drop the names of cues and the blocks without time (NOTE, STYLE).

    pysubs2 would add them to the cue before. Any other block without a time line is a problem.
    """
    kept: _Lines = []
    for block in _blocks(lines):
        timed = next((at for at, (_, content) in enumerate(block) if _ARROW in content), None)
        first = block[0][1].split(maxsplit=1)[0]
        if timed is not None:
            has_name = timed == 1 and not block[0][1].strip().isdecimal()
            kept += block[1:] if has_name else block
        elif first in _VTT_BLOCKS or (kept and not first.isdecimal()):
            kept += block if first not in _VTT_BLOCKS else []
        elif len(block) > 1 or not first.isdecimal():
            problems.append(problem(block[0][0], "", "no_timing"))
    return kept


def _with_hours(content: str) -> str:
    """Complete a time line by its hours, which some programs omit."""
    return _NO_HOURS.sub(r"00:\g<0>", content) if _ARROW in content else content


def _blocks(lines: _Lines) -> Iterator[_Lines]:
    groups = itertools.groupby(lines, key=lambda line: bool(line[1].strip()))
    return (list(block) for has_text, block in groups if has_text)


@dataclass(frozen=True)
class _Cue:
    """A cue's lines without tags; sound descriptions only where there is no speech."""

    lines: tuple[str, ...]
    start_ms: int
    end_ms: int
    translation: tuple[str, ...] = ()

    @property
    def is_korean(self) -> bool:
        """Whether the cue has Hangul."""
        return bool(_HANGUL.search("".join(self.lines)))

    def grows_into(self, after: Self) -> bool:
        """Tell whether the next cue extends the same line, as live captions do."""
        return (
            bool(self.lines)
            and after.start_ms <= self.end_ms + _GAP_MS
            and self.lines[:-1] == after.lines[: len(self.lines) - 1]
            and len(self.lines) == len(after.lines)
            and after.lines[-1].startswith(self.lines[-1] + " ")
        )


def _cues(lines: _Lines, suffix: str, name: str) -> list[_Cue]:
    import pysubs2  # late: not needed by the kiosk's first paint

    text = "\n".join(content for _, content in lines) + "\n"
    if suffix == ".smi":  # two languages at one time are two cues; the last cue needs an end
        text = _SPEAKER_NAME.sub("", _STYLE_TAG.sub("", text)).replace("&lt;", "&amp;lt;")
        text = _PARAGRAPH.sub(
            lambda found: found[0] if found[1] else "<SYNC Start=0><P", text, count=MAX_LINES
        )
        text += "</BODY>"
    try:
        file = pysubs2.SSAFile.from_string(text, format_=FORMATS[suffix], keep_html_tags=True)
    except Exception as error:  # its parsers raise many kinds of errors
        raise list_error("subtitles_damaged", name) from error
    events = (event for event in file if not event.is_comment)
    return _with_translations(_Cue(_shown(e.text), e.start, e.end) for e in events)


def _with_translations(cues: Iterable[_Cue]) -> list[_Cue]:
    joined: list[_Cue] = []
    index_at: dict[int, int] = {}  # by start; the second language may follow as a whole
    for cue in cues:
        index = index_at.setdefault(cue.start_ms, len(joined)) if cue.lines else len(joined)
        first = joined[index] if index < len(joined) else cue
        are_one = first.is_korean != cue.is_korean and not first.translation
        if are_one:
            korean, other = (first, cue) if first.is_korean else (cue, first)
            joined[index] = replace(korean, translation=other.lines)
        else:
            joined.append(cue)
    return joined


def _shown(text: str) -> tuple[str, ...]:
    split = re.split(r"\\N|\\n|\n", _DRAWING.sub("", text))
    lines = tuple(plain for line in split if (plain := _plain(line)))
    return tuple(line for line in lines if not _SOUND_CUE.fullmatch(line)) or lines


def _rows(cues: list[_Cue], lines: _Lines) -> Iterator[Row | Problem]:
    place = _Place(lines)
    before: tuple[str, ...] = ()
    for cue, after in itertools.zip_longest(cues, cues[1:]):
        if after and cue.grows_into(after):
            continue
        new = _not_repeated(before, cue.lines)
        before = cue.lines or before
        utterances, translations = list(_utterances(new)), list(_utterances(cue.translation))
        if len(utterances) != len(translations):
            translations = [" ".join(translations)]
        pairs = itertools.zip_longest(utterances, translations[: len(utterances)], fillvalue="")
        for said, translation in pairs:
            line = place.of(said)
            if _SOUND_CUE.fullmatch(said):
                yield problem(line, "text", "sound_cue", value=said)
            else:
                yield Row(line, (said, translation))


def _plain(line: str) -> str:
    """Remove tags, before decoding entities: "&lt;i&gt;" is text, not a tag."""
    return _SPACES.sub(" ", html.unescape(_TAG.sub("", line))).strip()


def _not_repeated(before: tuple[str, ...], shown: tuple[str, ...]) -> tuple[str, ...]:
    """Return the new lines of a rolling caption, which repeats the last lines of the one before."""
    for count in range(min(len(before), len(shown)), 0, -1):
        if before[-count:] == shown[:count]:
            return shown[count:]
    return shown


def _utterances(lines: tuple[str, ...]) -> Iterator[str]:
    """Yield each speaker's text in a cue: a dash starts a speaker, other lines continue."""
    utterance: list[str] = []
    for line in lines:
        if _SPEAKER_DASH.match(line) and utterance:
            yield " ".join(utterance).strip()
            utterance = []
        if said := _spoken(line):
            utterance.append(said)
    if utterance:
        yield " ".join(utterance).strip()


def _spoken(line: str) -> str:
    """Remove a speaker's dash, name or tone from the start of a line: - (웃으며) 네."""
    return _STAGE_DIRECTION.sub("", _SPEAKER_DASH.sub("", line), count=1)


class _Place:
    """Finds the source line of each cue; cues come in the order of the file."""

    def __init__(self, lines: _Lines) -> None:
        self._lines = [
            (line, _plain(re.sub(r"(?i)<br */?>|\\N", " ", text))) for line, text in lines
        ]
        self._at = 0

    def of(self, said: str) -> int:
        """Return the first line after the last one found whose beginning matches ``said``."""
        for at in range(self._at, min(len(self._lines), self._at + _LINES_AHEAD)):
            line, content = self._lines[at]
            content = _spoken(content.rpartition(",,")[2] or content)
            if content and (said.startswith(content) or content.startswith(said[:20])):
                self._at = at
                return line
        return self._lines[self._at][0] if self._lines else 0
