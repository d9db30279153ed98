from __future__ import annotations

import inspect

import pytest

from pronounce_kiosk.core import errors

TREE = [
    member
    for _, member in inspect.getmembers(errors, inspect.isclass)
    if member.__module__ == errors.__name__
]


@pytest.mark.parametrize("error_type", TREE)
def test_every_error_is_a_kiosk_error_with_its_sentence_and_fields(
    error_type: type[errors.KioskError],
) -> None:
    error = error_type("Say it again.", path="a.wav")
    assert isinstance(error, errors.KioskError)
    assert str(error) == error.message == "Say it again."
    assert error.fields == {"path": "a.wav"}


def test_every_error_has_a_key_of_its_own() -> None:
    keys = [error_type.key for error_type in TREE]
    assert len(set(keys)) == len(keys)
