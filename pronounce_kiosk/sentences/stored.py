"""Plain data returned by the store of lists, and how lists are merged."""

from __future__ import annotations

from dataclasses import dataclass, replace

from pronounce_kiosk.core.sentence import Sentence, SentenceList
from pronounce_kiosk.sentences.messages import list_error


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

    key: ``import``, ``edit``, ``add``, ``move``, ``hide``, ``show``, ``delete``, ``record``,
    ``restore``. subject: the list or sentence concerned.
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


def place_of(stored: StoredList, sentence_id: str) -> int:
    """Find a sentence's index in a list.

    Raises:
        SentenceListError: It is not in the list.
    """
    for index, sentence in enumerate(stored.list.sentences):
        if sentence.id == sentence_id:
            return index
    raise list_error("no_such_sentence", stored.list.name)


def refuse_twin(stored: StoredList, sentence: Sentence) -> None:
    """Refuse a text that another sentence of the list has.

    Raises:
        SentenceListError: There is one.
    """
    for other in stored.list.sentences:
        same = (other.language, other.text) == (sentence.language, sentence.text)
        if same and other.id != sentence.id:
            raise list_error("twin_sentence", sentence.text)


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
