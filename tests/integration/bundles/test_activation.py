"""Which bundle scores: whole at any moment, one writer at a time, and back by itself on failure."""

from __future__ import annotations

import fcntl
import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from pronounce_kiosk.bundles import activation
from pronounce_kiosk.bundles.activation import (
    MAX_STARTS,
    Activation,
    Failure,
    activate,
    activation_file,
    active_folder,
    newer_bundle,
    read_activation,
    roll_back,
    start_bundle,
)
from pronounce_kiosk.bundles.load import load_bundle, shipped_folders
from pronounce_kiosk.core.errors import BundleError
from pronounce_kiosk.core.paths import HOME_VARIABLE, Paths

Make = Callable[..., Path]
Expect = Callable[[str], None]
NOT_STARTED = "WARNING pronounce_kiosk.bundles.activation: the bundle {} does not start"


def damage(folder: Path) -> Path:
    data = bytearray((folder / "model.pt").read_bytes())
    data[len(data) // 2] ^= 1
    (folder / "model.pt").write_bytes(bytes(data))
    return folder


@pytest.fixture
def two(make: Make) -> tuple[Path, Path]:
    """Bundles a and b; b is the best shipped."""
    return make("a", version="1.0"), make("b", version="2.0", seed=1)


def test_without_a_file_the_best_shipped_scores(two: tuple[Path, Path], paths: Paths) -> None:
    assert read_activation(paths) == Activation()
    assert active_folder(paths) == two[1]
    assert start_bundle(paths).folder == two[1]
    assert not activation_file(paths).exists()


def test_activating_and_going_back(two: tuple[Path, Path], paths: Paths) -> None:
    activate(paths, "a")
    assert active_folder(paths) == two[0]
    assert activate(paths, "b").previous == "a"
    assert active_folder(paths) == two[1]
    assert roll_back(paths).bundle == "a"
    assert active_folder(paths) == two[0]
    with pytest.raises(BundleError, match="no bundle to go back to"):
        roll_back(paths)
    assert active_folder(paths) == two[0]


def test_going_back_to_what_shipped(two: tuple[Path, Path], paths: Paths) -> None:
    activate(paths, "a")
    assert roll_back(paths).bundle == ""
    assert active_folder(paths) == two[1]


def test_activating_the_same_twice_keeps_the_one_before(
    two: tuple[Path, Path], paths: Paths
) -> None:
    activate(paths, "a")
    activate(paths, "b")
    assert activate(paths, "b").previous == "a"


def test_going_back_to_another_than_was_checked(two: tuple[Path, Path], paths: Paths) -> None:
    activate(paths, "a")
    activate(paths, "b")
    with pytest.raises(BundleError, match="just now"):
        roll_back(paths, expected="")
    assert read_activation(paths).bundle == "b"


def test_an_imported_bundle_is_found(make: Make, paths: Paths) -> None:
    make("a")
    imported = make("mine", folder=paths.imported_models_dir)
    activate(paths, "mine")
    assert active_folder(paths) == imported


@pytest.mark.parametrize("name", ["../a", "a/b", ".hidden", "a b"])
def test_a_name_in_which_a_path_may_hide(paths: Paths, name: str) -> None:
    with pytest.raises(BundleError, match="no bundle's name"):
        activate(paths, name)
    assert not activation_file(paths).exists()


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "null", '{"bundle": "../../etc"}', '{"bundle": 3}', '{"bundel": "a"}',
     '{"bundle": "a", "failed": {"bundle": 1, "why": 2}}', '{"bundle": "a", "started": 1}',
     "[" * 100_000],
)  # fmt: skip
def test_a_damaged_file_counts_as_absent(
    two: tuple[Path, Path], paths: Paths, expected_log: Expect, text: str
) -> None:
    expected_log("cannot be read .*: the best shipped bundle scores")
    paths.data_dir.mkdir(parents=True)
    activation_file(paths).write_text(text)
    assert active_folder(paths) == two[1]
    activate(paths, "a")
    assert json.loads(activation_file(paths).read_text())["bundle"] == "a"


# ---- starting ----


def test_a_start_is_noted_once(two: tuple[Path, Path], paths: Paths) -> None:
    activate(paths, "a")
    assert start_bundle(paths).folder == two[0]
    assert read_activation(paths) == Activation("a", previous="", started=True)
    stamp = activation_file(paths).stat().st_mtime_ns
    start_bundle(paths)
    assert activation_file(paths).stat().st_mtime_ns == stamp


def test_one_that_does_not_start_is_left_for_the_one_before(
    two: tuple[Path, Path], paths: Paths, expected_log: Expect
) -> None:
    expected_log(NOT_STARTED.format("b"))
    activate(paths, "a")
    activate(paths, "b")
    damage(two[1])
    assert start_bundle(paths).folder == two[0]
    now = read_activation(paths)
    assert (now.bundle, now.previous, now.started) == ("a", None, True)
    assert now.failed is not None
    assert now.failed.bundle == "b"
    assert "sha256" in now.failed.why
    # The next start has nothing left to mend, and still knows what failed.
    assert start_bundle(paths).folder == two[0]
    assert read_activation(paths).failed == now.failed
    assert activate(paths, "a").failed is None


def test_one_that_is_gone(two: tuple[Path, Path], paths: Paths, expected_log: Expect) -> None:
    expected_log(NOT_STARTED.format("gone"))
    activate(paths, "a")
    activate(paths, "gone")
    assert start_bundle(paths).folder == two[0]


def test_where_neither_starts_what_shipped_does(
    two: tuple[Path, Path], make: Make, paths: Paths, expected_log: Expect
) -> None:
    for name in ("x", "y", "b"):
        expected_log(NOT_STARTED.format(name))
    for name in ("x", "y"):
        damage(make(name, folder=paths.imported_models_dir))
        activate(paths, name)
    damage(two[1])
    assert start_bundle(paths).folder == two[0]
    now = read_activation(paths)
    assert now.bundle == ""
    assert now.failed is not None
    # Once the best one is mended, it is the one that scores again, and nothing is wrong any more.
    damage(two[1])
    assert start_bundle(paths).folder == two[1]
    assert read_activation(paths).failed is None


def test_where_nothing_starts_it_says_why(
    two: tuple[Path, Path], paths: Paths, expected_log: Expect
) -> None:
    for folder in two:
        expected_log(NOT_STARTED.format(folder.name))
        damage(folder)
    with pytest.raises(BundleError, match="sha256"):
        start_bundle(paths)


def test_one_that_ends_the_program_while_it_loads(
    two: tuple[Path, Path], paths: Paths, expected_log: Expect, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed for its memory, say: nothing can be caught then."""
    expected_log("b ended the program while it was loading")
    activate(paths, "a")
    activate(paths, "b")

    class Killed(BaseException):
        pass

    def kills(folder: Path) -> object:
        if folder.name == "b":
            raise Killed
        return load_bundle(folder)

    monkeypatch.setattr(activation, "load_bundle", kills)
    for _ in range(MAX_STARTS):
        with pytest.raises(Killed):
            start_bundle(paths)
    assert start_bundle(paths).folder == two[0]
    assert read_activation(paths).bundle == "a"


def test_a_power_cut_while_it_loads_is_forgiven(two: tuple[Path, Path], paths: Paths) -> None:
    activate(paths, "a")
    cut = replace(read_activation(paths), starts=MAX_STARTS - 1)
    activation_file(paths).write_text(json.dumps(vars(cut)))
    assert start_bundle(paths).folder == two[0]
    assert read_activation(paths).starts == 0


def test_a_disk_that_refuses_does_not_stop_a_start(
    two: tuple[Path, Path], paths: Paths, expected_log: Expect, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected_log(NOT_STARTED.format("b"))
    expected_log("active-bundle.json cannot be written")
    activate(paths, "a")
    activate(paths, "b")
    damage(two[1])
    before = activation_file(paths).read_bytes()

    def refuses(path: Path, data: bytes) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(activation, "write_atomically", refuses)
    assert start_bundle(paths).folder == two[0]
    assert activation_file(paths).read_bytes() == before
    with pytest.raises(OSError, match="Read-only"):
        activate(paths, "a")


def test_two_broken_ones_on_a_disk_that_refuses_lead_to_what_shipped(
    two: tuple[Path, Path],
    make: Make,
    paths: Paths,
    expected_log: Expect,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    expected_log("active-bundle.json cannot be written")
    for name in ("x", "y"):
        expected_log(NOT_STARTED.format(name))
        damage(make(name, folder=paths.imported_models_dir))
        activate(paths, name)

    def refuses(path: Path, data: bytes) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(activation, "write_atomically", refuses)
    assert start_bundle(paths).folder == two[1]


# ---- while another runs ----


def test_the_one_in_use_stays_while_it_is_the_active_one(
    two: tuple[Path, Path], paths: Paths
) -> None:
    running = start_bundle(paths).scorer.info
    assert newer_bundle(paths, running) is None
    activate(paths, "b")
    assert newer_bundle(paths, running) is None


def test_another_is_taken(two: tuple[Path, Path], paths: Paths) -> None:
    running = start_bundle(paths).scorer.info
    activate(paths, "a")
    newer = newer_bundle(paths, running)
    assert newer is not None
    assert newer.folder == two[0]
    assert read_activation(paths).started


def test_one_that_does_not_load_is_taken_back(
    two: tuple[Path, Path], paths: Paths, expected_log: Expect
) -> None:
    expected_log("b keeps scoring: The bundle a cannot be used")
    running = start_bundle(paths).scorer.info
    activate(paths, "a")
    damage(two[0])
    assert newer_bundle(paths, running) is None
    now = read_activation(paths)
    assert now.bundle == ""
    assert now.failed == Failure("a", now.failed.why if now.failed else "")
    assert newer_bundle(paths, running) is None


# ---- processes ----

_ACTIVATE = """
import sys
from pronounce_kiosk.bundles.activation import activate
from pronounce_kiosk.core.paths import Paths
print("begun", flush=True)
while True:
    for name in ("a", "b"):
        activate(Paths.default(), name)
        if sys.argv[1:]:
            print("done", flush=True)
            raise SystemExit
"""


def process(home: Path, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", _ACTIVATE, *arguments],
        env=os.environ | {HOME_VARIABLE: str(home)},
        stdout=subprocess.PIPE,
        text=True,
    )


def test_a_kill_leaves_the_old_one_or_the_new_one(kiosk_home: Path, paths: Paths) -> None:
    moments = random.Random(0)
    activate(paths, "a")
    for _ in range(6):
        writer = process(kiosk_home)
        assert writer.stdout is not None
        assert writer.stdout.readline() == "begun\n"
        time.sleep(moments.uniform(0.0, 0.03))
        writer.kill()
        writer.communicate()
        # Read as strictly as it is parsed: a damaged file would be logged and fail the test.
        now = read_activation(paths)
        assert {now.bundle, now.previous} <= {"a", "b", ""}
        assert now.bundle in ("a", "b")
    # Nobody holds the lock any more.
    assert activate(paths, "c").bundle == "c"


def test_the_second_waits_for_the_first(kiosk_home: Path, paths: Paths) -> None:
    activate(paths, "x")
    with (paths.data_dir / activation.LOCK_NAME).open("rb+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        writer = process(kiosk_home, "once")
        assert writer.stdout is not None
        assert writer.stdout.readline() == "begun\n"
        time.sleep(0.3)
        assert writer.poll() is None
        assert read_activation(paths).bundle == "x"
        fcntl.flock(lock, fcntl.LOCK_UN)
        assert writer.stdout.readline() == "done\n"
        writer.communicate()
    assert read_activation(paths) == Activation("a", previous="x")


@pytest.mark.timeout(400)
def test_two_at_once_and_neither_is_lost(kiosk_home: Path, paths: Paths) -> None:
    """Through the command: each names the other as the one before, or is named by it."""
    command = [sys.executable, "-m", "pronounce_kiosk.cli", "models", "activate"]
    names = [folder.name for folder in shipped_folders(Paths.default())]
    assert len(names) >= 2
    processes = [
        subprocess.Popen(
            [*command, name],
            env=os.environ | {HOME_VARIABLE: str(kiosk_home), "OMP_NUM_THREADS": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for name in names[:2]
    ]
    for one in processes:
        _, errors = one.communicate(timeout=300)
        assert (one.returncode, errors) == (0, "")
    now = read_activation(paths)
    assert {now.bundle, now.previous} == set(names[:2])
