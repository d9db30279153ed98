"""`check_file`: the output of ``pronounce-kiosk lists check FILE --lang L``."""

from __future__ import annotations

from pathlib import Path

from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.language.korean.pronunciation import homographs
from pronounce_kiosk.sentences.messages import Problem, printable
from pronounce_kiosk.sentences.transfer import preview_list


def check_file(path: Path, language: str | None) -> tuple[tuple[str, ...], bool]:
    """Check a list and its recordings as an import would.

    Returns:
        A line for every problem and one that sums up, and whether all of the list would be
        imported.

    Raises:
        SentenceListError: The file as a whole cannot be read.
    """
    result = preview_list(path, language)
    lines = [problem_line(each) for each in result.problems]
    lines += [note for each in result.sentence_list.sentences if (note := _doubt(each))]
    how = result.encoding
    if result.separator != "none":
        how += f", {result.separator}"
    count, bad = len(result.sentence_list.sentences), len(result.problems)
    counts = f"{_counted(count, 'sentence')}, {_counted(bad, 'problem')}"
    lines.append(f"{printable(path.name)} ({how}): {counts}")
    return tuple(lines), result.is_whole


def _doubt(sentence: Sentence) -> str:
    """Describe an ambiguous spelling, which only the teacher can resolve."""
    if sentence.language != "ko" or sentence.pronunciation:
        return ""
    words = [f"{row.written} ({' or '.join(row.respelled)})" for row in homographs(sentence.text)]
    if not words:
        return ""
    ask = "fill in the pronunciation column if it comes out wrong"
    return f"note: {', '.join(words)} is said in two ways; {ask} [{sentence.text}]"


def problem_line(found: Problem) -> str:
    """Format a problem for a maintainer: ``line 3, text: why [the sentence]``."""
    where = f"line {found.line}" if found.line else "file"
    if found.column:
        where += f", {found.column}"
    return f"{where}: {found.message}" + (f" [{found.text}]" if found.text else "")


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
