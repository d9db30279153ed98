"""Texts for problems with lists, sticks and files. English is the source language."""

from pronounce_kiosk.core.errors import DeviceError, KioskError, SentenceListError
from pronounce_kiosk.core.sentence import SentenceList
from pronounce_kiosk.gui import messages
from pronounce_kiosk.gui.localised import interface_language
from pronounce_kiosk.gui.messages import translate
from pronounce_kiosk.gui.particles import with_particles
from pronounce_kiosk.sentences.messages import (
    LIST_ERROR_MESSAGES,
    PROBLEM_MESSAGES,
    Message,
    Problem,
)
from pronounce_kiosk.sentences.stored import Change


def problem_text(problem: Problem) -> str:
    """Return why a line is left out, in the interface's language."""
    return message_text(PROBLEM_MESSAGES[problem.key], **problem.fields)


def message_text(message: Message, **fields: object) -> str:
    """Return a message about lists in the interface's language."""
    text = message.ko if interface_language() == "ko" else message.en
    for name, value in fields.items():
        text = text.replace(f"{{{name}}}", str(value))
    return with_particles(text)


def error_text(error: Exception) -> str:
    """Return one sentence for a teacher: the problem and what to do."""
    reason = _reason(error)
    if isinstance(error, SentenceListError) and reason in LIST_ERROR_MESSAGES:
        return message_text(LIST_ERROR_MESSAGES[reason], **error.fields)
    if isinstance(error, DeviceError) and reason:
        return _stick_error_text(reason)
    if isinstance(error, OSError):
        return translate("ListErrors", "The card or stick cannot be written. Check its free space.")
    if isinstance(error, KioskError) and error.key == "history":
        return translate("ListErrors", "The results cannot be read or written. Check the card.")
    return messages.error_text(error)


def _stick_error_text(reason: str) -> str:
    return {
        "busy": translate("ListErrors", "The stick is still in use. Wait a moment and try again."),
        "gone": translate(
            "ListErrors", "The stick was pulled out. Nothing was changed. Plug it in again."
        ),
        "no_udisks": translate("ListErrors", "USB sticks need the package udisks2."),
        "not_allowed": translate("ListErrors", "The kiosk may not use USB sticks. Install again."),
        "refused": translate("ListErrors", "The stick cannot be used. Plug it in again."),
        "slow": translate("ListErrors", "The stick does not answer. Wait a moment and try again."),
    }[reason]


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
