"""Texts for problems with lists, sticks and files. English is the source language."""

from pathlib import Path

from pronounce_kiosk.core.errors import DeviceError, KioskError, SentenceListError
from pronounce_kiosk.core.messages import Message, read_messages
from pronounce_kiosk.core.sentence import SentenceList
from pronounce_kiosk.gui import messages
from pronounce_kiosk.gui.language import interface_language
from pronounce_kiosk.gui.messages import translate
from pronounce_kiosk.gui.particles import with_particles
from pronounce_kiosk.sentences.messages import LIST_ERROR_MESSAGES, PROBLEM_MESSAGES, Problem
from pronounce_kiosk.sentences.stored import Change

DEVICE_MESSAGES = read_messages(Path(__file__).with_name("devices.toml"))
"""Why a device refuses, by device and reason."""


def problem_text(problem: Problem) -> str:
    """Return why a line is left out, in the interface's language."""
    return message_text(PROBLEM_MESSAGES[problem.key], **problem.fields)


def message_text(message: Message, **fields: object) -> str:
    """Return a message about lists in the interface's language."""
    text = message.ko if interface_language() == "ko" else message.en
    for name, value in fields.items():
        text = text.replace(f"{{{name}}}", str(value))
    return with_particles(text)


def error_text(error: Exception, device: str = "stick") -> str:
    """Return one sentence for a teacher: the problem and what to do. device: the one in use."""
    reason = str(error.fields.get("reason_key", "")) if isinstance(error, KioskError) else ""
    if isinstance(error, SentenceListError) and reason in LIST_ERROR_MESSAGES:
        return message_text(LIST_ERROR_MESSAGES[reason], **error.fields)
    if isinstance(error, DeviceError) and reason in DEVICE_MESSAGES[device]:
        return message_text(DEVICE_MESSAGES[device][reason])
    if isinstance(error, OSError):
        return translate("ListErrors", "The card or stick cannot be written. Check its free space.")
    if isinstance(error, KioskError) and error.key == "history":
        return translate("ListErrors", "The results cannot be read or written. Check the card.")
    return messages.error_text(error)


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
