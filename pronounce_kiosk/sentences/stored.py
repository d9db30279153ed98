"""Plain data of the store of lists: how it is merged, and its files as JSON."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

from pronounce_kiosk.core.documents import json_document
from pronounce_kiosk.core.sentence import Sentence, SentenceList
from pronounce_kiosk.sentences.messages import list_error

DAMAGED = (OSError, ValueError, KeyError, TypeError, AttributeError)
"""What reading a damaged file of the store raises."""
STATE_NAME = re.compile(r"(\d{6,})\.json")
AUDIO_NAME = re.compile(r"[0-9a-f]{64}\.flac")
_CONTENT = re.compile(r"[0-9a-f]{64}")
_T = TypeVar("_T")
_HEAD = ("id", "name", "language", "level")
_CELLS = ("id", "text", "language", "translation", "pronunciation", "note", "level")


@dataclass(frozen=True)
class StoredList:
    """One list as the teacher sees it.

    Attributes:
        list: All its sentences, hidden ones too.
        hidden: Learners do not see the list.
        hidden_ids: Sentences that learners do not see.
        bundled: It ships with the kiosk.
        changed: A bundled list that was edited here; the original can be restored.
    """

    list: SentenceList
    hidden: bool = False
    hidden_ids: frozenset[str] = frozenset()
    bundled: bool = False
    changed: bool = False

    @property
    def visible(self) -> SentenceList:
        """The part that learners see."""
        if not self.hidden_ids:
            return self.list
        shown = tuple(s for s in self.list.sentences if s.id not in self.hidden_ids)
        return replace(self.list, sentences=shown)


@dataclass(frozen=True)
class Change:
    """One change that can be undone.

    key: ``import``, ``rename``, ``edit``, ``add``, ``move``, ``hide``, ``show``, ``delete``,
    ``record``, ``restore``. subject: the list or sentence concerned.
    """

    key: str
    subject: str


@dataclass(frozen=True)
class ImportReport:
    """Result of an import: numbers of sentences added, changed, kept and removed."""

    list_id: str
    added: int
    updated: int
    kept: int
    removed: int


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


class Draft:
    """A list while it is changed. subject: the list or sentence concerned, as of `Change`."""

    def __init__(self, stored: StoredList) -> None:
        self.name = self.subject = stored.list.name
        self.sentences = list(stored.list.sentences)
        self.hidden_ids = set(stored.hidden_ids)

    def pick(self, sentence_id: str) -> int:
        """Find the index of a sentence, which becomes the subject; refuse an unknown one."""
        for index, sentence in enumerate(self.sentences):
            if sentence.id == sentence_id:
                self.subject = sentence.text
                return index
        raise list_error("no_such_sentence", self.name)

    def refuse_twin(self, sentence: Sentence) -> None:
        """Refuse a text that another sentence of the list has."""
        for other in self.sentences:
            same = (other.language, other.text) == (sentence.language, sentence.text)
            if same and other.id != sentence.id:
                raise list_error("twin_sentence", sentence.text)


def move(items: list[_T], at: int, steps: int) -> None:
    """Move an item up (negative) or down, to the end at most."""
    items.insert(max(at + steps, 0), items.pop(at))


def merge_lists(
    old: SentenceList, new: SentenceList, replace_all: bool
) -> tuple[SentenceList, ImportReport]:
    """Merge the new list's sentences into the old list, which keeps its name and level."""
    incoming = {sentence.id: sentence for sentence in new.sentences}
    by_text = {(s.language, s.text): s for s in new.sentences}
    known_ids = {sentence.id for sentence in old.sentences}
    taken: set[str] = set()
    sentences: list[Sentence] = []
    updated = kept = 0
    for sentence in old.sentences:
        match = incoming.get(sentence.id)
        if match is None:
            twin = by_text.get((sentence.language, sentence.text))
            match = twin if twin is not None and twin.id not in known_ids else None
        if match is None:
            if not replace_all:
                sentences.append(sentence)
                kept += 1
            continue
        taken.add(match.id)
        changed = replace(match, id=sentence.id, audio=match.audio or sentence.audio)
        updated += changed != sentence
        kept += changed == sentence
        sentences.append(changed)
    texts = {(s.language, s.text) for s in sentences}
    fresh = [s for s in new.sentences if s.id not in taken and (s.language, s.text) not in texts]
    result = replace(old, sentences=(*sentences, *fresh))
    removed = len(old.sentences) + len(fresh) - len(result.sentences)
    return result, ImportReport(old.id, len(fresh), updated, kept, removed)


def parse_state(number: int, data: bytes) -> State:
    """Parse a state's file; one of `DAMAGED` where it is damaged."""
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
    """Parse a content's file, as `parse_state`: a list, and the ids of its hidden sentences."""
    document = json_document(data)
    sentences, hidden = [], set()
    for each in document["sentences"]:
        audio = each.get("audio", "")
        path = audio_folder / audio if AUDIO_NAME.fullmatch(audio) else None
        cells: dict[str, Any] = {cell: str(each.get(cell, "")) for cell in _CELLS}
        sentences.append(Sentence(**cells, audio=path))
        if each.get("hidden"):
            hidden.add(cells["id"])
    head: dict[str, Any] = {name: str(document[name]) for name in _HEAD}
    return SentenceList(**head, sentences=tuple(sentences)), frozenset(hidden)


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
    head = {name: getattr(content, name) for name in _HEAD}
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
