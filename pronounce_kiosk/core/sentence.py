"""`Sentence` and `SentenceList`: the material a learner practises."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

SPELLING = ("spelling",)
"""The contrast of a word's spelling and how it is said (`Sentence.contrasts`)."""


@dataclass(frozen=True)
class Sentence:
    """One sentence of a list.

    Attributes:
        id: Unique within its list, stable over edits of the text.
        language: ISO 639-1 code, ``ko`` or ``en`` (others as far as espeak-ng speaks them).
        pronunciation: The pronunciation given by the list ("" = derived by rule).
        audio: A teacher's recording: absolute path inside the list's folder, or None.
        contrasts: Sets of sounds that its list teaches to tell apart, as phones of its language, or
            `SPELLING`. A scorer expects them to be taken for one another.
    """

    id: str
    text: str
    language: str
    translation: str = ""
    pronunciation: str = ""
    note: str = ""
    level: str = ""
    audio: Path | None = None
    contrasts: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class SentenceList:
    """A named list.

    Attributes:
        level: Free text shown on its card.
        targets: The sounds that a lesson teaches, as phones of its language; empty for other lists.
        contrasts: Those of its sentences (`Sentence.contrasts`).
        origins: For a list gathered from others, the id of each sentence's own list.
    """

    id: str
    name: str
    language: str
    sentences: tuple[Sentence, ...] = ()
    level: str = ""
    targets: tuple[str, ...] = ()
    contrasts: tuple[tuple[str, ...], ...] = ()
    origins: tuple[str, ...] = ()

    def origin_of(self, sentence: Sentence) -> str:
        """Return the id of the list that a sentence belongs to."""
        return self.origins[self.sentences.index(sentence)] if self.origins else self.id

    def teaching(self, targets: tuple[str, ...], contrasts: tuple[tuple[str, ...], ...]) -> Self:
        """Return the list with the sounds it teaches, its sentences with its contrasts."""
        sentences = tuple(replace(one, contrasts=contrasts) for one in self.sentences)
        return replace(self, sentences=sentences, targets=targets, contrasts=contrasts)
