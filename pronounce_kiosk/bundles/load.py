"""Load an untrusted bundle: check size, sha256, format, architecture, shapes and finite values.

Every failure is one `BundleError` that names the bundle and the reason; details are logged.
"""

from __future__ import annotations

import hashlib
import io
import logging
import re
import warnings
import zipfile
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pronounce_kiosk.bundles.manifest import (
    MANIFEST_NAME,
    MODEL_NAME,
    Manifest,
    read_manifest,
    unfit,
)
from pronounce_kiosk.bundles.torchaudio_repair import repair_torchaudio
from pronounce_kiosk.core.errors import BundleError
from pronounce_kiosk.core.paths import Paths

if TYPE_CHECKING:
    from pronounce_kiosk.scoring.protocol import Scorer

ARCHITECTURES = {
    "classic": "pronounce_kiosk.scoring.classic.scorer",
    "acoustic": "pronounce_kiosk.scoring.scorer",
}
"""Each module's `build_scorer` takes a checked state_dict (finite CPU tensors), the manifest's
tables, its mel parameters and the bundle's info. Weakest first: with no bundle chosen, one of the
last architecture scores."""
FORMER = "aligned"
"""Architecture of the 1.x bundles."""
MAX_MODEL_BYTES = 64 * 1024 * 1024
"""Size limit of model.pt: a Pi's memory easily holds it twice."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class Bundle:
    """A loaded bundle: its folder, its manifest and its scorer."""

    folder: Path
    manifest: Manifest
    scorer: Scorer


@dataclass(frozen=True)
class BundleListing:
    """One bundle's folder. Where it is damaged, manifest is None and problem says why."""

    name: str
    folder: Path
    manifest: Manifest | None
    problem: str = ""


def load_bundle(folder: Path) -> Bundle:
    """Load a bundle. Runs none of its code.

    Raises:
        BundleError: Anything is wrong with it.
    """
    folder = Path(folder)
    manifest = read_manifest(folder)
    _require_known(manifest)
    try:
        state = _load_state(_read_model(folder, manifest.sha256))
    except ValueError as error:
        raise unfit(manifest.name, str(error)) from error
    repair_torchaudio()
    try:
        module = import_module(ARCHITECTURES[manifest.architecture])
        scorer = module.build_scorer(state, manifest.tables, manifest.mel, manifest.info)
    except Exception as error:  # malformed tables and shapes raise many kinds of errors
        _log.info("the weights of %s do not fit: %s", folder, error, exc_info=True)
        raise unfit(
            manifest.name,
            f"its weights do not fit this program's model {manifest.architecture!r}: it was made "
            "for another version, or changed",
            advice="Get the bundle that was made for this version, or choose another.",
        ) from error
    return Bundle(folder, manifest, scorer)


def list_bundles(models_dir: Path) -> tuple[BundleListing, ...]:
    """List every folder with a manifest, by name; damaged ones too. Needs no torch."""
    return tuple(
        _listing(path.parent)
        for path in sorted(models_dir.glob(f"*/{MANIFEST_NAME}"))
        if not path.parent.name.startswith(".") and path.is_file()
    )


def _listing(folder: Path) -> BundleListing:
    try:
        manifest = read_manifest(folder)
        _require_known(manifest)
        if not (folder / MODEL_NAME).is_file():
            raise unfit(manifest.name, f"it has no {MODEL_NAME}")
    except BundleError as error:
        return BundleListing(folder.name, folder, None, error.message)
    return BundleListing(folder.name, folder, manifest)


def all_bundles(paths: Paths) -> tuple[BundleListing, ...]:
    """List the shipped bundles, then the imported ones; a shipped name hides an imported one."""
    shipped = list_bundles(paths.models_dir)
    names = {listing.name for listing in shipped}
    imported = list_bundles(paths.imported_models_dir)
    return (*shipped, *(listing for listing in imported if listing.name not in names))


def shipped_folders(paths: Paths) -> tuple[Path, ...]:
    """List the shipped bundles with a valid manifest, best first.

    Best is the strongest architecture, then the highest version.

    Raises:
        BundleError: There are none.
    """
    ranks = list(ARCHITECTURES)
    usable = [
        (ranks.index(found.architecture), _version_key(found.version), listing.name, listing.folder)
        for listing in list_bundles(paths.models_dir)
        if (found := listing.manifest) is not None
    ]
    if not usable:
        raise BundleError(
            f"There is no usable model bundle in {paths.models_dir}: install one there."
        )
    return tuple(folder for *_, folder in sorted(usable, reverse=True))


def find_bundle(paths: Paths, name: str) -> Path:
    """Find a bundle's folder by its name, shipped or imported, or by a path to it."""
    for folder in (paths.models_dir / name, paths.imported_models_dir / name, Path(name)):
        if (folder / MANIFEST_NAME).is_file():
            return folder
    known = ", ".join(listing.name for listing in all_bundles(paths)) or "none"
    raise BundleError(f"There is no bundle {name!r}: choose one of {known}, or import it.")


def _require_known(manifest: Manifest) -> None:
    if manifest.architecture in ARCHITECTURES:
        return
    if manifest.architecture == FORMER:
        raise BundleError(
            f"The bundle {manifest.name} {manifest.version} is of a version before 2.0, which "
            "this program no longer scores with: activate or import aligned-2."
        )
    known = ", ".join(ARCHITECTURES)
    raise BundleError(
        f"The bundle {manifest.name} is of the architecture {manifest.architecture!r}, which "
        f"this version does not know (it knows {known}): update the program or choose another."
    )


def _read_model(folder: Path, sha256: str) -> bytes:
    """Read model.pt, with size and sha256 checked; these bytes are loaded, not the file again."""
    path = folder / MODEL_NAME
    try:
        if not path.is_file():
            raise ValueError(f"it has no {MODEL_NAME}")
        if path.stat().st_size > MAX_MODEL_BYTES:
            most = f"{MAX_MODEL_BYTES // 1024**2} MB"
            raise ValueError(f"its {MODEL_NAME} is over {most}, which no kiosk model is")
        with path.open("rb") as file:
            data = file.read(MAX_MODEL_BYTES + 1)
    except OSError as error:
        raise ValueError(f"its {MODEL_NAME} cannot be read ({error})") from error
    if hashlib.sha256(data).hexdigest() != sha256:
        raise ValueError(f"its {MODEL_NAME} is damaged (sha256 differs from the manifest's)")
    return data


def _load_state(data: bytes) -> dict[str, Any]:
    """Load model.pt's state_dict: finite tensors by name, nothing else; runs no code."""
    import torch

    _check_archive(data)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            state = torch.load(io.BytesIO(data), map_location="cpu", weights_only=True, mmap=False)
    except Exception as error:  # the unpickler raises many kinds of errors on a hostile file
        _log.info("%s cannot be loaded", MODEL_NAME, exc_info=True)
        raise ValueError(f"its {MODEL_NAME} holds something other than plain weights") from error
    if not isinstance(state, dict) or not state:
        raise ValueError(f"its {MODEL_NAME} holds no weights")
    if not all(isinstance(k, str) and isinstance(v, torch.Tensor) for k, v in state.items()):
        raise ValueError(f"its {MODEL_NAME} holds something other than plain weights")
    # A tensor may claim more values than the file has bytes (stride 0).
    if any(v.layout != torch.strided or v.is_meta for v in state.values()) or (
        sum(v.numel() * v.element_size() for v in state.values()) > MAX_MODEL_BYTES
    ):
        raise ValueError(f"its {MODEL_NAME} holds tensors that are not plain weights")
    if not all(bool(torch.isfinite(v).all()) for v in state.values()):
        raise ValueError("its weights hold values that are not numbers")
    return state


def _check_archive(data: bytes) -> None:
    """Accept only torch's zip format without compression, which cannot expand."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
    except Exception as error:  # zipfile raises more than BadZipFile on hostile bytes
        raise ValueError(f"its {MODEL_NAME} is not a file that torch saved") from error
    if any(entry.compress_type != zipfile.ZIP_STORED for entry in entries) or (
        sum(entry.file_size for entry in entries) > MAX_MODEL_BYTES
    ):
        raise ValueError(f"its {MODEL_NAME} is compressed, which torch never does")


def _version_key(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d{1,9}", version))
