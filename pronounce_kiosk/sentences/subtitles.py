"""Sentences of .srt and .vtt subtitles: one row a cue, or one a speaker where dashes mark them.

Times are not read: a cue is a sentence to practise, not a moment of a film. A small parser is
enough for that and names lines, which libraries for subtitles do not.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from pronounce_kiosk.sentences.messages import Problem, list_error, problem
from pronounce_kiosk.sentences.tables import (
    MAX_LINE_CHARACTERS,
    Row,
    Rows,
    limit_rows,
    numbered_lines,
)

_TIME_LINE = re.compile(
    r"\s*(\d+:)?\d{1,2}:\d{2}[.,]\d{1,3}\s+-->\s+(\d+:)?\d{1,2}:\d{2}[.,]\d{1,3}"
)
_TAG = re.compile(r"<[^<>]{0,200}>|\{\\[^{}]{0,200}\}")
_SPEAKER_DASH = re.compile(r"^[-\u2010-\u2015]\s*")
_SOUND_CUE = re.compile(r"\[[^\[\]]*\]|\([^()]*\)|[♪♫#*\s]+|[♪♫].*[♪♫]")
_VTT_BLOCKS = ("NOTE", "STYLE", "REGION")

_Block = list[tuple[int, str]]


def subtitle_rows(text: str, suffix: str, name: str) -> Rows:
    """Rows of one cell, in the order of the file. Raises SentenceListError on a .vtt file without
    its WEBVTT line."""
    is_vtt = suffix == ".vtt"
    blocks = _blocks(text)
    if is_vtt and not re.match(r"WEBVTT(?:\s|$)", text):
        raise list_error("no_webvtt", name)
    return limit_rows(row for block in blocks for row in _cue_rows(block, is_vtt))


def _blocks(text: str) -> Iterator[_Block]:
    """Runs of lines between blank ones."""
    block: _Block = []
    for line, content in numbered_lines(text):
        if content.strip():
            block.append((line, content))
        elif block:
            yield block
            block = []
    if block:
        yield block


def _cue_rows(block: _Block, is_vtt: bool) -> Iterator[Row | Problem]:
    first = block[0][1].split(maxsplit=1)[0]
    if is_vtt and (block[0][0] == 1 or first in _VTT_BLOCKS) and "-->" not in block[0][1]:
        return
    # The time line is the first or follows the cue's number or name.
    timed = next((at for at, (_, content) in enumerate(block[:2]) if _TIME_LINE.match(content)), -1)
    if timed < 0:
        yield problem(block[0][0], "", "no_timing")
        return
    for line, said in _utterances(block[timed + 1 :]):
        if len(said) > MAX_LINE_CHARACTERS:
            yield problem(line, "", "line_too_long", length=len(said), limit=MAX_LINE_CHARACTERS)
        elif _SOUND_CUE.fullmatch(said):
            yield problem(line, "text", "sound_cue", value=said)
        elif said:
            yield Row(line, (said,))


def _utterances(lines: _Block) -> Iterator[tuple[int, str]]:
    """What each speaker of a cue says: a dash begins a speaker, other lines go on."""
    utterance: _Block = []
    for line, content in lines:
        # Tags go before entities are read: "&lt;i&gt;" is text, not a tag.
        plain = html.unescape(_TAG.sub("", content)).strip(" \t\n")
        if _SPEAKER_DASH.match(plain) and utterance:
            yield utterance[0][0], " ".join(part for _, part in utterance).strip(" ")
            utterance = []
        utterance.append((line, _SPEAKER_DASH.sub("", plain)))
    if utterance:
        yield utterance[0][0], " ".join(part for _, part in utterance).strip(" ")
