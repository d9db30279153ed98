"""Texts for problems with lists, sticks and files. English is the source language."""

from pronounce_kiosk.core.errors import DeviceError, KioskError, SentenceListError
from pronounce_kiosk.core.sentence import SentenceList
from pronounce_kiosk.gui import messages
from pronounce_kiosk.gui.messages import translate
from pronounce_kiosk.gui.particles import with_particles
from pronounce_kiosk.sentences.messages import Problem
from pronounce_kiosk.sentences.stored import Change


def problem_text(problem: Problem) -> str:
    """Return why a line is left out, in the interface's language."""
    texts = {
        "audio_bad": translate("Problems", "The recording {path} cannot be read."),
        "audio_empty": translate("Problems", "The recording {path} holds no sound."),
        "audio_missing": translate("Problems", "There is no recording {path} beside the list."),
        "audio_outside": translate(
            "Problems", "The recording {path} is not in the list's own folder."
        ),
        "bad_id": translate("Problems", "The number {value} may hold only letters, digits, - _ ."),
        "bad_quotes": translate("Problems", "The quotation marks do not match."),
        "cell_error": translate("Problems", "The cell holds a spreadsheet error ({value})."),
        "control_character": translate("Problems", "There is a control character ({code})."),
        "damaged_text": translate("Problems", "Letters were lost when the file was saved."),
        "direction_character": translate(
            "Problems", "A hidden character turns the text around ({code})."
        ),
        "duplicate_column": translate("Problems", "The column {value} appears twice."),
        "duplicate_id": translate("Problems", "The number {value} is already on line {other}."),
        "duplicate_sentence": translate(
            "Problems", "The same sentence is already on line {other}."
        ),
        "formula": translate("Problems", "The cell begins with {value}, as a formula would."),
        "hidden_character": translate("Problems", "There is an invisible character ({code})."),
        "language_mismatch": translate(
            "Problems", "The language is {language}, but no letter of it is there."
        ),
        "language_unknown": translate("Problems", "The language {value} is not known."),
        "language_unclear": translate("Problems", "Nothing says which language this is."),
        "line_too_long": translate("Problems", "The line is too long ({length} characters)."),
        "more_cells": translate("Problems", "The line has {count} cells instead of {expected}."),
        "no_letters": translate("Problems", "There is nothing to say in {value}."),
        "no_timing": translate("Problems", "The subtitle has no time line."),
        "other_language": translate("Problems", "{value} is of another language."),
        "other_sheets": translate("Problems", "Only the first sheet is read, not {value}."),
        "picture": translate("Problems", "There is a picture among the words ({value})."),
        "pronunciation_mismatch": translate(
            "Problems", "The pronunciation has {said} syllables, the sentence {written}."
        ),
        "sound_cue": translate("Problems", "{value} describes a sound."),
        "text_missing": translate("Problems", "There is no sentence."),
        "title_line": translate(
            "Problems", "{value} looks like a title. End it with a full stop to teach it."
        ),
        "too_long": translate("Problems", "Too long: {length} characters, {limit} fit."),
        "too_long_to_say": translate(
            "Problems", "It takes {length} s to say; at most {limit} s fit."
        ),
        "too_many_lines": translate("Problems", "Only the first {limit} lines are read."),
        "unread_word": translate(
            "Problems", "Nothing says how {value} is read. Write it in Hangul, or how it is said."
        ),
        "unknown_column": translate("Problems", "The column {value} is not known and not read."),
    }
    return _filled(texts.get(problem.key, problem.message), problem.fields)


def error_text(error: Exception) -> str:
    """Return one sentence for a teacher: the problem and what to do."""
    text = _error_texts().get(_reason(error))
    if text and isinstance(error, SentenceListError | DeviceError):
        return _filled(text, error.fields)
    if isinstance(error, OSError):
        return translate("ListErrors", "The card or stick cannot be written. Check its free space.")
    if isinstance(error, KioskError) and error.key == "history":
        return translate("ListErrors", "The results cannot be read or written. Check the card.")
    return messages.error_text(error)


def power_error_text(error: Exception) -> str:
    """Return one sentence: why the device stays on, and what to do."""
    texts = {
        "not_allowed": translate("Power", "The kiosk may not switch this device off."),
        "slow": translate("Power", "The device does not answer. Wait a minute and pull the plug."),
        "refused": translate("Power", "The device is busy. Wait a minute and try again."),
    }
    other = translate("Power", "It cannot be switched off from here. Pull the plug: all is saved.")
    return texts.get(_reason(error), other)


def clock_error_text(error: Exception) -> str:
    """Return one sentence: why the clock was not set, and what to do."""
    texts = {
        "not_allowed": translate(
            "Clock", "The kiosk may not set the clock. Run install-pi again, or use a network."
        ),
        "slow": translate("Clock", "The device does not answer. Wait a minute and try again."),
        "refused": translate("Clock", "The clock cannot be set now. Wait a minute and try again."),
    }
    other = translate("Clock", "The clock cannot be set here. A network sets it by itself.")
    return texts.get(_reason(error), other)


def _reason(error: Exception) -> str:
    return str(error.fields.get("reason_key", "")) if isinstance(error, KioskError) else ""


def _error_texts() -> dict[str, str]:
    return {
        "audio_silent": translate("ListErrors", "The recording {name} holds no sound."),
        "audio_unreadable": translate(
            "ListErrors", "The recording {name} cannot be read. Check the stick."
        ),
        "busy": translate("ListErrors", "The stick is still in use. Wait a moment and try again."),
        "cannot_keep": translate("ListErrors", "The kiosk cannot save. Check the card's space."),
        "cannot_read": translate("ListErrors", "{name} cannot be read. Check the stick."),
        "cannot_write": translate(
            "ListErrors", "{name} was not saved. Check the stick and its free space."
        ),
        "card_full": translate("ListErrors", "The kiosk's card is full. Delete what is not used."),
        "empty": translate("ListErrors", "{name} holds no sentence."),
        "folder": translate("ListErrors", "{name} is a folder. Choose a list inside it."),
        "gone": translate(
            "ListErrors", "The stick was pulled out. Nothing was changed. Plug it in again."
        ),
        "missing": translate("ListErrors", "{name} is not there. Check the stick."),
        "no_header": translate("ListErrors", "The first line of {name} must name the columns."),
        "no_such_list": translate("ListErrors", "The list is not there any more."),
        "no_such_sentence": translate("ListErrors", "The sentence is not there any more."),
        "no_text_column": translate(
            "ListErrors", "{name} has no column named sentence, 문장 or 단어."
        ),
        "no_udisks": translate("ListErrors", "USB sticks need the package udisks2."),
        "no_webvtt": translate("ListErrors", "{name} is no .vtt file. Save it again."),
        "not_allowed": translate("ListErrors", "The kiosk may not use USB sticks. Install again."),
        "not_text": translate(
            "ListErrors", "{name} is not a text file. Save it as CSV UTF-8 or .xlsx."
        ),
        "old_workbook": translate("ListErrors", "{name} is an old Excel file. Save it as .xlsx."),
        "refused": translate("ListErrors", "The stick cannot be used. Plug it in again."),
        "renamed_workbook": translate("ListErrors", "{name} is an Excel file. Rename it to .xlsx."),
        "slow": translate("ListErrors", "The stick does not answer. Wait a moment and try again."),
        "subtitles_damaged": translate("ListErrors", "{name} is damaged. Save it again as .srt."),
        "too_big": translate("ListErrors", "{name} is too big. Split the list."),
        "twin_sentence": translate("ListErrors", "This sentence is in the list already."),
        "unknown_encoding": translate(
            "ListErrors", "{name} is in an unknown encoding (line {line}). Save it as CSV UTF-8."
        ),
        "unknown_kind": translate("ListErrors", "{name} is not a list."),
        "workbook_damaged": translate("ListErrors", "{name} is damaged. Save it again as .xlsx."),
        "workbook_too_big": translate("ListErrors", "{name} is too big. Split the list."),
    }


def count_text(sentence_list: SentenceList) -> str:
    """Tell how many sentences a list has."""
    return translate("Teacher", "Sentences: {n}").format(n=len(sentence_list.sentences))


def room_text(megabytes: int) -> str:
    """Format an amount of storage: ``500 MB``, ``2 GB``."""
    return f"{megabytes // 1000} GB" if megabytes % 1000 == 0 else f"{megabytes} MB"


def change_text(change: Change) -> str:
    """Name the change that undo reverts."""
    return {
        "import": translate("Changes", "Undo import"),
        "edit": translate("Changes", "Undo edit"),
        "add": translate("Changes", "Undo new"),
        "move": translate("Changes", "Undo move"),
        "rename": translate("Changes", "Undo rename"),
        "hide": translate("Changes", "Undo hide"),
        "show": translate("Changes", "Undo show"),
        "delete": translate("Changes", "Undo delete"),
        "record": translate("Changes", "Undo sound"),
        "restore": translate("Changes", "Undo restore"),
    }.get(change.key, translate("Changes", "Undo"))


def _filled(text: str, fields: dict[str, object] | dict[str, str | int]) -> str:
    for name, value in fields.items():
        text = text.replace(f"{{{name}}}", str(value))
    return with_particles(text)
