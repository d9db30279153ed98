"""Loading a bundle that may be damaged or hostile: one sentence each, and nothing of it runs."""

from __future__ import annotations

import hashlib
import io
import os
import pickle
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from pronounce_kiosk.bundles.load import (
    MAX_MODEL_BYTES,
    find_bundle,
    list_bundles,
    load_bundle,
    shipped_folders,
)
from pronounce_kiosk.core.errors import BundleError
from pronounce_kiosk.core.paths import Paths
from pronounce_kiosk.scoring.classic.network import ClassicSiamese

Make = Callable[..., Path]
Replace = Callable[[Path, bytes], Path]


def saved(value: object, **options: Any) -> bytes:
    buffer = io.BytesIO()
    torch.save(value, buffer, **options)
    return buffer.getvalue()


def edit(folder: Path, old: str, new: str) -> Path:
    path = folder / "manifest.toml"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    return folder


def refusal(folder: Path) -> str:
    """The one sentence a bad bundle is refused with."""
    with pytest.raises(BundleError) as caught:
        load_bundle(folder)
    message = caught.value.message
    assert "\n" not in message
    assert len(message) < 300
    return message


def test_a_sound_bundle_loads(make: Make) -> None:
    bundle = load_bundle(make())
    assert bundle.manifest.name == "classic-1"
    assert bundle.scorer.architecture == "classic"
    digest = hashlib.sha256((bundle.folder / "model.pt").read_bytes()).hexdigest()
    assert bundle.scorer.info.sha256 == digest


def test_the_same_weights_give_the_same_file(make: Make) -> None:
    first, second = make("a") / "model.pt", make("b") / "model.pt"
    assert first.read_bytes() == second.read_bytes()


class _Hostile:
    def __init__(self, marker: str) -> None:
        self.marker = marker

    def __reduce__(self) -> tuple[Any, ...]:
        return os.system, (f"touch {self.marker}",)


@pytest.mark.parametrize("as_zip", [True, False])
def test_a_hostile_pickle_is_refused_and_never_run(
    make: Make, replace_model: Replace, tmp_path: Path, as_zip: bool
) -> None:
    marker = tmp_path / "ran"
    value = {"weight": _Hostile(str(marker))}
    data = saved(value) if as_zip else pickle.dumps(value)
    message = refusal(replace_model(make(), data))
    assert "model.pt" in message
    assert not marker.exists()


def test_a_truncated_file(make: Make, replace_model: Replace) -> None:
    folder = make()
    whole = (folder / "model.pt").read_bytes()
    (folder / "model.pt").write_bytes(whole[: len(whole) // 2])
    assert "sha256" in refusal(folder)
    assert "not a file that torch saved" in refusal(replace_model(folder, whole[: len(whole) // 2]))
    assert "not a file that torch saved" in refusal(replace_model(folder, b""))


def test_one_flipped_bit(make: Make) -> None:
    folder = make()
    data = bytearray((folder / "model.pt").read_bytes())
    data[len(data) // 2] ^= 1
    (folder / "model.pt").write_bytes(bytes(data))
    assert "sha256" in refusal(folder)


@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
def test_weights_that_are_no_numbers(make: Make, bad: float) -> None:
    state = ClassicSiamese().state_dict()
    state["head.2.bias"][3] = bad
    assert "not numbers" in refusal(make(state=state))


def test_a_bundle_of_a_version_before_2_is_told_so(make: Make) -> None:
    message = refusal(make("aligned-1", architecture="aligned", version="1.10"))
    assert message == (
        "The bundle aligned-1 1.10 is of a version before 2.0, which this program no longer scores "
        "with: activate or import aligned-2."
    )


def test_an_unknown_architecture(make: Make) -> None:
    message = refusal(make(architecture="transformer-xl"))
    assert "transformer-xl" in message
    assert "classic" in message


@pytest.mark.parametrize(
    "state",
    [
        {"other.weight": torch.zeros(3)},
        {**ClassicSiamese().state_dict(), "head.2.bias": torch.zeros(7)},
        {**ClassicSiamese().state_dict(), "extra": torch.zeros(1)},
    ],
    ids=["another model's", "a wrong shape", "one too many"],
)
def test_weights_of_another_model(make: Make, state: dict[str, Any]) -> None:
    message = refusal(make(state=state))
    assert "do not fit" in message
    assert "another version" in message
    assert "Copy it again" not in message


@pytest.mark.parametrize(
    "value",
    [[torch.zeros(3)], {}, {"weight": 3}, {3: torch.zeros(1)}, torch.zeros(3), ClassicSiamese()],
    ids=["list", "empty", "no tensor", "no name", "bare tensor", "whole module"],
)
def test_what_is_no_state_dict(make: Make, replace_model: Replace, value: object) -> None:
    assert "model.pt" in refusal(replace_model(make(), saved(value)))


def test_a_tensor_that_claims_to_be_huge(make: Make, replace_model: Replace) -> None:
    huge = torch.zeros(1).expand(10**12)
    assert "plain weights" in refusal(replace_model(make(), saved({"weight": huge})))


def test_a_compressed_archive_could_be_a_bomb(make: Make, replace_model: Replace) -> None:
    folder = make()
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(folder / "model.pt") as source,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for entry in source.infolist():
            target.writestr(entry.filename, source.read(entry.filename))
    assert "compressed" in refusal(replace_model(folder, buffer.getvalue()))


def test_two_gigabytes_are_not_even_opened(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = make()
    path = folder / "model.pt"
    with path.open("r+b") as file:
        file.truncate(2 * 1024**3)
    opened: list[Path] = []
    real = Path.open

    def watched(self: Path, *arguments: Any, **options: Any) -> Any:
        opened.append(self)
        return real(self, *arguments, **options)

    monkeypatch.setattr(Path, "open", watched)
    assert f"over {MAX_MODEL_BYTES // 1024**2} MB" in refusal(folder)
    assert path not in opened


def test_missing_parts(make: Make, models: Path) -> None:
    folder = make()
    (folder / "model.pt").unlink()
    assert "no model.pt" in refusal(folder)
    assert "no manifest.toml" in refusal(models / "nothing")
    os.mkfifo(folder / "model.pt")
    assert "no model.pt" in refusal(folder)


BIG_MEL = "n_fft = 16384\nwin_length = 400\nhop_length = 1"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('name = "classic-1"', ""),
        ('name = "classic-1"', 'name = "../../etc"'),
        ('version = "1.0"', "version = 1"),
        ('sha256 = "', 'sha256 = "zz'),
        ("n_mels = 64", ""),
        ("n_mels = 64", "n_mels = 64\ncolour = true"),
        ("n_mels = 64", 'n_mels = "64"'),
        ("n_mels = 64", "n_mels = true"),
        ("n_mels = 64", "n_mels = -1"),
        ("top_db = 60.0", "top_db = nan"),
        ("f_max_hz = 7600.0", "f_max_hz = 96000.0"),
        ("win_length = 400", "win_length = 4000"),
        # Each within bounds, and 10 GB for a take of four seconds.
        ("n_fft = 512\nwin_length = 400\nhop_length = 160", BIG_MEL),
        ("n_mels = 64", "n_mels = 258"),
        ('mel_scale = "slaney"', 'mel_scale = "bark"'),
        ("margin = 2.0", "margin = 0.0"),
        ("margin = 2.0", 'margin = "wide"'),
        ("[1.0, 100.0]]", "[1.0, 500.0]]"),
        ("[1.0, 100.0]]", "[0.0, 100.0]]"),
        ("[1.0, 100.0]]", "7]"),
        ("[calibration]", "[calibrated]"),
        ("[calibration]", "[[calibration]]"),
        ("[mel]", "[mel"),
        ("[mel]", "golden = 3\n[mel]"),
        ("[mel]", 'golden = [{audio = "a.wav"}]\n[mel]'),
        (
            "[mel]",
            'golden = [{audio = "../../a.wav", text = "a", language = "en", '
            'verdict = "scored"}]\n[mel]',
        ),
        (
            "[mel]",
            'golden = [{audio = "a.wav", text = "a", language = "en", verdict = "great"}]\n[mel]',
        ),
    ],
)
def test_a_manifest_that_is_not_as_documented(make: Make, old: str, new: str) -> None:
    assert "classic-1" in refusal(edit(make(), old, new))


def test_a_manifest_that_is_no_text(make: Make) -> None:
    folder = make()
    for data in (b"\xff\xfe\x00", b"a" * 1_000_001):
        (folder / "manifest.toml").write_bytes(data)
        assert "manifest.toml" in refusal(folder)


def test_the_list_names_sound_and_damaged_ones(make: Make, models: Path) -> None:
    make("classic-1")
    edit(make("classic-2"), "n_mels = 64", "")
    (make("classic-3") / "model.pt").unlink()
    make("new", architecture="unheard-of")
    (models / "notes").mkdir()
    (models / "file.txt").write_text("no bundle")
    listings = {listing.name: listing for listing in list_bundles(models)}
    assert sorted(listings) == ["classic-1", "classic-2", "classic-3", "new"]
    assert listings["classic-1"].manifest is not None
    assert listings["classic-1"].problem == ""
    for name in ("classic-2", "classic-3", "new"):
        assert listings[name].manifest is None
        assert listings[name].problem
    assert list_bundles(models / "absent") == ()


def test_the_highest_version_is_the_best(make: Make, paths: Paths) -> None:
    older, best = make("a", version="1.9"), make("b", version="1.10")
    assert shipped_folders(paths) == (best, older)


def test_a_damaged_bundle_is_passed_over(make: Make, paths: Paths) -> None:
    sound = make("a", version="1.0")
    edit(make("b", version="2.0"), "n_mels = 64", "")
    assert shipped_folders(paths) == (sound,)


def test_none_at_all(paths: Paths) -> None:
    with pytest.raises(BundleError, match="no usable model bundle"):
        shipped_folders(paths)


def test_a_bundle_by_name_or_by_folder(make: Make, paths: Paths) -> None:
    folder = make("a")
    assert find_bundle(paths, "a") == folder
    assert find_bundle(paths, str(folder)) == folder
    with pytest.raises(BundleError, match="choose one of a"):
        find_bundle(paths, "b")
