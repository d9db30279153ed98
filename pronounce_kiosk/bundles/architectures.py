"""The values of a bundle's `architecture`, and the builders of their scorers."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from pronounce_kiosk.bundles.manifest import Manifest
from pronounce_kiosk.bundles.torchaudio_repair import repair_torchaudio
from pronounce_kiosk.core.errors import BundleError
from pronounce_kiosk.core.score import BundleInfo

if TYPE_CHECKING:
    from pronounce_kiosk.scoring.protocol import Scorer

Builder = Callable[[dict[str, Any], Manifest], "Scorer"]
"""Builds a scorer from a checked state_dict (finite CPU tensors) and the manifest. Raises
ValueError, KeyError, TypeError or RuntimeError where they do not fit; the loader converts those to
`BundleError`."""


def _build_classic(state: dict[str, Any], manifest: Manifest) -> Scorer:
    repair_torchaudio()
    from pronounce_kiosk.scoring.calibration import Calibration
    from pronounce_kiosk.scoring.classic.network import ClassicSiamese
    from pronounce_kiosk.scoring.classic.scorer import ClassicScorer

    model = ClassicSiamese()
    model.load_state_dict(state, strict=True)
    table = manifest.table("calibration")
    margin = float(table["margin"])
    if not margin > 0:
        raise ValueError("the margin must be above 0")
    return ClassicScorer(
        model,
        manifest.mel,
        Calibration.from_pairs(table["knots"]),
        margin,
        BundleInfo(manifest.name, manifest.sha256),
    )


def _build_acoustic(state: dict[str, Any], manifest: Manifest) -> Scorer:
    repair_torchaudio()
    from pronounce_kiosk.scoring.scorer import build_scorer

    info = BundleInfo(manifest.name, manifest.sha256)
    return build_scorer(state, manifest.tables, manifest.mel, info)


ARCHITECTURES: dict[str, Builder] = {"classic": _build_classic, "acoustic": _build_acoustic}
"""By name, weakest first: with no bundle chosen, one of the last architecture scores."""
FORMER = "aligned"
"""Architecture of the 1.x bundles."""


def builder(manifest: Manifest) -> Builder:
    """Return the builder of the manifest's architecture.

    Raises:
        BundleError: The architecture is unknown.
    """
    try:
        return ARCHITECTURES[manifest.architecture]
    except KeyError:
        if manifest.architecture == FORMER:
            raise BundleError(
                f"The bundle {manifest.name} {manifest.version} is of a version before 2.0, which "
                "this program no longer scores with: activate or import aligned-2.",
                architecture=manifest.architecture,
            ) from None
        known = ", ".join(ARCHITECTURES)
        raise BundleError(
            f"The bundle {manifest.name} is of the architecture {manifest.architecture!r}, which "
            f"this version does not know (it knows {known}): update the program or choose another.",
            architecture=manifest.architecture,
        ) from None
