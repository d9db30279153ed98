"""manifest.toml: a bundle's description of itself.

Example:
    name = "classic-1"
    version = "1.0"
    architecture = "classic"
    sha256 = "..."              # of model.pt

    [mel]                       # every field of audio.mel.MelParameters
    [calibration]               # further tables as the architecture needs them
    [training]                  # corpus, licence, speakers, seed
    [figures]                   # evaluation on speakers not in the training set
    [[golden]]                  # takes it must pass
    kind = "right"              # optional; a "bad" take must score below every "right" one
    audio = "golden/right.ogg"
    text = "..."
    language = "en"
    verdict = "scored"
    score_min = 60.0
    score_max = 100.0
"""

import dataclasses
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pronounce_kiosk.audio.mel import MelParameters
from pronounce_kiosk.core.documents import toml_document
from pronounce_kiosk.core.errors import BundleError
from pronounce_kiosk.core.score import BundleInfo, Verdict

MANIFEST_NAME = "manifest.toml"
MODEL_NAME = "model.pt"
CARD_NAME = "CARD.md"
MAX_MANIFEST_BYTES = 1_000_000
GOLDEN_KINDS = ("right", "bad", "other", "silence", "")

_MAX_OVERLAP = 16
"""Limit of spectra that contain a sample: a larger overlap makes a take's image take gigabytes."""
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class GoldenTake:
    """A take with the verdict and the range of scores that a healthy bundle gives it.

    Attributes:
        audio: Path inside the bundle.
        kind: ``right``, ``bad``, ``other`` (another sentence), ``silence``, or "" where the
            manifest gives none.
    """

    audio: str
    text: str
    language: str
    verdict: Verdict
    score_min: float = 0.0
    score_max: float = 100.0
    kind: str = ""


@dataclass(frozen=True)
class Manifest:
    """A checked manifest. tables: the whole document, with tables that one architecture needs."""

    name: str
    version: str
    architecture: str
    sha256: str
    mel: MelParameters
    golden: tuple[GoldenTake, ...]
    tables: dict[str, Any]

    @property
    def info(self) -> BundleInfo:
        """What a score names its bundle by."""
        return BundleInfo(self.name, self.sha256)


def unfit(name: str, why: str, advice: str = "Copy it again or choose another.") -> BundleError:
    """Make the error of a bundle that cannot be used."""
    return BundleError(f"The bundle {name} cannot be used: {why}. {advice}")


def is_bundle_name(name: object) -> bool:
    """Tell whether a name is valid for a bundle: a plain folder name, not a path."""
    return isinstance(name, str) and _NAME.fullmatch(name) is not None


def read_manifest(folder: Path) -> Manifest:
    """Read and check a bundle's manifest.

    Raises:
        BundleError: It is missing or invalid.
    """
    path = folder / MANIFEST_NAME
    try:
        if not path.is_file():
            raise BundleError(
                f"{folder} is no bundle: it has no {MANIFEST_NAME}; name a folder under models/."
            )
        if path.stat().st_size > MAX_MANIFEST_BYTES:
            raise ValueError("it is over 1 MB")
        document = toml_document(path.read_bytes())
    except (OSError, ValueError) as error:
        raise unfit(folder.name, f"its {MANIFEST_NAME} cannot be read ({error})") from error
    try:
        return Manifest(
            name=_text(document, "name", _NAME, "letters, digits, '.', '_' and '-'"),
            version=_text(document, "version"),
            architecture=_text(document, "architecture"),
            sha256=_text(document, "sha256", _SHA256, "64 hexadecimal digits"),
            mel=_mel(document.get("mel")),
            golden=_golden(folder, document.get("golden", [])),
            tables=document,
        )
    except ValueError as error:
        raise unfit(folder.name, str(error)) from error


def _text(
    document: dict[str, Any], key: str, form: re.Pattern[str] | None = None, described: str = ""
) -> str:
    value = document.get(key)
    if not isinstance(value, str) or not value:
        raise ValueError(f"its {MANIFEST_NAME} has no {key}")
    if form is not None and not form.fullmatch(value):
        raise ValueError(f"its {key} is not made of {described}")
    return value


def _mel(table: object) -> MelParameters:
    """Read the mel parameters. Each must be stated: a changed default would change the model."""
    fields = {field.name: type(field.default) for field in dataclasses.fields(MelParameters)}
    if not isinstance(table, dict) or set(table) != set(fields):
        raise ValueError(f"[mel] must state exactly {', '.join(fields)}")
    values: dict[str, Any] = {}
    for name, kind in fields.items():
        value = table[name]
        fits = type(value) is kind or (kind is float and type(value) is int)
        if not fits or (kind in (int, float) and not 0 < value < 1e6):
            raise ValueError(f"[mel] {name} is not a sensible {kind.__name__}")
        values[name] = float(value) if kind is float else value
    parameters = MelParameters(**values)
    sensible = (
        parameters.mel_scale in ("slaney", "htk")
        and parameters.win_length <= parameters.n_fft <= _MAX_OVERLAP * parameters.hop_length
        and parameters.n_fft <= 1 << 14
        and parameters.n_mels <= parameters.n_fft // 2 + 1
        and parameters.f_min_hz < parameters.f_max_hz <= parameters.sample_rate_hz / 2
    )
    if not sensible:
        raise ValueError("the parameters in [mel] do not fit together")
    return parameters


def _golden(folder: Path, entries: object) -> tuple[GoldenTake, ...]:
    if not isinstance(entries, list):
        raise ValueError("golden is not a list of tables")
    takes = []
    for entry in entries:
        try:
            take = GoldenTake(**{**entry, "verdict": Verdict(entry["verdict"])})
            inside = (folder / take.audio).resolve().is_relative_to(folder.resolve())
            fits = 0 <= float(take.score_min) <= float(take.score_max) <= 100
            fits = fits and take.kind in GOLDEN_KINDS
        except (TypeError, KeyError, ValueError, AttributeError, OverflowError) as error:
            raise ValueError(f"a golden take is not as documented ({error})") from error
        if not inside or not fits:
            raise ValueError("a golden take lies outside it or has no sensible band or kind")
        takes.append(take)
    return tuple(takes)
