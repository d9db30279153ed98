"""Bundles from a stick: a folder or an archive, whatever somebody put into it."""

from __future__ import annotations

import bz2
import fcntl
import gzip
import io
import lzma
import os
import pickle
import re
import shutil
import tarfile
import threading
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from pronounce_kiosk.bundles import importing
from pronounce_kiosk.bundles.activation import activate, active_folder
from pronounce_kiosk.bundles.importing import Imported, import_bundle
from pronounce_kiosk.bundles.load import all_bundles, find_bundle
from pronounce_kiosk.bundles.verify import ScoreWith, verify_bundle
from pronounce_kiosk.core.errors import BundleError
from pronounce_kiosk.core.paths import Paths
from pronounce_kiosk.scoring.classic.network import ClassicSiamese

Make = Callable[..., Path]
Replace = Callable[[Path, bytes], Path]
Take = Callable[[Path], Imported]


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder


@pytest.fixture
def bundle(make: Make, make_whole: Make, stick: Path) -> Path:
    """A whole bundle on the stick; another one ships and scores."""
    make("shipped-1")
    return make_whole("mine-2", folder=stick, seed=2)


@pytest.fixture
def take(paths: Paths, score_with: ScoreWith) -> Take:
    return lambda source: import_bundle(paths, source, score_with)


def in_place(paths: Paths) -> list[str]:
    """What lies in the folder of the imported bundles, leftovers too."""
    folder = paths.imported_models_dir
    names = sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
    return [name for name in names if name != ".import.lock"]


def refused(take: Take, source: Path, paths: Paths) -> str:
    """The one sentence; nothing is left behind and what scored still scores."""
    before = in_place(paths)
    with pytest.raises(BundleError) as caught:
        take(source)
    message = caught.value.message
    assert "\n" not in message
    assert len(message) < 300
    assert in_place(paths) == before
    assert active_folder(paths).name == "shipped-1"
    return message


def zipped(folder: Path, inside: str = "") -> Path:
    path = folder.parent / f"{folder.name}.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.rglob("*")):
            archive.write(file, inside + file.relative_to(folder).as_posix())
    return path


def tarred(folder: Path, mode: str = "w", inside: str = "") -> Path:
    path = folder.parent / f"{folder.name}.tar"
    with tarfile.open(path, mode) as archive:  # type: ignore[call-overload]
        archive.add(folder, inside or ".")
    return path


PACKED: dict[str, Callable[[Path], Path]] = {
    "folder": lambda folder: folder,
    "folder around it": lambda folder: folder.parent,
    "zip": zipped,
    "zip of its folder": lambda folder: zipped(folder, "mine-2/"),
    "zip by Windows": lambda folder: zipped(folder, "mine-2\\"),
    "tar": tarred,
    "tar.gz of its folder": lambda folder: tarred(folder, "w:gz", "mine-2"),
    "tar.bz2": lambda folder: tarred(folder, "w:bz2"),
    "tar.xz": lambda folder: tarred(folder, "w:xz"),
}


@pytest.mark.parametrize("pack", PACKED.values(), ids=PACKED)
def test_it_is_taken_in(
    bundle: Path, take: Take, paths: Paths, score_with: ScoreWith, pack: Callable[[Path], Path]
) -> None:
    imported = take(pack(bundle))
    assert imported.folder == paths.imported_models_dir / "mine-2"
    assert not imported.already
    assert in_place(paths) == ["mine-2"]
    for name in ("model.pt", "manifest.toml", "CARD.md", "golden/right.flac"):
        assert (imported.folder / name).read_bytes() == (bundle / name).read_bytes()
    # It lies there like any other, and does not score until it is activated.
    assert [found.name for found in all_bundles(paths)] == ["shipped-1", "mine-2"]
    assert active_folder(paths).name == "shipped-1"
    assert verify_bundle(find_bundle(paths, "mine-2"), score_with).problem == ""
    activate(paths, "mine-2")
    assert active_folder(paths) == imported.folder


def test_only_what_a_bundle_consists_of_is_copied(bundle: Path, take: Take) -> None:
    for name in ("autorun.sh", ".DS_Store", "golden/more.flac", "__MACOSX/._manifest.toml"):
        (bundle / name).parent.mkdir(exist_ok=True)
        (bundle / name).write_text("not asked for")
    folder = take(zipped(bundle)).folder
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    golden = {"golden/right.flac", "golden/silence.flac"}
    assert files == {"model.pt", "manifest.toml", "CARD.md"} | golden


def test_the_same_again_is_no_error(bundle: Path, take: Take) -> None:
    first = take(bundle)
    assert take(zipped(bundle)) == Imported(first.folder, first.manifest, already=True)


def test_another_of_the_same_name(
    bundle: Path, take: Take, make_whole: Make, paths: Paths, stick: Path
) -> None:
    take(bundle)
    shutil.rmtree(bundle)
    assert "another bundle named mine-2" in refused(
        take, make_whole("mine-2", folder=stick, seed=3), paths
    )
    taken = make_whole("shipped-1", folder=stick, seed=3)
    assert "another bundle named shipped-1" in refused(take, taken, paths)


def test_a_damaged_one_is_mended(bundle: Path, take: Take, paths: Paths) -> None:
    place = take(bundle).folder
    (place / "model.pt").write_bytes(b"")
    assert take(bundle).folder == place
    assert (place / "model.pt").read_bytes() == (bundle / "model.pt").read_bytes()
    assert in_place(paths) == ["mine-2"]


# ---- hostile or broken ----


class _Hostile:
    def __init__(self, marker: str) -> None:
        self.marker = marker

    def __reduce__(self) -> tuple[Any, ...]:
        return os.system, (f"touch {self.marker}",)


@pytest.mark.parametrize("pack", [PACKED["folder"], zipped, tarred], ids=["folder", "zip", "tar"])
def test_a_hostile_pickle(
    bundle: Path, take: Take, paths: Paths, replace_model: Replace, tmp_path: Path,
    pack: Callable[[Path], Path],
) -> None:  # fmt: skip
    marker = tmp_path / "ran"
    value = {"weight": _Hostile(str(marker))}
    buffer = io.BytesIO()
    torch.save(value, buffer)
    for data in (buffer.getvalue(), pickle.dumps(value)):
        assert "model.pt" in refused(take, pack(replace_model(bundle, data)), paths)
    assert not marker.exists()


def test_a_truncated_model(bundle: Path, take: Take, paths: Paths) -> None:
    whole = (bundle / "model.pt").read_bytes()
    (bundle / "model.pt").write_bytes(whole[: len(whole) // 2])
    assert "sha256" in refused(take, bundle, paths)


def test_weights_that_are_no_numbers(
    make: Make, bundle: Path, take: Take, paths: Paths, stick: Path
) -> None:
    state = ClassicSiamese().state_dict()
    state["head.2.bias"][3] = float("nan")
    assert "not numbers" in refused(take, make("nan-1", state=state, folder=stick), paths)


def test_another_architecture(
    make: Make, bundle: Path, take: Take, paths: Paths, stick: Path
) -> None:
    folder = make("new-1", architecture="transformer-xl", folder=stick)
    assert "transformer-xl" in refused(take, folder, paths)


def test_two_gigabytes(bundle: Path, take: Take, paths: Paths) -> None:
    with (bundle / "model.pt").open("r+b") as file:
        file.truncate(2 * 1024**3)
    assert "over 64 MB" in refused(take, bundle, paths)
    archive = bundle.parent / "big.tar"
    with archive.open("wb") as file:
        file.truncate(2 * 1024**3)
    assert "over 256 MB" in refused(take, archive, paths)


def test_one_that_fails_its_own_check(bundle: Path, take: Take, paths: Paths) -> None:
    manifest = bundle / "manifest.toml"
    band = "score_min = 1\nscore_max = 2"
    manifest.write_text(re.sub("score_min = .*\nscore_max = .*", band, manifest.read_text()))
    assert "fails its own check" in refused(take, bundle, paths)


def test_what_is_no_bundle(bundle: Path, take: Take, paths: Paths, stick: Path) -> None:
    empty = stick.parent / "empty"
    empty.mkdir()
    assert "no bundle" in refused(take, empty, paths)
    assert "no whole zip or tar" in refused(take, bundle / "CARD.md", paths)
    assert "no file and no folder" in refused(take, stick / "absent", paths)
    os.mkfifo(stick / "pipe")
    assert "no file and no folder" in refused(take, stick / "pipe", paths)
    (bundle / "model.pt").unlink()
    assert "no model.pt" in refused(take, bundle, paths)


def test_several_bundles(bundle: Path, take: Take, paths: Paths, stick: Path) -> None:
    shutil.copytree(bundle, stick / "more")
    assert "several bundles" in refused(take, stick, paths)


@pytest.mark.parametrize(
    "name", ["../../evil.sh", "/etc/evil.sh", "a/../../evil", "..\\evil", "C:\\evil"]
)
def test_paths_that_lead_out(bundle: Path, take: Take, paths: Paths, name: str) -> None:
    archive = zipped(bundle)
    with zipfile.ZipFile(archive, "a") as more:
        more.writestr(name, "evil")
    assert "lead out" in refused(take, archive, paths)
    archive = tarred(bundle)
    with tarfile.open(archive, "a") as tar:
        tar.addfile(tarfile.TarInfo(name), io.BytesIO())
    assert "lead out" in refused(take, archive, paths)
    assert not list(bundle.parent.parent.rglob("evil*"))


def test_a_link_is_not_followed(bundle: Path, take: Take, paths: Paths, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes((bundle / "golden" / "right.flac").read_bytes())
    (bundle / "golden" / "right.flac").unlink()
    (bundle / "golden" / "right.flac").symlink_to(secret)
    assert "right.flac" in refused(take, bundle, paths)
    assert "right.flac" in refused(take, tarred(bundle), paths)
    archive = bundle.parent / "link.zip"
    with zipfile.ZipFile(zipped(bundle)) as read, zipfile.ZipFile(archive, "w") as write:
        for entry in read.infolist():
            data = read.read(entry)
            if entry.filename == "golden/right.flac":
                entry.external_attr = 0o120777 << 16
                data = str(secret).encode()
            write.writestr(entry, data)
    assert "right.flac" in refused(take, archive, paths)


@pytest.mark.parametrize("audio", ["manifest.toml", "model.pt", "golden/../model.pt"])
def test_a_golden_take_that_would_overwrite_a_part(
    bundle: Path, take: Take, paths: Paths, audio: str
) -> None:
    manifest = bundle / "manifest.toml"
    manifest.write_text(manifest.read_text().replace("golden/right.flac", audio))
    assert "name of its own" in refused(take, bundle, paths)


def test_a_golden_take_beneath_a_file(bundle: Path, take: Take, paths: Paths) -> None:
    manifest = bundle / "manifest.toml"
    manifest.write_text(manifest.read_text().replace("golden/right.flac", "model.pt/x.flac"))
    assert "cannot be imported" in refused(take, bundle, paths)


def test_a_zip_that_lies_about_its_sizes(bundle: Path, take: Take, paths: Paths) -> None:
    """A card of 40 MB of zeros, which the directory calls small."""
    (bundle / "CARD.md").write_bytes(bytes(40_000_000))
    archive = zipped(bundle)
    assert "CARD.md" in refused(take, archive, paths)
    data = bytearray(archive.read_bytes())
    at = data.rindex(b"PK\x01\x02", 0, data.rindex(b"CARD.md"))
    data[at + 24 : at + 28] = (100).to_bytes(4, "little")
    archive.write_bytes(bytes(data))
    assert "CARD.md" in refused(take, archive, paths)


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_an_archive_that_unpacks_to_too_much(
    bundle: Path, take: Take, paths: Paths, monkeypatch: pytest.MonkeyPatch,
    pack: Callable[[bytes], bytes],
) -> None:  # fmt: skip
    monkeypatch.setattr(importing, "MAX_ARCHIVE_BYTES", 2 * 1024**2)
    bomb = bundle.parent / "bomb.tar.gz"
    bomb.write_bytes(pack(bytes(3 * 1024**2)))
    assert "unpacks to over 2 MB" in refused(take, bomb, paths)


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress, bytes])
def test_an_archive_cut_short(
    bundle: Path, take: Take, paths: Paths, pack: Callable[[bytes], bytes]
) -> None:
    data = pack(tarred(bundle).read_bytes())
    short = bundle.parent / "short.tar"
    short.write_bytes(data[: len(data) // 3])
    refused(take, short, paths)


def test_a_zip_cut_short_or_scrambled(bundle: Path, take: Take, paths: Paths) -> None:
    archive = zipped(bundle)
    data = archive.read_bytes()
    archive.write_bytes(data[: len(data) // 2])
    assert "no whole zip" in refused(take, archive, paths)
    scrambled = bytearray(data)
    middle = len(data) // 2
    scrambled[middle : middle + 64] = bytes(64)
    archive.write_bytes(bytes(scrambled))
    assert "damaged" in refused(take, archive, paths)


def test_too_many_files(
    bundle: Path, take: Take, paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "MAX_ENTRIES", 3)
    assert "over 3 files" in refused(take, zipped(bundle), paths)
    assert "over 3 files" in refused(take, tarred(bundle), paths)


# ---- cut off, and two at once ----


def test_what_a_cut_off_import_left_goes_with_the_next(
    bundle: Path, take: Take, paths: Paths
) -> None:
    left = paths.imported_models_dir / ".incoming-cut"
    left.mkdir(parents=True)
    shutil.copy(bundle / "model.pt", left)
    # It is no bundle to anybody meanwhile.
    assert [found.name for found in all_bundles(paths)] == ["shipped-1"]
    take(bundle)
    assert in_place(paths) == ["mine-2"]


def test_a_stick_that_is_pulled_out(
    bundle: Path, take: Take, paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    def pulled(*arguments: object) -> bool:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(importing, "_copy_at_most", pulled)
    assert "check the stick" in refused(take, bundle, paths)


def test_one_import_waits_for_another(bundle: Path, take: Take, paths: Paths) -> None:
    paths.imported_models_dir.mkdir(parents=True)
    with (paths.imported_models_dir / ".import.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        second = threading.Thread(target=take, args=(bundle,))
        second.start()
        second.join(0.3)
        assert second.is_alive()
        assert in_place(paths) == []
        fcntl.flock(lock, fcntl.LOCK_UN)
        second.join()
    assert in_place(paths) == ["mine-2"]
