"""The archive of the hama package, read from bytes made here."""

from __future__ import annotations

import struct

import numpy as np
import pytest

from pronounce_kiosk.core.errors import TrainingError
from pronounce_kiosk.language.phones import ENGLISH_PHONES
from pronounce_kiosk.training.aligned.convert_english import phone_of_token, read_archive


def _archive(tensors: dict[str, np.ndarray]) -> bytes:
    head, body = b"HAMAPK\x01\x02" + struct.pack("<I", len(tensors)), b""
    for name, one in tensors.items():
        kind = int(one.dtype == np.float16)
        head += struct.pack("<H", len(name)) + name.encode() + bytes([kind, one.ndim])
        head += struct.pack(f"<{one.ndim}I", *one.shape)
        head += struct.pack("<QQ", len(body), one.nbytes)
        body += one.tobytes()
    return head + bytes(-len(head) % 16) + body


def test_tensors_come_back_as_32_bit_floats() -> None:
    whole = np.arange(6, dtype=np.float32).reshape(2, 3)
    half = np.array([0.5, -2.0], np.float16)
    found = read_archive(_archive({"a.weight": whole, "b": half}))
    np.testing.assert_array_equal(found["a.weight"], whole)
    np.testing.assert_array_equal(found["b"], half.astype(np.float32))


def test_another_file_is_refused() -> None:
    with pytest.raises(TrainingError, match="install hama"):
        read_archive(b"PK\x03\x04 something else")


def test_every_phone_has_a_symbol_and_the_rest_are_none() -> None:
    symbols = ["ɝ", "ɚ", "θ", "꜔", "<wb>", "<blank>"]
    er, th = (1 + ENGLISH_PHONES.index(name) for name in ("ER", "TH"))
    assert phone_of_token(symbols).tolist() == [er, er, th, 0, 0, 0]
