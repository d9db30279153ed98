"""`ListStore`: the teachers' lists, in the data folder, with undo for every change.

Nothing is overwritten. Sentences and recordings lie in files named by their content; a *state*
names the lists, their order and their contents. A change writes new contents and then one new
state, atomically: a power cut leaves the old state or the new one. Undo removes the newest state.
Files that no kept state names are deleted.

    lists/states/000042.json    lists/contents/<sha256>.json    lists/audio/<sha256>.flac
"""

import hashlib
import logging
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.audio.files import encoded
from pronounce_kiosk.core.atomic import write_atomically
from pronounce_kiosk.core.lock import locked
from pronounce_kiosk.core.sentence import Sentence, SentenceList
from pronounce_kiosk.sentences.messages import list_error
from pronounce_kiosk.sentences.recordings import read_recording
from pronounce_kiosk.sentences.stored import (
    AUDIO_NAME,
    DAMAGED,
    STATE_NAME,
    Change,
    Draft,
    Entry,
    ImportReport,
    State,
    StoredList,
    content_bytes,
    merge_lists,
    move,
    parse_content,
    parse_state,
    remove_others,
    state_bytes,
)

log = logging.getLogger(__name__)

STEPS_KEPT = 30
"""Number of changes that can be undone."""
FREE_BYTES_KEPT = 64 * 1024 * 1024
"""Disk space left free: a full card would stop the kiosk itself."""


class ListStore:
    """Lists in ``folder``, over the bundled ones. Construction does not access the disk.

    Another process may change the folder (a command over ssh while the kiosk runs): every call
    reads anew, and changes are serialised. Every change raises SentenceListError, without effect,
    where the disk refuses or the list does not exist.
    """

    def __init__(self, folder: Path, bundled: Sequence[SentenceList] = ()) -> None:
        self.folder = folder
        self._bundled = {each.id: each for each in bundled}
        self._contents: dict[str, tuple[SentenceList, frozenset[str]]] = {}

    def lists(self) -> tuple[StoredList, ...]:
        """Return all lists in the teacher's order; a damaged one is logged and skipped."""
        found = map(self._stored, self._entries(self._newest()).values())
        return tuple(each for each in found if each is not None)

    def visible(self) -> tuple[SentenceList, ...]:
        """Return the learners' lists: no hidden list, no hidden sentence, no empty list."""
        shown = (each.visible for each in self.lists() if not each.hidden)
        return tuple(each for each in shown if each.sentences)

    def get(self, list_id: str) -> StoredList:
        """Return one list; raise SentenceListError where it does not exist."""
        return self._need(self._newest(), list_id)

    def undoable(self) -> Change | None:
        """Return the change that `undo` would revert; None where there is none."""
        newest = self._newest()
        return newest.change if newest.number else None

    def import_list(self, new: SentenceList, replace_all: bool = False) -> ImportReport:
        """Import a list with its recordings.

        Into an existing list of that id, sentences are matched by id (by text where the id is new):
        matched ones are replaced in place, new ones are appended, the others stay or, with
        ``replace_all``, are removed. Undo restores everything.
        """
        with self._changing() as state:
            entry = self._entries(state).get(new.id)
            old = None if entry is None else self._stored(entry)
            kept_audio = self._keep_recordings(new)
            if old is None:
                merged, report = kept_audio, ImportReport(new.id, len(new.sentences), 0, 0, 0)
            else:
                merged, report = merge_lists(old.list, kept_audio, replace_all)
            hidden_ids = frozenset() if old is None else old.hidden_ids
            self._put(state, merged, hidden_ids, Change("import", new.name))
            return report

    def move_list(self, list_id: str, steps: int) -> None:
        """Move a list up (negative) or down."""
        with self._changing() as state:
            entries = self._entries(state)
            entry = _entry(entries, list_id)
            moved = list(entries.values())
            move(moved, moved.index(entry), steps)
            self._write(state, moved, Change("move", self._name(entry)))

    def rename_list(self, list_id: str, name: str) -> None:
        """Rename a list; its id in the results stays."""
        with self._editing(list_id, "rename") as draft:
            draft.name = name

    def hide_list(self, list_id: str, hidden: bool) -> None:
        """Hide a list from learners, or show it again."""
        with self._changing() as state:
            entries = self._entries(state)
            entries[list_id] = entry = replace(_entry(entries, list_id), hidden=hidden)
            change = Change("hide" if hidden else "show", self._name(entry))
            self._write(state, entries.values(), change)

    def delete_list(self, list_id: str) -> None:
        """Delete a list.

        An edited bundled list is restored; an unchanged one is hidden.
        """
        with self._changing() as state:
            entries = self._entries(state)
            entry = _entry(entries, list_id)
            change = Change("delete", self._name(entry))
            if list_id not in self._bundled:
                del entries[list_id]
            elif entry.content:
                entries[list_id] = replace(entry, content="")
                change = replace(change, key="restore")
            else:
                entries[list_id] = replace(entry, hidden=True)
                change = replace(change, key="hide")
            self._write(state, entries.values(), change)

    def edit_sentence(self, list_id: str, sentence: Sentence) -> None:
        """Replace the sentence with the same id."""
        with self._editing(list_id, "edit") as draft:
            at = draft.pick(sentence.id)
            draft.refuse_twin(sentence)
            draft.sentences[at] = sentence
            draft.subject = sentence.text

    def add_sentence(self, list_id: str, sentence: Sentence) -> None:
        """Append a sentence."""
        with self._editing(list_id, "add") as draft:
            draft.refuse_twin(sentence)
            if any(each.id == sentence.id for each in draft.sentences):
                raise list_error("twin_sentence", sentence.text)
            draft.sentences.append(sentence)
            draft.subject = sentence.text

    def move_sentence(self, list_id: str, sentence_id: str, steps: int) -> None:
        """Move a sentence up (negative) or down."""
        with self._editing(list_id, "move") as draft:
            move(draft.sentences, draft.pick(sentence_id), steps)

    def hide_sentence(self, list_id: str, sentence_id: str, hidden: bool) -> None:
        """Hide a sentence from learners, or show it again."""
        with self._editing(list_id, "hide" if hidden else "show") as draft:
            draft.pick(sentence_id)
            change = draft.hidden_ids.add if hidden else draft.hidden_ids.discard
            change(sentence_id)

    def delete_sentence(self, list_id: str, sentence_id: str) -> None:
        """Delete a sentence."""
        with self._editing(list_id, "delete") as draft:
            del draft.sentences[draft.pick(sentence_id)]

    def set_recording(self, list_id: str, sentence_id: str, clip: AudioClip | None) -> Sentence:
        """Store a teacher's recording of a sentence, or delete it (None). Returns the sentence."""
        with self._editing(list_id, "record") as draft:
            at = draft.pick(sentence_id)
            audio = None if clip is None else self._keep_clip(clip)
            draft.sentences[at] = replace(draft.sentences[at], audio=audio)
            return draft.sentences[at]

    def undo(self) -> Change | None:
        """Revert the newest change; None where there is none. There is no redo."""
        with self._changing() as state:
            if not state.number:
                return None
            self._state_path(state.number).unlink(missing_ok=True)
            return state.change

    @contextmanager
    def _changing(self) -> Iterator[State]:
        """Provide the newest state under the lock; convert disk errors to SentenceListError."""
        try:
            with locked(self.folder / "lock"):
                yield self._newest()
        except OSError as error:
            log.exception("the lists cannot be changed")
            reason = error.strerror or type(error).__name__
            raise list_error("cannot_keep", self.folder.name, reason=reason) from error

    @contextmanager
    def _editing(self, list_id: str, key: str) -> Iterator[Draft]:
        """Provide a list to be changed; write it as a change of that key."""
        with self._changing() as state:
            old = self._need(state, list_id)
            draft = Draft(old)
            yield draft
            new = replace(old.list, name=draft.name, sentences=tuple(draft.sentences))
            self._put(state, new, frozenset(draft.hidden_ids), Change(key, draft.subject))

    def _newest(self) -> State:
        """Return the newest readable state; an empty one where there is none."""
        for number in sorted(self._numbers(), reverse=True):
            try:
                return parse_state(number, self._state_path(number).read_bytes())
            except DAMAGED as error:
                log.error(
                    "state %d of the lists is damaged (%s): an older one is used", number, error
                )
        return State()

    def _numbers(self) -> list[int]:
        try:
            names = os.listdir(self.folder / "states")
        except OSError:
            return []
        return [int(match[1]) for name in names if (match := STATE_NAME.fullmatch(name))]

    def _state_path(self, number: int) -> Path:
        return self.folder / "states" / f"{number:06d}.json"

    def _write(self, state: State, entries: Iterable[Entry], change: Change) -> None:
        number = max([state.number, *self._numbers()]) + 1
        write_atomically(self._state_path(number), state_bytes(change, entries))
        self._sweep()

    def _entries(self, state: State) -> dict[str, Entry]:
        """Return the state's lists by id in order, then bundled ones that an update added."""
        known = {e.id: e for e in state.entries if e.content or e.id in self._bundled}
        return known | {each: Entry(each) for each in self._bundled if each not in known}

    def _name(self, entry: Entry) -> str:
        stored = self._stored(entry)
        return entry.id if stored is None else stored.list.name

    def _stored(self, entry: Entry) -> StoredList | None:
        bundled = entry.id in self._bundled
        if not entry.content:
            return StoredList(self._bundled[entry.id], entry.hidden, bundled=True)
        try:
            content, hidden_ids = self._content(entry.content)
        except DAMAGED as error:
            log.error("the list %s is damaged and left out (%s)", entry.id, error)
            return None
        if bundled:
            shipped = self._bundled[entry.id]
            content = content.teaching(shipped.targets, shipped.contrasts)
        return StoredList(content, entry.hidden, hidden_ids, bundled, changed=bundled)

    def _content(self, name: str) -> tuple[SentenceList, frozenset[str]]:
        if name not in self._contents:
            data = (self.folder / "contents" / f"{name}.json").read_bytes()
            if hashlib.sha256(data).hexdigest() != name:
                raise ValueError("its content is not what was written")
            self._contents[name] = parse_content(data, self.folder / "audio")
        return self._contents[name]

    def _need(self, state: State, list_id: str) -> StoredList:
        stored = self._stored(_entry(self._entries(state), list_id))
        if stored is None:
            raise list_error("no_such_list", list_id)
        return stored

    def _put(
        self, state: State, new: SentenceList, hidden_ids: frozenset[str], change: Change
    ) -> None:
        """Write a list's content and the state that names it."""
        data = content_bytes(self._keep_recordings(new), hidden_ids)
        name = hashlib.sha256(data).hexdigest()
        write_atomically(self.folder / "contents" / f"{name}.json", data)
        entries = self._entries(state)
        if new.id in entries:
            entries[new.id] = replace(entries[new.id], content=name)
        else:
            # A teacher expects a new list at the top.
            entries = {new.id: Entry(new.id, content=name), **entries}
        self._write(state, entries.values(), change)

    def _keep_recordings(self, new: SentenceList) -> SentenceList:
        """Copy a list's recordings into the store."""
        return replace(new, sentences=tuple(map(self._keep_recording, new.sentences)))

    def _keep_recording(self, sentence: Sentence) -> Sentence:
        path = sentence.audio
        if path is None:
            return sentence
        if path.parent == self.folder / "audio" and AUDIO_NAME.fullmatch(path.name):
            return sentence
        return replace(sentence, audio=self._keep_clip(read_recording(path)))

    def _keep_clip(self, clip: AudioClip) -> Path:
        """Store a clip as FLAC, whatever its format was, so that one decoder plays all."""
        data = encoded(clip, "FLAC")
        path = self.folder / "audio" / f"{hashlib.sha256(data).hexdigest()}.flac"
        if path.is_file() and path.stat().st_size == len(data):
            return path
        if shutil.disk_usage(self.folder).free < FREE_BYTES_KEPT + len(data):
            raise list_error("card_full", path.name)
        write_atomically(path, data)
        return path

    def _sweep(self) -> None:
        """Delete states beyond `STEPS_KEPT`, and the files that no kept state names.

        An unreadable state might name any file, so while there is one all files stay.
        """
        try:
            numbers = sorted(self._numbers(), reverse=True)
            for number in numbers[STEPS_KEPT:]:
                self._state_path(number).unlink(missing_ok=True)
            contents: set[str] = set()
            for number in numbers[:STEPS_KEPT]:
                state = parse_state(number, self._state_path(number).read_bytes())
                contents |= {entry.content for entry in state.entries}
            audio: set[str] = set()
            for name in contents - {""}:
                sentences = self._content(name)[0].sentences
                audio |= {s.audio.name for s in sentences if s.audio is not None}
            self._contents = {n: c for n, c in self._contents.items() if n in contents}
            remove_others(self.folder / "contents", {f"{name}.json" for name in contents})
            remove_others(self.folder / "audio", audio)
        except DAMAGED as error:
            log.warning("nothing is swept, because something of the lists is damaged: %s", error)


def _entry(entries: Mapping[str, Entry], list_id: str) -> Entry:
    if list_id not in entries:
        raise list_error("no_such_list", list_id)
    return entries[list_id]
