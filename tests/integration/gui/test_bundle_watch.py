"""A bundle activated while the kiosk runs: taken between takes, or left with a word about it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from pronounce_kiosk.app import build_engine
from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.bundles.activation import activate, activation_file, read_activation
from pronounce_kiosk.bundles.load import shipped_folders
from pronounce_kiosk.core.paths import Paths
from pronounce_kiosk.core.settings import Settings
from pronounce_kiosk.gui import bundle_watch
from pronounce_kiosk.gui.bundle_watch import NOTICE, BundleWatch
from pronounce_kiosk.gui.messages import notice_text
from pronounce_kiosk.session.states import State


@pytest.fixture
def hands(make_hands, take: AudioClip, monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    """A kiosk with the real engine of the best shipped bundle, which somebody speaks to; it looks
    for another one often."""
    monkeypatch.setattr(bundle_watch, "INTERVAL_MS", 100)
    hands = make_hands(take, build=lambda: build_engine(Settings(), Paths.default()))
    hands.wait(lambda: hands.model.ready)
    return hands


def watch(hands) -> BundleWatch:  # type: ignore[no-untyped-def]
    return hands.model.findChild(BundleWatch)


def scoring(hands) -> str:  # type: ignore[no-untyped-def]
    """The name of the bundle in use, as the worker knows it."""
    found: list[str] = []
    hands.model.jobs.with_engine(
        "name", lambda e: e.scorer.info.name, found.append, lambda error: None
    )
    hands.wait(lambda: bool(found))
    return found[0]


def names() -> tuple[str, str]:
    best, other = shipped_folders(Paths.default())[:2]
    return best.name, other.name


def test_it_is_taken_without_a_restart_and_scores_the_next_take(hands) -> None:  # type: ignore[no-untyped-def]
    best, other = names()
    assert scoring(hands) == best
    assert hands.model.notices.key == ""
    hands.open_sentence()
    activate(Paths.default(), other)
    # No look is asked for here: the timer does it.
    hands.wait(lambda: read_activation(Paths.default()).started)
    assert scoring(hands) == other
    hands.model.record()
    hands.wait_for(State.RESULT, State.NOT_SCORED)
    assert hands.model.result is not None
    assert hands.model.result.scored.score.bundle is not None
    assert hands.model.result.scored.score.bundle.name == other
    assert hands.model.notices.key == ""


def test_not_in_the_middle_of_a_take(hands) -> None:  # type: ignore[no-untyped-def]
    best, other = names()
    hands.open_sentence()
    seen: list[tuple[State, bool]] = []

    def look() -> None:
        # Asked as the state changes: scoring may be over before a wait looks again.
        if hands.model.state in (State.RECORD, State.SCORE):
            watch(hands).look()
            seen.append((hands.model.state, read_activation(Paths.default()).started))

    hands.model.state_changed.connect(look)
    activate(Paths.default(), other)
    hands.model.record()
    hands.wait_for(State.RESULT, State.NOT_SCORED)
    assert hands.model.result is not None
    assert hands.model.result.scored.score.bundle is not None
    assert hands.model.result.scored.score.bundle.name == best
    assert (State.RECORD, False) in seen
    assert (State.SCORE, False) in seen
    assert not any(taken for _, taken in seen)
    hands.wait(lambda: read_activation(Paths.default()).started)
    assert scoring(hands) == other


@pytest.mark.parametrize("damage", ["model.pt", "manifest.toml"])
def test_one_that_does_not_work_is_left_and_told_of(
    hands, damage: str, expected_log: Callable[[str], None]
) -> None:  # type: ignore[no-untyped-def]
    expected_log("WARNING pronounce_kiosk.bundles.activation: .* keeps scoring")
    best, _ = names()
    paths = Paths.default()
    broken = paths.imported_models_dir / "broken-1"
    shutil.copytree(paths.models_dir / best, broken)
    manifest = broken / "manifest.toml"
    manifest.write_text(manifest.read_text("utf-8").replace(best, "broken-1", 1), "utf-8")
    (broken / damage).write_bytes(b"")
    activate(paths, "broken-1")
    hands.wait(lambda: hands.model.notices.key == NOTICE)
    assert scoring(hands) == best
    notice = hands.window.top_bar.notice
    assert notice.isVisible()
    assert notice.text() == notice_text(NOTICE)
    failed = read_activation(paths).failed
    assert failed is not None
    assert failed.bundle == "broken-1"
    # The turn goes on, and the notice with the next score.
    hands.open_sentence()
    hands.model.record()
    hands.wait_for(State.RESULT, State.NOT_SCORED)
    assert hands.model.result is not None
    assert hands.model.result.scored.score.bundle is not None
    assert hands.model.result.scored.score.bundle.name == best
    assert hands.model.notices.key == ""


def test_a_missing_microphone_is_told_first(hands) -> None:  # type: ignore[no-untyped-def]
    hands.model.notices.announce(NOTICE)
    hands.kiosk.sound.notice.emit("microphone_absent")
    assert hands.model.notices.key == "microphone_absent"
    hands.kiosk.sound.notice.emit("")
    assert hands.model.notices.key == NOTICE
    hands.model.notices.announce("")
    assert hands.model.notices.key == ""


def test_a_file_touched_without_a_change_costs_nothing(hands) -> None:  # type: ignore[no-untyped-def]
    best, _ = names()
    activate(Paths.default(), best)
    before: list[object] = []
    for number in (1, 2):
        watch(hands).look()
        hands.model.jobs.with_engine("which", lambda e: e, before.append, lambda error: None)
        hands.wait(lambda number=number: len(before) == number)
        Path(activation_file(Paths.default())).touch()
    assert before[0] is before[1]
