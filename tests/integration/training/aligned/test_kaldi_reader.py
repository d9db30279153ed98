"""Kaldi's binary files, written here as Kaldi writes them and read again."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest

from pronounce_kiosk.training.aligned.convert_korean import KaldiReader


def integer(value: int) -> bytes:
    return b"\x04" + struct.pack("<i", value)


def real(value: float) -> bytes:
    return b"\x04" + struct.pack("<f", value)


def matrix(values: np.ndarray, kind: str = "FM") -> bytes:
    dtype = "<f4" if kind[0] == "F" else "<f8"
    head = kind.encode() + b" " + b"".join(integer(size) for size in values.shape)
    return head + values.astype(dtype).tobytes()


def reader(tmp_path: Path, data: bytes) -> KaldiReader:
    path = tmp_path / "file"
    path.write_bytes(b"\0B" + data)
    return KaldiReader(path)


@pytest.mark.parametrize("kind", ["FM", "DM"])
def test_matrices(tmp_path: Path, kind: str) -> None:
    values = np.arange(6.0).reshape(2, 3) / 7.0
    found = reader(tmp_path, matrix(values, kind)).matrix()
    np.testing.assert_allclose(found, values, rtol=1e-6)


@pytest.mark.parametrize("kind", ["FV", "DV"])
def test_vectors(tmp_path: Path, kind: str) -> None:
    np.testing.assert_allclose(
        reader(tmp_path, matrix(np.array([0.5, -2.0]), kind)).matrix(), [0.5, -2.0]
    )


def test_packed_matrices_are_their_lower_triangle(tmp_path: Path) -> None:
    packed = np.array([1.0, 2.0, 3.0, 4.0, 5.0, 6.0])
    data = b"FP " + integer(3) + packed.astype("<f4").tobytes()
    np.testing.assert_array_equal(reader(tmp_path, data).matrix(), packed)


def test_numbers_and_tokens(tmp_path: Path) -> None:
    wide = b"\x08" + struct.pack("<d", 0.25)
    data = b"<A> " + integer(-3) + real(0.5) + wide + b"<B> "
    found = reader(tmp_path, data)
    found.expect("<A>")
    assert (found.integer(), found.real(), found.real()) == (-3, 0.5, 0.25)
    with pytest.raises(ValueError, match="<B>"):
        found.expect("<C>")


def test_a_number_of_another_size_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="2 bytes"):
        reader(tmp_path, b"\x02\0\0").integer()


def test_values_are_found_by_the_tokens_before_them(tmp_path: Path) -> None:
    weights, bias = np.arange(6.0).reshape(2, 3), np.array([0.5, -0.5])
    affine = (
        b"<ComponentName> tdnn1.affine <NaturalGradientAffineComponent> <MaxChange> "
        + real(0.75)
        + b"<LinearParams> "
        + matrix(weights)
        + b"<BiasParams> "
        + matrix(bias, "FV")
        + b"<RankIn> "
        + integer(20)
        + b"</NaturalGradientAffineComponent> "
    )
    other = b"<ComponentName> tdnn1.affine2 <TdnnComponent> <LinearParams> " + matrix(-weights)
    found = reader(tmp_path, b"<Nnet3> input-node name=input\n" + other + b" " + affine)
    found.seek("<ComponentName>", "tdnn1.affine", "<LinearParams>")
    np.testing.assert_array_equal(found.matrix(), weights)
    found.expect("<BiasParams>")
    np.testing.assert_array_equal(found.matrix(), bias)
    found.seek("<ComponentName>", "tdnn1.affine", "<MaxChange>")
    assert found.real() == 0.75
    found.seek("<ComponentName>", "tdnn1.affine2", "<LinearParams>")
    np.testing.assert_array_equal(found.matrix(), -weights)
    with pytest.raises(ValueError, match="not found"):
        found.seek("<ComponentName>", "tdnn2.affine")
