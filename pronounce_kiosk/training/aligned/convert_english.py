"""Convert the English acoustic model of the `hama` package to `Conformer`.

`hama` 1.7.0 keeps its recogniser in `asr_waveform.hama`, a flat archive: "HAMAPK", a version byte,
a data type byte, the tensors' count (uint32); for each tensor the length of its name (uint16), the
name, a data type byte (0 float32, 1 float16), its number of dimensions (byte), each dimension
(uint32), and the data's offset and length in bytes (uint64) after the header, padded to 16.
"""

import hashlib
import io
import struct
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from pronounce_kiosk.audio.clip import FloatArray
from pronounce_kiosk.core.documents import toml_document
from pronounce_kiosk.core.errors import TrainingError
from pronounce_kiosk.language.phones import ENGLISH_PHONES
from pronounce_kiosk.scoring.acoustic.conformer import BLOCKS, Conformer

_IPA = toml_document(Path(__file__).with_name("hama_symbols.toml").read_bytes())
"""The recogniser's symbols of each ARPABET phone, separated by spaces."""
_LAYERS = {
    "ffn1.norm": "ffn1.norm", "ffn1.fc1": "ffn1.fc1", "ffn1.fc2": "ffn1.fc2",
    "ffn2.norm": "ffn2.norm", "ffn2.fc1": "ffn2.fc1", "ffn2.fc2": "ffn2.fc2",
    "attention.norm": "attn_norm", "convolution.norm": "conv.norm", "norm": "norm",
    "convolution.expand": "conv.pointwise1", "convolution.out": "conv.pointwise2",
}  # fmt: skip
"""The archive's names of a block's layers, by ours."""
_PRODUCTS = ("ffn1.fc1", "ffn1.fc2", "attention.qkv", "attention.out", "ffn2.fc1", "ffn2.fc2")
"""A block's layers whose weights have lost their names, in the order of the computation."""
Arrays = dict[str, NDArray[np.float32]]


@dataclass(frozen=True)
class Conversion:
    """`Conformer`'s state_dict, the archive's sha256, the largest difference of any posterior."""

    state: dict[str, Tensor]
    sha256: str
    largest_difference: float


def read_archive(data: bytes) -> Arrays:
    """Read the tensors of a `.hama` archive by name; `TrainingError` where it is another file."""
    if data[:6] != b"HAMAPK":
        raise TrainingError("This is no .hama archive: install hama==1.7.0 (extra [train]).")
    header = io.BytesIO(data)
    header.seek(8)

    def take(form: str) -> tuple[Any, ...]:
        return struct.unpack(form, header.read(struct.calcsize(form)))

    entries = []
    (count,) = take("<I")
    for _ in range(count):
        (length,) = take("<H")
        (name,) = take(f"{length}s")
        kind, dimensions = take("BB")
        shape = take(f"<{dimensions}I")
        offset, _size = take("<QQ")
        entries.append((name.decode(), "<f2" if kind else "<f4", shape, offset))
    start = -(-header.tell() // 16) * 16
    return {
        name: np.frombuffer(data, kind, int(np.prod(shape)), start + offset)
        .reshape(shape)
        .astype(np.float32)
        for name, kind, shape, offset in entries
    }


def conformer_state(tensors: Arrays, symbols: list[str]) -> dict[str, Tensor]:
    """Name tensors as `Conformer` does. symbols: the recogniser's, in its posteriors' order."""
    found: dict[str, NDArray[Any]] = {
        "mel": tensors["mel_fb"],
        "phone_of_token": phone_of_token(symbols),
        "out.weight": tensors["acoustic_model.model.proj.weight"][:, :, 0],
        "out.bias": tensors["acoustic_model.model.proj.bias"],
    }
    unnamed = sorted(name for name in tensors if name.startswith("onnx::"))
    convolutions = [tensors[name] for name in unnamed if "Conv" in name]
    products = [tensors[name] for name in unnamed if "MatMul" in name]
    found["subsample.weight"], found["subsample.bias"] = convolutions[:2]
    for block in range(BLOCKS):
        names = f"acoustic_model.model.blocks.{block}."
        own = {name.removeprefix(names): one for name, one in tensors.items() if names in name}
        mine = {
            f"{ours}.{kind}": own[f"{theirs}.{kind}"]
            for ours, theirs in _LAYERS.items()
            for kind in ("weight", "bias")
            if f"{theirs}.{kind}" in own
        }
        for name, product in zip(_PRODUCTS, products[6 * block :][:6], strict=True):
            mine[f"{name}.weight"] = product.T
        for name in ("expand", "out"):
            mine[f"convolution.{name}.weight"] = mine[f"convolution.{name}.weight"][:, :, 0]
        mine["attention.qkv.bias"] = own["attn.in_proj_bias"]
        mine["attention.out.bias"] = own["attn.out_proj.bias"]
        depthwise = convolutions[2 + 2 * block :][:2]
        mine["convolution.depthwise.weight"], mine["convolution.depthwise.bias"] = depthwise
        found |= {f"blocks.{block}.{name}": one for name, one in mine.items()}
    return {name: torch.from_numpy(np.array(one)) for name, one in found.items()}


def phone_of_token(symbols: list[str]) -> NDArray[np.int64]:
    """Map each symbol to the index of its ARPABET phone, 0 for none."""
    phones = {
        ipa: place for place, name in enumerate(ENGLISH_PHONES, 1) for ipa in _IPA[name].split()
    }
    return np.array([phones.get(symbol, 0) for symbol in symbols], np.int64)


def convert(check: FloatArray) -> Conversion:
    """Convert the installed package's recogniser and compare both on samples at 16 kHz.

    `TrainingError` where the package is missing, or the two differ by more than 1e-3.
    """
    try:
        import hama
    except ImportError as error:
        raise TrainingError("The package hama is missing: install the extra [train].") from error
    data = resources.files("hama.assets").joinpath("asr_waveform.hama").read_bytes()
    theirs = hama.ASRModel()
    state = conformer_state(read_archive(data), list(theirs.decoder_tokens))
    network = Conformer()
    # Bundles hold 16-bit floats.
    kept = {name: one.half() if one.is_floating_point() else one for name, one in state.items()}
    network.load_state_dict(kept)
    network.eval()
    with torch.inference_mode():
        clip = torch.from_numpy(check.copy())[None]
        ours = network.token_posteriors(network.encode(network.log_mel(clip))[-1])[0].numpy()
    log_probs, _ = theirs.session.run(
        ["log_probs", "out_lengths"],
        {"waveform": check[None], "waveform_lengths": np.array([len(check)], np.int64)},
    )
    wanted = np.exp(log_probs[0])
    frames = min(len(ours), len(wanted))
    difference = float(np.abs(ours[:frames] - wanted[:frames]).max())
    if difference > 1e-3:
        raise TrainingError(
            f"The converted recogniser differs from the package's by {difference:.1e}: "
            "install hama==1.7.0 exactly."
        )
    return Conversion(state, hashlib.sha256(data).hexdigest(), difference)
