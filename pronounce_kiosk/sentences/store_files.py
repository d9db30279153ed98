"""Files of the list store: states and contents, as JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from pronounce_kiosk.core.documents import json_document
from pronounce_kiosk.core.sentence import Sentence, SentenceList
from pronounce_kiosk.sentences.stored import Change

STATE_NAME = re.compile(r"(\d{6,})\.json")
AUDIO_NAME = re.compile(r"[0-9a-f]{64}\.flac")
_CONTENT = re.compile(r"[0-9a-f]{64}")
_CELLS = ("id", "text", "language", "translation", "pronunciation", "note", "level")


@dataclass(frozen=True)
class Entry:
    """A list in a state. content: "" is an unchanged bundled list."""

    id: str
    hidden: bool = False
    content: str = ""


@dataclass(frozen=True)
class State:
    """The lists after a change, in the teacher's order. number: 0 is before the first change."""

    number: int = 0
    change: Change = field(default=Change("", ""))
    entries: tuple[Entry, ...] = ()


def parse_state(number: int, data: bytes) -> State:
    """Parse a state's file.

    Raises:
        ValueError, KeyError, TypeError, AttributeError: It is damaged.
    """
    document = json_document(data)
    change = document["change"]
    entries = tuple(
        Entry(str(each["id"]), bool(each["hidden"]), str(each["content"]))
        for each in document["lists"]
    )
    if not all(not entry.content or _CONTENT.fullmatch(entry.content) for entry in entries):
        raise ValueError("a content has no proper name")
    return State(number, Change(str(change["key"]), str(change["subject"])), entries)


def state_bytes(change: Change, entries: Iterable[Entry]) -> bytes:
    """Write a state as JSON."""
    lists = [asdict(entry) for entry in entries]
    return _json_bytes({"format": 1, "change": asdict(change), "lists": lists})


def parse_content(data: bytes, audio_folder: Path) -> tuple[SentenceList, frozenset[str]]:
    """Parse a content's file: a list, and the ids of its hidden sentences.

    Raises:
        ValueError, KeyError, TypeError, AttributeError: It is damaged.
    """
    document = json_document(data)
    sentences, hidden = [], set()
    for each in document["sentences"]:
        audio = each.get("audio", "")
        path = audio_folder / audio if AUDIO_NAME.fullmatch(audio) else None
        cells: dict[str, Any] = {cell: str(each.get(cell, "")) for cell in _CELLS}
        sentences.append(Sentence(**cells, audio=path))
        if each.get("hidden"):
            hidden.add(cells["id"])
    head = {name: str(document[name]) for name in ("id", "name", "language", "level")}
    made = SentenceList(head["id"], head["name"], head["language"], level=head["level"])
    return replace(made, sentences=tuple(sentences)), frozenset(hidden)


def content_bytes(content: SentenceList, hidden_ids: frozenset[str]) -> bytes:
    """Write a list as JSON; its recordings, which lie in the store, by their file names."""
    sentences = []
    for sentence in content.sentences:
        cells: dict[str, Any] = {
            cell: value for cell in _CELLS if (value := getattr(sentence, cell))
        }
        if sentence.audio is not None:
            cells["audio"] = sentence.audio.name
        if sentence.id in hidden_ids:
            cells["hidden"] = True
        sentences.append(cells)
    head = {name: getattr(content, name) for name in ("id", "name", "language", "level")}
    return _json_bytes({"format": 1, **head, "sentences": sentences})


def remove_others(folder: Path, wanted: set[str]) -> None:
    """Delete the folder's files except the wanted names."""
    if not folder.is_dir():
        return
    for path in folder.iterdir():
        if path.name not in wanted:
            path.unlink(missing_ok=True)


def _json_bytes(document: Mapping[str, Any]) -> bytes:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
