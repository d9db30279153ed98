"""The commands ``pronounce-kiosk lists check|import|export|list``, for use over ssh."""

from dataclasses import replace
from pathlib import Path

from pronounce_kiosk.core.errors import UsageError
from pronounce_kiosk.core.paths import Paths
from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.language.korean.pronunciation import homographs
from pronounce_kiosk.sentences.bundled import bundled_lists
from pronounce_kiosk.sentences.messages import Problem, list_error, printable
from pronounce_kiosk.sentences.store import ListStore
from pronounce_kiosk.sentences.stored import StoredList
from pronounce_kiosk.sentences.transfer import export_list, preview_list


def open_store(paths: Paths) -> ListStore:
    """Open the kiosk's own store."""
    return ListStore(paths.data_dir / "lists", bundled_lists(paths.assets_dir))


def check_file(path: Path, language: str | None) -> tuple[tuple[str, ...], bool]:
    """Check a list and its recordings as an import would (`preview_list`).

    Returns:
        A line for every problem and one that sums up, and whether all of the list would be
        imported.
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


def import_file(
    store: ListStore,
    path: Path,
    language: str | None = None,
    name: str | None = None,
    good_lines: bool = False,
    replace_all: bool = False,
) -> tuple[tuple[str, ...], bool]:
    """Import a file completely or, with ``good_lines``, its good lines.

    Args:
        name: The list's; the file's where None.

    Returns:
        The lines to print, and whether it was imported.
    """
    result = preview_list(path, language)
    lines = [problem_line(each) for each in result.problems]
    new = result.sentence_list
    if name is not None:
        new = replace(new, id=name, name=name)
    if not new.sentences:
        return (*lines, f"{path.name}: no good line, so nothing was imported"), False
    if result.problems and not good_lines:
        refusal = list_error("some_bad_lines", path.name, count=len(result.problems))
        return (*lines, refusal.message), False
    report = store.import_list(new, replace_all)
    parts = [f"{report.added} added", f"{report.updated} updated", f"{report.kept} kept"]
    if report.removed:
        parts.append(f"{report.removed} removed")
    return (*lines, f"{report.list_id}: {', '.join(parts)}"), True


def export_file(
    store: ListStore, path: Path, name: str | None = None, language: str | None = None
) -> str:
    """Write a list to a CSV file; return the line to print.

    Args:
        name: The list's id; where None the list named as the file, else the only imported one.
        language: Only the sentences in it.
    """
    stored = _chosen(store, path, name)
    sentences = stored.list.sentences
    if language is not None:
        sentences = tuple(s for s in sentences if s.language == language)
    if path.suffix.lower() != ".csv":
        raise UsageError(f"Lists are exported as CSV: name a file that ends in .csv, not {path}.")
    if not sentences:
        raise list_error("empty", stored.list.id)
    export_list(path, replace(stored.list, sentences=sentences))
    return f"{path}: {len(sentences)} of {stored.list.id}"


def list_lines(store: ListStore) -> tuple[str, ...]:
    """Return a line for each list: id, number of sentences, particulars."""
    lines = []
    for stored in store.lists():
        marks = {
            "imported": not stored.bundled,
            "edited": stored.changed,
            "hidden": stored.hidden,
            f"{len(stored.hidden_ids)} sentences hidden": bool(stored.hidden_ids),
        }
        held = ", ".join(word for word, holds in marks.items() if holds)
        count = len(stored.list.sentences)
        tail = f"  ({held})" if held else ""
        lines.append(f"{stored.list.id}  {stored.list.language}  {count} sentences{tail}")
    return tuple(lines)


def _chosen(store: ListStore, path: Path, name: str | None) -> StoredList:
    if name is not None:
        return store.get(name)
    lists = store.lists()
    same_name = [stored for stored in lists if stored.list.id == path.stem]
    own = [stored for stored in lists if not stored.bundled]
    for found in (same_name, own):
        if len(found) == 1:
            return found[0]
    ids = ", ".join(stored.list.id for stored in lists)
    raise UsageError(f"Which list should {path.name} hold? Choose one with --list: {ids}.")
