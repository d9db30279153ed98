"""The values of a bundle's `architecture`, and the modules that build their scorers."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from pronounce_kiosk.bundles.manifest import Manifest
from pronounce_kiosk.bundles.torchaudio_repair import repair_torchaudio
from pronounce_kiosk.core.errors import BundleError

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


def build_scorer(manifest: Manifest, state: dict[str, Any]) -> Scorer:
    """Build the scorer of a manifest's architecture from a checked state_dict.

    Raises:
        KeyError, TypeError, ValueError, RuntimeError: They do not fit each other.
    """
    repair_torchaudio()
    module = import_module(ARCHITECTURES[manifest.architecture])
    scorer: Scorer = module.build_scorer(state, manifest.tables, manifest.mel, manifest.info)
    return scorer


def require_known(manifest: Manifest) -> None:
    """Check the manifest's architecture.

    Raises:
        BundleError: It is unknown.
    """
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
