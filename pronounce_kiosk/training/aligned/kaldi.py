"""Read Kaldi's binary files: nnet3 models, i-vector extractors, mixtures and matrices.

Format: Kaldi's io-funcs and the Write methods of its classes (kaldi-asr/kaldi, src/). Values are
found by the tokens before them; everything else in a file is passed over.
"""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.floating[Any]]
_MATRICES = {"FM": "<f4", "DM": "<f8", "FV": "<f4", "DV": "<f8", "FP": "<f4", "DP": "<f8"}


class KaldiReader:
    """A cursor over the bytes of one binary Kaldi file."""

    def __init__(self, path: Path) -> None:
        self._data = path.read_bytes()
        self._at = 2

    def seek(self, *tokens: str) -> None:
        """Move behind the first of these tokens in the file, then the next one after it, and so on.

        Raises:
            ValueError: There is no such token.
        """
        self._at = 0
        for token in tokens:
            found = f"{token} ".encode()
            self._at = self._data.index(found, self._at) + len(found)

    def token(self) -> str:
        """Read the next token."""
        end = self._data.index(b" ", self._at)
        found = self._data[self._at : end].decode()
        self._at = end + 1
        return found

    def expect(self, token: str) -> None:
        """Read the next token.

        Raises:
            ValueError: It is another one.
        """
        found = self.token()
        if found != token:
            raise ValueError(f"{found!r} where {token} belongs")

    def integer(self) -> int:
        """Read an int32 with its size byte."""
        return int(self._number({4: "<i"}))

    def real(self) -> float:
        """Read a float or a double, by its size byte."""
        return self._number({4: "<f", 8: "<d"})

    def matrix(self) -> Matrix:
        """Read a matrix (rows, columns), a vector or a packed matrix (lower triangle, flat)."""
        kind = self.token()
        shape = [self.integer()]
        if kind.endswith("M"):
            shape.append(self.integer())
        elif kind.endswith("P"):
            shape = [shape[0] * (shape[0] + 1) // 2]
        values = np.frombuffer(self._data, _MATRICES[kind], int(np.prod(shape)), self._at)
        self._at += values.nbytes
        return values.reshape(shape)

    def _number(self, formats: dict[int, str]) -> float:
        size = self._data[self._at]
        if size not in formats:
            raise ValueError(f"a number of {size} bytes at byte {self._at}")
        value: float = struct.unpack_from(formats[size], self._data, self._at + 1)[0]
        self._at += 1 + size
        return value
