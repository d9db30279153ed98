"""The cache: exact, and never wrong after a crash, a second process or a bad disk."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.audio.reference import PhoneTime, Reference, UnitTime
from pronounce_kiosk.core.score import ReferenceInfo
from pronounce_kiosk.references.cache import ReferenceCache

KEY = "ab" * 32

# Writes references of a constant value, over and over, until it is stopped.
_WRITER = """
import sys
import numpy as np
from pathlib import Path
from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.audio.reference import Reference
from pronounce_kiosk.core.score import ReferenceInfo
from pronounce_kiosk.references.cache import ReferenceCache

folder, key, value, rounds = Path(sys.argv[1]), sys.argv[2], float(sys.argv[3]), int(sys.argv[4])
cache = ReferenceCache(folder)
noise = np.random.default_rng(0).uniform(-0.1, 0.1, 200_000).astype(np.float32)
noise[0] = value
reference = Reference(AudioClip.from_array(noise, 16000), ReferenceInfo("espeak", "ko"), key)
print("ready", flush=True)
for _ in range(rounds):
    cache.put(reference)
print("done", flush=True)
"""


def _reference(key: str = KEY, value: float = 0.5) -> Reference:
    samples = np.linspace(-value, value, 2205, dtype=np.float32)
    return Reference(
        AudioClip.from_array(samples, 22050),
        ReferenceInfo("espeak", "ko"),
        key,
        (UnitTime("가", 0.0, 0.0501),),
        (PhoneTime("ㄱ", 0.0, 0.01, 0), PhoneTime("ㅏ", 0.01, 0.0501, 0)),
    )


def _writer(folder: Path, value: float, rounds: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", _WRITER, str(folder), KEY, str(value), str(rounds)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def _stored(folder: Path) -> Path:
    (path,) = folder.glob("*/*.npz")
    return path


def test_what_is_kept_comes_back_whole(tmp_path: Path) -> None:
    kept = ReferenceCache(tmp_path).put(_reference())
    back = ReferenceCache(tmp_path).get(KEY)
    assert back is not None
    assert (back.info, back.key) == (kept.info, kept.key)
    assert (back.units, back.phones) == (_reference().units, _reference().phones)
    np.testing.assert_array_equal(back.clip.samples, kept.clip.samples)
    np.testing.assert_allclose(back.clip.samples, _reference().clip.samples, atol=1 / 65536)
    assert back.clip.sample_rate_hz == 22050


def test_full_scale_and_an_empty_clip_are_kept(tmp_path: Path) -> None:
    cache = ReferenceCache(tmp_path)
    for samples in ([1.0, -1.0, 1.5], []):
        clip = AudioClip.from_array(np.array(samples, np.float32), 16000)
        kept = cache.put(Reference(clip, ReferenceInfo("gtts", "ko"), KEY))
        assert np.abs(kept.clip.samples - np.clip(samples, -1, 1)).max(initial=0) < 1e-4


def test_a_missing_key_is_none_and_a_strange_one_is_refused(tmp_path: Path) -> None:
    cache = ReferenceCache(tmp_path / "never made")
    assert cache.get(KEY) is None
    for key in ("", "../../etc/passwd", "AB" * 32, KEY + "/x"):
        with pytest.raises(ValueError, match="key"):
            cache.get(key)
    with pytest.raises(ValueError, match="name"):
        cache.derived(KEY, "../up", dict)


@pytest.mark.parametrize("keep", [0, 1, 7, 40, 41, 0.5, 0.99])
def test_a_truncated_file_is_made_again(
    keep: float, tmp_path: Path, expected_log: Callable[[str], None]
) -> None:
    cache = ReferenceCache(tmp_path)
    cache.put(_reference())
    path = _stored(tmp_path)
    data = path.read_bytes()
    path.write_bytes(data[: int(keep * len(data)) if isinstance(keep, float) else keep])
    expected_log("is damaged and is made again")
    assert cache.get(KEY) is None
    cache.put(_reference())
    assert cache.get(KEY) is not None


def test_a_flipped_bit_anywhere_is_noticed(
    tmp_path: Path, expected_log: Callable[[str], None]
) -> None:
    cache = ReferenceCache(tmp_path)
    cache.put(_reference())
    path = _stored(tmp_path)
    data = path.read_bytes()
    expected_log("damaged")
    for at in range(0, len(data), max(1, len(data) // 50)):
        path.write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
        assert cache.get(KEY) is None


def test_a_well_formed_file_of_another_kind_is_not_a_reference(
    tmp_path: Path, expected_log: Callable[[str], None]
) -> None:
    cache = ReferenceCache(tmp_path)
    cache.derived(KEY, "mel", lambda: {"a": np.zeros(3)})
    (_stored(tmp_path)).rename(tmp_path / KEY[:2] / f"{KEY}.reference.npz")
    expected_log("does not hold what it should")
    assert cache.get(KEY) is None


def test_derived_data_is_computed_once(tmp_path: Path) -> None:
    calls = []

    def compute() -> dict[str, np.ndarray]:
        calls.append(1)
        return {"mel": np.arange(6, dtype=np.float32).reshape(2, 3), "name": np.array("가")}

    first = ReferenceCache(tmp_path).derived(KEY, "mel-1", compute)
    second = ReferenceCache(tmp_path).derived(KEY, "mel-1", compute)
    assert len(calls) == 1
    np.testing.assert_array_equal(first["mel"], second["mel"])
    assert second["mel"].dtype == np.float32
    assert second["name"] == "가"
    ReferenceCache(tmp_path).derived(KEY, "mel-2", compute)
    assert len(calls) == 2


def test_damaged_derived_data_is_computed_again(
    tmp_path: Path, expected_log: Callable[[str], None]
) -> None:
    cache = ReferenceCache(tmp_path)
    cache.derived(KEY, "mel", lambda: {"a": np.zeros(3)})
    _stored(tmp_path).write_bytes(b"PKCACHE1 nonsense")
    expected_log("damaged")
    assert cache.derived(KEY, "mel", lambda: {"a": np.ones(3)})["a"].tolist() == [1, 1, 1]
    assert cache.derived(KEY, "mel", dict)["a"].tolist() == [1, 1, 1]


def test_objects_are_never_pickled(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="objects"):
        ReferenceCache(tmp_path).derived(KEY, "mel", lambda: {"a": np.array([{}], object)})
    assert not list(tmp_path.glob("*/*"))


def test_what_cannot_be_written_is_given_back_all_the_same(
    tmp_path: Path, expected_log: Callable[[str], None]
) -> None:
    (tmp_path / KEY[:2]).write_text("a file where a folder should be")
    expected_log("cannot keep")
    expected_log("cannot read")
    cache = ReferenceCache(tmp_path)
    assert cache.put(_reference()).clip.duration_s == pytest.approx(0.1)
    assert cache.derived(KEY, "mel", lambda: {"a": np.ones(1)})["a"].tolist() == [1]


@pytest.mark.parametrize("seed", range(4))
def test_a_writer_killed_at_any_moment_leaves_nothing_wrong(seed: int, tmp_path: Path) -> None:
    ReferenceCache(tmp_path).put(_reference())
    process = _writer(tmp_path, 0.25, 10_000)
    time.sleep(float(np.random.default_rng(seed).uniform(0.0, 0.3)))
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    back = ReferenceCache(tmp_path).get(KEY)  # a damaged file would log, and so fail
    assert back is not None
    assert len(back.clip.samples) in (2205, 200_000)


def test_two_writers_and_a_reader_at_once(tmp_path: Path) -> None:
    ReferenceCache(tmp_path).put(_reference())
    writers = [_writer(tmp_path, value, 25) for value in (0.25, 0.75)]
    seen = set()
    while any(writer.poll() is None for writer in writers):
        back = ReferenceCache(tmp_path).get(KEY)
        assert back is not None
        seen.add((len(back.clip.samples), round(float(back.clip.samples[0]), 2)))
    assert [writer.communicate()[0] for writer in writers] == ["done\n", "done\n"]
    assert seen <= {(2205, -0.5), (200_000, 0.25), (200_000, 0.75)}
    assert list(tmp_path.glob("*/.*")) == []


def test_leftovers_of_a_killed_writer_go_after_a_day(tmp_path: Path) -> None:
    (tmp_path / "ab").mkdir()
    old, new = tmp_path / "ab" / ".x.npz.1.part", tmp_path / "ab" / ".x.npz.2.part"
    for path in (old, new):
        path.write_bytes(b"half")
    os.utime(old, (0, 0))
    ReferenceCache(tmp_path)
    assert [path.exists() for path in (old, new)] == [False, True]


def test_it_grows_no_larger_than_its_limit_and_the_oldest_derived_data_go_first(
    tmp_path: Path,
) -> None:
    cache = ReferenceCache(tmp_path, limit_bytes=10**9, room_bytes=0)
    keys = [f"{number:02x}" * 32 for number in range(8)]
    noise = np.random.default_rng(0).bytes(20_000)
    for age, key in enumerate(reversed(keys)):
        cache.put(_reference(key))
        cache.derived(key, "mel", lambda: {"a": np.frombuffer(noise, np.uint8)})
        for path in tmp_path.glob(f"*/{key}.*"):
            os.utime(path, (age, age))  # the first key is the newest
    assert cache.make_room() == 0
    everything = sum(path.stat().st_size for path in tmp_path.glob("*/*.npz"))
    small = ReferenceCache(tmp_path, limit_bytes=everything - 50_000, room_bytes=0)
    assert 50_000 <= small.make_room() < 90_000
    left = {path.name for path in tmp_path.glob("*/*.npz")}
    assert all(f"{key}.reference.npz" in left for key in keys)
    assert [f"{key}.mel.npz" in left for key in keys] == [True] * 5 + [False] * 3
    # Writing keeps to it too, and what went is made again.
    tiny = ReferenceCache(tmp_path, limit_bytes=0, room_bytes=0)
    assert tiny.derived(keys[7], "mel", lambda: {"a": np.ones(3)})["a"].tolist() == [1, 1, 1]
    assert [path.name for path in tmp_path.glob("*/*.npz")] == [f"{keys[7]}.mel.npz"]


def test_a_disk_that_is_nearly_full_gets_the_cache_s_room(tmp_path: Path) -> None:
    cache = ReferenceCache(tmp_path, room_bytes=0)
    cache.put(_reference())
    size = _stored(tmp_path).stat().st_size
    assert ReferenceCache(tmp_path, room_bytes=10**18).make_room() == size
    assert cache.get(KEY) is None
