"""What the store of lists gives, as plain data."""

from __future__ import annotations

from dataclasses import dataclass, replace

from pronounce_kiosk.core.sentence import Sentence, SentenceList
from pronounce_kiosk.sentences.messages import list_error


@dataclass(frozen=True)
class StoredList:
    """One list as the teacher sees it.

    list: all its sentences, the hidden ones too. hidden: learners do not see the list.
    hidden_ids: sentences that learners do not see. bundled: it ships with the kiosk.
    changed: a bundled list that was edited here, so that the original can be had back.
    """

    list: SentenceList
    hidden: bool = False
    hidden_ids: frozenset[str] = frozenset()
    bundled: bool = False
    changed: bool = False

    @property
    def visible(self) -> SentenceList:
        """What learners see of it."""
        if not self.hidden_ids:
            return self.list
        shown = tuple(s for s in self.list.sentences if s.id not in self.hidden_ids)
        return replace(self.list, sentences=shown)


@dataclass(frozen=True)
class Change:
    """One step that can be undone.

    key: ``import``, ``edit``, ``add``, ``move``, ``hide``, ``show``, ``delete``, ``record``,
    ``restore``. subject: the list or sentence it was about.
    """

    key: str
    subject: str


@dataclass(frozen=True)
class ImportReport:
    """What an import did: sentences added, given new content, kept from before, taken away."""

    list_id: str
    added: int
    updated: int
    kept: int
    removed: int


def place_of(stored: StoredList, sentence_id: str) -> int:
    """Find a sentence's place in a list. Raises SentenceListError where it is not there."""
    for index, sentence in enumerate(stored.list.sentences):
        if sentence.id == sentence_id:
            return index
    raise list_error("no_such_sentence", stored.list.name)


def refuse_twin(stored: StoredList, sentence: Sentence) -> None:
    """Raise SentenceListError where another sentence of the list has the same text."""
    for other in stored.list.sentences:
        same = (other.language, other.text) == (sentence.language, sentence.text)
        if same and other.id != sentence.id:
            raise list_error("twin_sentence", sentence.text)
