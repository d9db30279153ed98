"""Read Kaldi's binary files: nnet3 models, i-vector extractors, mixtures and matrices.

Format: Kaldi's io-funcs and the Write methods of its classes (kaldi-asr/kaldi, src/). Only what
a chain model's files hold is read.
"""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.floating[Any]]
Component = dict[str, Any]
_INTEGERS = frozenset(
    (
        *("Dim", "BlockDim", "InputDim", "OutputDim", "RankIn", "RankOut"),
        *("NumMinibatches", "NumRepeats", "TimePeriod", "UpdatePeriod"),
    )
)
_MATRICES = {"FM": "<f4", "DM": "<f8", "FV": "<f4", "DV": "<f8", "FP": "<f4", "DP": "<f8"}


class KaldiReader:
    """A cursor over the bytes of one Kaldi file."""

    def __init__(self, path: Path) -> None:
        self._data = path.read_bytes()
        self._at = 2 if self._data[:2] == b"\0B" else 0
        self.is_binary = self._at == 2

    def text(self) -> str:
        """The whole file, for one that Kaldi wrote as text."""
        return self._data.decode()

    def token(self) -> str:
        """The next token."""
        end = self._data.index(b" ", self._at)
        found = self._data[self._at : end].decode()
        self._at = end + 1
        return found

    def expect(self, *tokens: str) -> str:
        """The next token, which must be one of these; else ValueError."""
        found = self.token()
        if found not in tokens:
            raise ValueError(f"{found!r} where one of {tokens} belongs")
        return found

    def skip_to(self, token: str) -> str:
        """All text before a token, which is passed over."""
        at = self._data.index(token.encode(), self._at)
        skipped = self._data[self._at : at].decode(errors="replace")
        self._at = at + len(token) + 1
        return skipped

    def integer(self) -> int:
        """An int32 with its size byte."""
        return int(self._number({4: "<i"}))

    def real(self) -> float:
        """A float or a double, by its size byte."""
        return self._number({4: "<f", 8: "<d"})

    def integers(self) -> NDArray[np.int32]:
        """A vector of int32."""
        self._at += 1
        count = int(self._raw("<i"))
        return self._array("<i4", count).astype(np.int32)

    def matrix(self) -> Matrix:
        """Read a matrix, vector or packed matrix, by its token."""
        kind = self.token()
        rows = self.integer()
        if kind in ("FM", "DM"):
            columns = self.integer()
            return self._array(_MATRICES[kind], rows * columns).reshape(rows, columns)
        count = rows * (rows + 1) // 2 if kind in ("FP", "DP") else rows
        return self._array(_MATRICES[kind], count)

    def component(self) -> tuple[str, Component]:
        """One nnet3 component: its name, and what it holds by token; `type` says what it is."""
        self.expect("<ComponentName>")
        name, kind = self.token(), self.token()
        held: Component = {"type": kind[1:-1]}
        while (token := self.token()) != "</" + kind[1:]:
            held[token.strip("<>")] = self._value(token.strip("<>"))
        return name, held

    def _value(self, name: str) -> Any:
        ahead = self._data[self._at : self._data.find(b" ", self._at)].decode(errors="replace")
        first = self._data[self._at : self._at + 1]
        if ahead in _MATRICES:
            return self.matrix()
        if first == b"<":
            return None
        if first in b"TF" and self._data[self._at + 1 : self._at + 2] == b"<":
            self._at += 1
            return first == b"T"
        if name == "TimeOffsets":
            return self.integers()
        if name in ("AlphaInOut", "RankInOut"):
            read = self.real if name == "AlphaInOut" else self.integer
            return read(), read()
        return self.integer() if name in _INTEGERS else self.real()

    def _number(self, formats: dict[int, str]) -> float:
        size = self._data[self._at]
        if size not in formats:
            raise ValueError(f"a number of {size} bytes at byte {self._at}")
        self._at += 1
        return self._raw(formats[size])

    def _raw(self, form: str) -> float:
        value: float = struct.unpack_from(form, self._data, self._at)[0]
        self._at += struct.calcsize(form)
        return value

    def _array(self, kind: str, count: int) -> Matrix:
        values = np.frombuffer(self._data, kind, count, self._at)
        self._at += values.nbytes
        return values


def read_network(path: Path) -> tuple[list[tuple[int, int, int]], dict[str, Component]]:
    """Read a chain model's final.mdl.

    Returns:
        (phone, first state's output, self-loop's output) of every transition state, and the
        components by name.
    """
    reader = KaldiReader(path)
    reader.skip_to("<Tuples>")
    states = []
    for _ in range(reader.integer()):
        phone, _, first, loop = (reader.integer() for _ in range(4))
        states.append((phone, first, loop))
    reader.skip_to("<NumComponents>")
    return states, dict(reader.component() for _ in range(reader.integer()))
