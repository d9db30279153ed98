"""Import a list: choose a file by touch, preview it, import it."""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.devices.stick import Stick
from pronounce_kiosk.gui.layouts import hbox
from pronounce_kiosk.gui.messages import translate
from pronounce_kiosk.gui.teacher.edit import EditPage
from pronounce_kiosk.gui.teacher.navigation import Page, PageStack
from pronounce_kiosk.gui.teacher.page_widgets import LazyRows, Row, RowsPage
from pronounce_kiosk.gui.teacher.sticks import eject_action, stick_rows
from pronounce_kiosk.gui.teacher.texts import problem_text
from pronounce_kiosk.gui.widgets.buttons import TextButton
from pronounce_kiosk.gui.widgets.labels import text_label
from pronounce_kiosk.sentences.columns import SUFFIXES
from pronounce_kiosk.sentences.reader import ReadResult, mendable
from pronounce_kiosk.sentences.stored import ImportReport
from pronounce_kiosk.sentences.transfer import preview_list

log = logging.getLogger(__name__)

MAX_ENTRIES = 2000
"""Maximum entries read from a folder: a stick full of photographs must not stall the page."""


class FilesPage(RowsPage):
    """Shows sticks and folders, down to a list's file.

    folder: None shows the sticks and the kiosk's own home folder.
    """

    def __init__(
        self,
        area: PageStack,
        then: Callable[[Path], None],
        folder: Path | None = None,
        name: str = "",
    ) -> None:
        super().__init__(area)
        self.lay_out((self.rows, 1))
        self._then, self._folder, self._name = then, folder, name
        self._entries: list[Row] | None = None
        self.model.sticks_changed.connect(self._retranslate)

    def title(self) -> str:
        """Return the folder's name."""
        if self._folder == Path.home():
            return translate("Teacher", "Files on this kiosk")
        return self._name or translate("Teacher", "Where is the list?")

    def shown(self) -> None:
        """Read the folder."""
        super().shown()
        folder = self._folder
        if folder is not None:
            self.model.do("files", lambda: rows_of(folder), self.here(self._got))

    def _got(self, entries: list[Row]) -> None:
        self._entries = entries
        self._retranslate()

    def _tapped(self, key: Any) -> None:
        if isinstance(key, Stick):
            self.model.open_stick(key, self.here(self._open))
        elif key.is_dir():
            self.area.push(FilesPage(self.area, self._then, key, key.name))
        else:
            self._then(key)

    def _open(self, stick: Stick) -> None:
        if stick.folder is not None:
            self.area.push(FilesPage(self.area, self._then, stick.folder, stick.label))

    def _retranslate(self) -> None:
        if self._folder is None:
            plug_in = translate("Teacher", "Plug in a USB stick.")
            sticks = stick_rows(self.model) or [Row(None, plug_in, icon="usb", faint=True)]
            own = Row(Path.home(), translate("Teacher", "Files on this kiosk"), icon="folder")
            self._show_rows([*sticks, own])
        elif self._entries is None:
            self._show_rows(())
        else:
            empty = translate(
                "Teacher", "No list here. Lists end in .csv, .xlsx, .txt, .srt or the like."
            )
            self._show_rows(self._entries, empty)


class PreviewPage(RowsPage):
    """Shows a list before its import: problems by line first, then the good lines.

    home: the page to return to after the import.
    """

    def __init__(self, area: PageStack, path: Path, home: Page) -> None:
        super().__init__(area, lambda: path.name)
        self._path, self._home = path, home
        self._result: ReadResult | None = None
        self._reading = 0
        self.summary_label = text_label(self, "setting", wraps=True)
        self.none_button = TextButton("cancel", "", 34, 76, self, lambda: area.close_page(self))
        self.replace_button = TextButton("again", "", 34, 76, self, lambda: self._take(True))
        self.add_button = TextButton("import", "", 34, 76, self, lambda: self._take(False))
        buttons = (self.none_button, self.replace_button, self.add_button)
        foot = hbox(*((button, 1) for button in buttons), spacing_px=12)
        self.lay_out(self.summary_label, (self.rows, 1), foot)
        self.model.do("preview", self._read, self.here(self._got), self.here(self._failed))

    def _read(self) -> ReadResult:
        def report(count: int) -> None:
            if count % 10 == 0:
                self.model.later(lambda: self.here(self._on_progress)(count))

        return preview_list(self._path, None, report)

    def _on_progress(self, count: int) -> None:
        self._reading = count
        if self._result is None:
            self._retranslate()

    def _got(self, result: ReadResult) -> None:
        self._result = result
        self._retranslate()

    def _tapped(self, key: Any) -> None:
        """Let the teacher correct a line; it then counts as a good one."""

        def keep(sentence: Sentence) -> None:
            if self._result is not None:
                self._got(self._result.mended(key, sentence))

        self.area.push(EditPage(self.area, "", mendable(key), keep=keep))

    def _failed(self, error: Exception) -> None:
        self.area.close_page(self)
        self.area.show_error(error)

    def _take(self, replace_all: bool) -> None:
        if self._result is None:
            return
        new = self._result.sentence_list
        for button in (self.add_button, self.replace_button):
            button.setEnabled(False)
        self.model.change_lists(
            lambda store: store.import_list(new, replace_all), self.here(self._taken)
        )

    def _taken(self, report: ImportReport) -> None:
        self.area.back_to(self._home)
        actions = [
            eject_action(self.area, stick)
            for stick in self.model.sticks
            if stick.folder is not None and self._path.is_relative_to(stick.folder)
        ]
        self.area.show_message(lambda: report_text(report), actions=actions)

    def _retranslate(self) -> None:
        self.none_button.set_text(translate("Teacher", "Take none"))
        self.replace_button.set_text(translate("Teacher", "Replace"))
        result = self._result
        if result is None:
            text = translate("Teacher", "Reading…")
            if self._reading:
                text = translate("Teacher", "Listening to recordings: {n}")
            self.summary_label.setText(text.format(n=self._reading))
            self.add_button.set_text(translate("Teacher", "Take"))
            self.add_button.setEnabled(False)
            self.replace_button.hide()
            self.rows.name(self.title())
            return
        good, bad = len(result.sentence_list.sentences), len(result.problems)
        known = self.model.stored(result.sentence_list.id) is not None
        self.summary_label.setText(self._summary(good, bad, known))
        take, all_of_it = translate("Teacher", "Take {n}"), translate("Teacher", "Take all {n}")
        text = translate("Teacher", "Add {n}") if known else take if bad else all_of_it
        self.add_button.set_text(text.format(n=good))
        self.add_button.setEnabled(good > 0)
        self.replace_button.setVisible(known)
        self.replace_button.setEnabled(good > 0)
        problems, sentences = result.problems, result.sentence_list.sentences
        line, whole = translate("Teacher", "Line {n}"), translate("Teacher", "Whole file")
        recording = translate("Teacher", "recording")

        def row(number: int) -> Row:
            if number < len(problems):
                problem = problems[number]
                where = line.format(n=problem.line) if problem.line else whole
                under = f"{where}: {problem.text}" if problem.text else where
                mend, icon = (problem, "edit") if problem.text else (None, "cancel")
                return Row(mend, problem_text(problem), under, icon, tone="poor")
            sentence = sentences[number - len(problems)]
            trailing = recording if sentence.audio else ""
            return Row(None, sentence.text, sentence.translation, "check", trailing)

        self._show_rows(LazyRows([None] * (len(problems) + len(sentences)), row))

    def _summary(self, good: int, bad: int, known: bool) -> str:
        text = translate("Teacher", "{good} good lines, no problem.")
        if bad:
            text = translate(
                "Teacher", "{good} good lines, {bad} with a problem. Bad lines stay out."
            )
        elif known:
            text = translate(
                "Teacher", "{good} good lines. The list is here already: add to it, or replace it."
            )
        return text.format(good=good, bad=bad)


def rows_of(folder: Path) -> list[Row]:
    """Return a row for each of a folder's visible folders and lists, folders first, by name."""
    rows = []
    for number, path in enumerate(folder.iterdir()):
        if number >= MAX_ENTRIES:
            log.info("%s has more than %d entries", folder, MAX_ENTRIES)
            break
        # A link may point outside the stick.
        if path.name.startswith((".", "~$")) or not path.name.isprintable() or path.is_symlink():
            continue
        if path.is_dir():
            rows.append(Row(path, path.name, icon="folder"))
        elif path.suffix.lower() in SUFFIXES:
            rows.append(Row(path, path.name, icon="file"))
    return sorted(rows, key=lambda row: (row.icon == "file", row.title.casefold()))


def report_text(report: ImportReport) -> str:
    """Format the result of an import."""
    parts = (
        (report.added, translate("Teacher", "{n} new")),
        (report.updated, translate("Teacher", "{n} changed")),
        (report.kept, translate("Teacher", "{n} as before")),
        (report.removed, translate("Teacher", "{n} removed")),
    )
    said = ", ".join(text.format(n=count) for count, text in parts if count)
    return translate("Teacher", "Done: {changes}.").format(changes=said or "0")
