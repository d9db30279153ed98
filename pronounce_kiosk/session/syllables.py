"""Write an English word with one syllable in capitals, as dictionaries show stress: phoTOgraph."""

import re
from itertools import pairwise

_VOWELS = re.compile(r"(?!^y)[aeiouy]+")
_KEPT_TOGETHER = re.compile(r"[bcdfgkpt][lr]|[cpstw]h|qu")
"""Consonants that begin a syllable together."""
_SILENT_END = re.compile(r"[^aeiouy]e[ds]?$")


def stressed(word: str, count: int, syllable: int) -> str:
    """Write a word with a syllable in capitals.

    Where its letters do not show its syllables (idea, chocolate), a filled circle among empty ones
    follows it.

    Args:
        word: As the sentence writes it.
        count: Of its syllables as it is said.
        syllable: The one to be shown, counted from 0.
    """
    letters = word.lower()
    groups = [found.span() for found in _VOWELS.finditer(letters)]
    if len(groups) == count + 1 and _SILENT_END.search(letters):
        groups.pop()
    if len(groups) != count:
        marks = "".join("●" if place == syllable else "○" for place in range(count))
        return f"{word} ({marks})"
    cuts = [_cut(letters, end, start) for (_, end), (start, _) in pairwise(groups)]
    first, last = [0, *cuts][syllable], [*cuts, len(word)][syllable]
    return letters[:first] + letters[first:last].upper() + letters[last:]


def _cut(letters: str, start: int, end: int) -> int:
    """Where a syllable begins among the consonants between two vowels."""
    if end - start < 2 or (end - start == 2 and _KEPT_TOGETHER.fullmatch(letters[start:end])):
        return start
    first_two = _KEPT_TOGETHER.fullmatch(letters[start : start + 2])
    return start + (2 if first_two else 1)
