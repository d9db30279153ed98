"""Write a bundle: model.pt, manifest.toml with its sha256, CARD.md."""

from __future__ import annotations

import dataclasses
import hashlib
import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pronounce_kiosk.audio.mel import MelParameters
from pronounce_kiosk.bundles.manifest import CARD_NAME, MANIFEST_NAME, MODEL_NAME
from pronounce_kiosk.core.atomic import write_atomically


def write_bundle(
    folder: Path,
    *,
    name: str,
    version: str,
    architecture: str,
    mel: MelParameters,
    state: Mapping[str, Any],
    tables: Mapping[str, Any],
    card: str,
) -> str:
    """Write a bundle's three files.

    Args:
        folder: Created where missing.
        name: Of the bundle.
        version: Of the bundle.
        architecture: Which scorer loads it.
        mel: Parameters of its images.
        state: A state_dict.
        tables: The manifest's other tables; ``golden`` is a list of tables.
        card: Text of the card, Markdown.

    Returns:
        The sha256 of model.pt.
    """
    import torch

    buffer = io.BytesIO()
    torch.save({key: value.detach().cpu().contiguous() for key, value in state.items()}, buffer)
    data = buffer.getvalue()
    sha256 = hashlib.sha256(data).hexdigest()
    document = {
        "name": name,
        "version": version,
        "architecture": architecture,
        "sha256": sha256,
        "mel": dataclasses.asdict(mel),
        **tables,
    }
    write_atomically(folder / MODEL_NAME, data)
    write_atomically(folder / MANIFEST_NAME, to_toml(document).encode("utf-8"))
    write_atomically(folder / CARD_NAME, card.encode("utf-8"))
    return sha256


def to_toml(document: Mapping[str, Any]) -> str:
    """Format plain values, tables of them, and lists of tables as TOML.

    Raises:
        TypeError: There is any other value.
    """
    lines = [f"{key} = {_literal(value)}" for key, value in document.items() if _is_plain(value)]
    for key, value in document.items():
        if isinstance(value, Mapping):
            lines += ["", f"[{key}]"]
            lines += [f"{name} = {_literal(item)}" for name, item in value.items()]
        elif not _is_plain(value):
            for table in value:
                lines += ["", f"[[{key}]]"]
                lines += [f"{name} = {_literal(item)}" for name, item in table.items()]
    return "\n".join(lines) + "\n"


def _is_plain(value: object) -> bool:
    if isinstance(value, list | tuple):
        return not any(isinstance(item, Mapping) for item in value)
    return not isinstance(value, Mapping)


def _literal(value: object) -> str:
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_literal(item) for item in value) + "]"
    if isinstance(value, float):
        return repr(float(value))
    if isinstance(value, str | bool | int):
        # JSON's strings are TOML's, but for the one control character JSON allows.
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    raise TypeError(f"{type(value).__name__} has no place in a manifest")
