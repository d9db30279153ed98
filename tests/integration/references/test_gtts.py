"""gTTS's own code over real HTTP, against a server on this machine that answers as Google's."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pronounce_kiosk.core.errors import ReferenceFailedError
from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.references.gtts import LONGEST_WAIT_S, REFUSED_WAIT_S, GttsEngine

SENTENCE = Sentence("s1", "오늘은 삼겹살을 먹었어요.", "ko")


class _Clock:
    def __init__(self) -> None:
        self.now = 1_700_000_000.0

    def __call__(self) -> float:
        return self.now


def _refusal(engine: GttsEngine, sentence: Sentence = SENTENCE) -> str:
    with pytest.raises(ReferenceFailedError) as caught:
        engine.render(sentence)
    assert str(caught.value).endswith("espeak-ng says the sentence instead.")
    return str(caught.value.fields["reason"])


def test_a_sentence_is_fetched(google: Any) -> None:
    reference = GttsEngine().render(SENTENCE)
    assert google.asked == [(SENTENCE.text, "ko")]
    assert (reference.info.engine, reference.info.voice) == ("gtts", "ko")
    assert reference.clip.sample_rate_hz == 24000
    assert reference.clip.duration_s > 0.5
    assert reference.clip.peak > 0.05
    assert reference.key == GttsEngine().key(SENTENCE)


def test_a_long_text_is_asked_in_parts(google: Any) -> None:
    one = GttsEngine().render(SENTENCE).clip.duration_s
    text = "오늘은 날씨가 아주 좋아서 친구와 함께 공원에 갔어요. " * 5
    reference = GttsEngine().render(Sentence("s2", text, "ko"))
    parts = len(google.asked) - 1
    assert parts > 1
    assert reference.clip.duration_s > 1.5 * one


@pytest.mark.parametrize(
    ("mode", "reason"),
    [
        ("too many", "refused"),
        ("down", "refused"),
        ("no speech", "garbage"),
        ("not audio", "garbage"),
        ("bytes", "garbage"),
    ],
)
def test_a_refusal_or_nonsense_is_remembered_and_not_asked_again(
    mode: str, reason: str, google: Any, tmp_path: Path
) -> None:
    clock, state = _Clock(), tmp_path / "wait.json"
    engine = GttsEngine(state, clock)
    google.mode = mode
    assert _refusal(engine) == reason
    google.mode = "speech"
    assert _refusal(engine) == "waiting"
    assert _refusal(GttsEngine(state, clock)) == "waiting"  # after a restart too
    assert len(google.asked) == 1
    clock.now += 7201
    assert engine.render(SENTENCE).info.engine == "gtts"
    assert GttsEngine(state, clock).wait_s() == 0.0


def test_refusals_in_a_row_wait_longer_each_time_up_to_a_day(google: Any) -> None:
    clock = _Clock()
    engine = GttsEngine(clock=clock)
    google.mode = "down"
    waits = []
    for _ in range(10):
        assert _refusal(engine) == "refused"
        waits.append(engine.wait_s())
        clock.now += waits[-1] + 1
    assert waits[:3] == [REFUSED_WAIT_S, 2 * REFUSED_WAIT_S, 4 * REFUSED_WAIT_S]
    assert waits[-1] == LONGEST_WAIT_S


def test_the_server_s_own_wait_is_kept_to(google: Any) -> None:
    engine = GttsEngine(clock=_Clock())
    google.mode = "too many"
    _refusal(engine)
    assert engine.wait_s() == 7200.0


@pytest.mark.parametrize("mode", ["silent", "trickle"])
def test_a_slow_server_is_given_up_on(mode: str, google: Any) -> None:
    google.mode = mode
    engine = GttsEngine(timeout_s=(0.5, 0.4), total_timeout_s=0.6)
    assert _refusal(engine) == "unreachable"
    assert engine.wait_s() > 0
    # The engine may have given up before the server read what it was asked.
    assert google.was_asked.wait(60)
    assert len(google.asked) == 1


def test_no_network_is_a_short_wait(google: Any) -> None:
    google.port = 9  # nobody listens on discard
    clock = _Clock()
    engine = GttsEngine(clock=clock)
    assert _refusal(engine) == "unreachable"
    assert 0 < engine.wait_s() <= 60


def test_a_language_google_does_not_speak_costs_no_wait(google: Any) -> None:
    engine = GttsEngine()
    assert _refusal(engine, Sentence("s1", "hello", "zz")) == "unsupported"
    assert _refusal(engine, Sentence("s1", "  ", "ko")) == "unsupported"
    assert google.asked == []
    assert engine.wait_s() == 0.0


@pytest.mark.parametrize("state", ["", "{", "[]", '{"until_s": "soon"}', "\0\0"])
def test_a_damaged_wait_is_no_wait(
    state: str, google: Any, tmp_path: Path, expected_log: Callable[[str], None]
) -> None:
    path = tmp_path / "wait.json"
    path.write_text(state)
    assert GttsEngine(path).render(SENTENCE).info.engine == "gtts"
    expected_log("wait.json cannot be read .*: gTTS may be asked at once")


def test_an_impossible_wait_is_no_wait(google: Any, tmp_path: Path) -> None:
    path = tmp_path / "wait.json"
    path.write_text('{"until_s": 1e300, "failures": 3}')
    assert GttsEngine(path).render(SENTENCE).info.engine == "gtts"


def test_a_clock_that_jumps_back_does_not_lock_gtts_out(google: Any) -> None:
    clock = _Clock()
    engine = GttsEngine(clock=clock)
    google.mode = "too many"
    _refusal(engine)
    clock.now -= 30 * 24 * 3600
    assert engine.wait_s() == 0.0


def test_the_key_tells_texts_and_languages_apart(make_sentence: Callable[..., Sentence]) -> None:
    engine = GttsEngine()
    texts = [make_sentence("가"), make_sentence("나"), make_sentence("가", "en")]
    assert len({engine.key(one) for one in texts}) == 3
