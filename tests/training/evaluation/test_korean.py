"""Korean rows: the tables count right. How good the figures are is the card's business."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.cli import main
from pronounce_kiosk.core.errors import TrainingError, UsageError
from pronounce_kiosk.core.paths import Paths
from pronounce_kiosk.core.score import UnitScore
from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.language.korean.jamo import is_hangul_syllable
from pronounce_kiosk.language.korean.pronunciation import standard_pronunciation
from pronounce_kiosk.references.espeak_library import EspeakLibrary
from pronounce_kiosk.scoring.first.aligned import EXTRA_VOICES
from pronounce_kiosk.training.evaluation.korean import (
    PAIR_VOICES,
    Trial,
    cross_faded,
    gtts_table,
    korean_table,
    nearest_in_length,
    noisy,
    read_pairs,
    read_spoken,
    recorded_table,
    spread,
    touch,
    touchable,
    touched_rows,
    touched_table,
    with_recordings,
)
from pronounce_kiosk.training.evaluation.people import Table
from pronounce_kiosk.training.evaluation.robustness import rows_tables

TEXTS = ("날씨가 참 좋네요", "저는 학교에 가요", "오늘은 비가 많이 와요")


@pytest.fixture(scope="module")
def natives(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three sentences by a voice that says no reference; the last one in a mood."""
    folder = tmp_path_factory.mktemp("natives")
    (folder / "audio").mkdir()
    lines = ["utterance\tspeaker\temotion\ttext"]
    for row, text in enumerate(TEXTS):
        spoken = EspeakLibrary().speak(text, "ko+m1", rate_wpm=150)
        clip = AudioClip.from_array(spoken.samples, spoken.sample_rate_hz).resampled(16_000)
        soundfile.write(folder / "audio" / f"u{row}.ogg", np.pad(clip.samples, 4000), 16_000)
        lines.append(f"u{row}\ta\t{'happy' if row == 2 else 'neutral'}\t{text}")
    (folder / "utterances.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


@pytest.fixture
def bundle() -> Path:
    return Paths.default().models_dir / "aligned-1"


def figures(table: Table) -> dict[str, tuple[str, str]]:
    """n and figure by what they are."""
    assert all(len(row) == len(table.headers) for row in table.rows)
    return {row[0]: (row[1], row[2]) for row in table.rows}


def test_a_folder_becomes_takes(natives: Path) -> None:
    takes = read_spoken(natives)
    assert [take.sentence.text for take in takes] == list(TEXTS)
    assert [take.emotion for take in takes] == ["neutral", "neutral", "happy"]
    assert all(take.audio.is_file() and take.speaker == "a" for take in takes)
    assert len(read_spoken(natives, limit=2)) == 2


def test_a_folder_named_from_here_gives_whole_paths(
    natives: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(natives.parent)
    found = read_spoken(Path(natives.name))
    assert [take.audio for take in found] == [take.audio for take in read_spoken(natives)]
    assert all(take.audio.is_absolute() for take in found)


def test_a_folder_that_is_not_whole_is_named(natives: Path, tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="cannot be read"):
        read_spoken(tmp_path)
    (tmp_path / "utterances.tsv").write_text("utterance\ttext\nlost\t네\n", encoding="utf-8")
    with pytest.raises(TrainingError, match="lacks lost"):
        read_spoken(tmp_path)
    (tmp_path / "utterances.tsv").write_text("name\tsaid\nlost\t네\n", encoding="utf-8")
    with pytest.raises(TrainingError, match="columns"):
        read_spoken(tmp_path)


def test_a_limit_takes_from_the_whole_table() -> None:
    assert spread(range(10), None) == list(range(10))
    assert spread(range(10), 3) == [0, 4, 9]
    assert spread(range(2), 3) == [0, 1]


def test_the_wrong_sentence_is_another_text_of_nearly_the_same_length() -> None:
    texts = ("가나다", "나다라", "가나다라마바사", "나다라마바사", "가나다")
    sentences = [Sentence("", text, "ko") for text in texts]
    wrong = [sentence.text for sentence in nearest_in_length(sentences)]
    assert wrong == ["나다라", "가나다", "나다라마바사", "가나다라마바사", "나다라"]
    with pytest.raises(TrainingError, match="one sentence"):
        nearest_in_length([sentences[0], sentences[4]])


def test_minimal_pairs_sound_different_and_are_said_by_no_reference_voice() -> None:
    pairs = read_pairs()
    assert len(pairs) >= 100
    assert len({frozenset((pair.word, pair.other)) for pair in pairs}) == len(pairs)
    assert {pair.difference for pair in pairs} == {"onset", "nucleus", "coda"}
    for pair in pairs:
        assert all(is_hangul_syllable(ch) for ch in pair.word + pair.other)
        assert len(pair.word) == len(pair.other)
        assert standard_pronunciation(pair.word) != standard_pronunciation(pair.other)
    assert not set(PAIR_VOICES) & {"", *EXTRA_VOICES}


def test_noise_is_as_loud_as_asked_for() -> None:
    tone = AudioClip.from_array(np.sin(np.arange(32_000) / 5), 16_000)
    mixed = noisy(tone, np.random.default_rng(0), 15.0).samples
    noise = mixed[:8000].std()
    signal = mixed[8000:40_000].std()
    assert 10 * np.log10(signal**2 / noise**2 - 1) == pytest.approx(15.0, abs=0.3)


def units_of_tones() -> tuple[AudioClip, list[UnitScore], list[str]]:
    """Ten units of 0.1 s, each a level of its own, so that a sample tells its unit."""
    samples = np.repeat(np.arange(1, 11) / 20, 1600)
    units = [UnitScore(str(row), row / 10, (row + 1) / 10, 50.0) for row in range(10)]
    return AudioClip.from_array(samples, 16_000), units, list("가나다라마바사아자차")


def heard(clip: AudioClip) -> list[int]:
    """Which units a touched clip holds, in order."""
    levels = np.round(clip.samples * 20, 3)
    plain = levels[np.isclose(levels, np.round(levels))].astype(int)
    runs = plain[np.concatenate([[True], np.diff(plain) != 0])]
    # A cross-fade passes a whole level for a sample now and then.
    return [int(level) - 1 for level in runs if (plain == level).sum() > 500]


@pytest.mark.parametrize("count", [1, 2, 4])
def test_a_cut_unit_is_gone(count: int) -> None:
    clip, units, said = units_of_tones()
    edited, rows = touch(clip, units, said, "cut", count, np.random.default_rng(count))
    assert len(rows) == count
    assert heard(edited) == [row for row in range(10) if row not in rows]
    assert edited.duration_s == pytest.approx(1.0 - 0.1 * count, abs=0.006 * count)


@pytest.mark.parametrize("count", [1, 2, 4])
def test_a_replaced_unit_is_another_of_the_take(count: int) -> None:
    clip, units, said = units_of_tones()
    edited, rows = touch(clip, units, said, "replaced", count, np.random.default_rng(count))
    middle = [row * 1600 + 800 for row in range(10)]
    # Each joint takes 80 samples off, so the middles move but stay inside their units.
    now = [
        round(float(edited.samples[min(at - 80, len(edited.samples) - 1)]) * 20) for at in middle
    ]
    assert {row for row in range(10) if now[row] != row + 1} == set(rows)
    assert len(rows) == count


@pytest.mark.parametrize("count", [2, 4])
def test_swapped_units_change_places(count: int) -> None:
    clip, units, said = units_of_tones()
    edited, rows = touch(clip, units, said, "swapped", count, np.random.default_rng(count))
    order = heard(edited)
    assert sorted(set(order)) == list(range(10))
    assert len(rows) == count
    assert {row for row in range(10) if order[row] != row} == set(rows)


def test_only_a_syllable_that_can_be_heard_is_touched() -> None:
    units = [
        UnitScore("가", 0.0, 0.1, 50.0),
        UnitScore("나", 0.1, 0.12, 50.0),
        UnitScore("다", 0.2, 0.3, None),
    ]
    assert touchable(units, ["가", "나", "다"]) == [0]
    assert touchable((), ["가"]) == []


def test_a_cross_fade_has_no_step() -> None:
    up, down = np.full(100, 1.0, np.float32), np.full(100, -1.0, np.float32)
    joined = cross_faded([up, down], 20)
    assert len(joined) == 180
    assert np.abs(np.diff(joined)).max() < 0.12
    assert list(cross_faded([up, np.zeros(0, np.float32)], 20)) == list(up)


def trial(kind: str, total: float, touched: list[int], after: list[float]) -> Trial:
    flags = np.isin(np.arange(5), touched)
    return Trial(kind, len(touched), total, flags, np.full(5, 90.0), np.array(after))


def test_touched_units_are_counted_against_the_untouched_ones() -> None:
    trials = [
        trial("none", 90, [], [90.0] * 5),
        trial("cut", 80, [1], [80, 10, 85, 90, 90]),
        trial("cut", 70, [1, 2], [90, 20, 95, 90, np.nan]),
        trial("replaced", 0, [3], []),
        trial("replaced", 10, [3, 4], [90, 90, 90, 30, 30]),
    ]
    shown = figures(touched_rows(trials))
    # Touched 10, 20, 95, 30, 30; untouched 80, 85, 90, 90, 90, 90, 90, 90, 90: 36 of 45 pairs.
    assert shown["AUC of units, all"] == ("5", "0.800")
    assert shown["AUC of units, cut"] == ("3", "0.667")
    assert shown["mean total, cut: 0, 1, 2"] == ("3", "90.0 > 80.0 > 70.0")
    assert shown["mean total, replaced: 0, 1, 2"][1] == "90.0 > 0.0 > 10.0 (not falling)"
    assert shown["touched take refused"] == ("4", "25.0 %")
    assert shown["touched units, mean change"] == ("5", "-53.0")
    assert shown["neighbours, mean change"] == ("5", "-3.0")
    assert shown["units further off, mean change"] == ("4", "+0.0")


def test_natives_are_scored_and_touched_by_the_product_itself(natives: Path, bundle: Path) -> None:
    takes = read_spoken(natives)
    shown = figures(korean_table(takes, bundle, jobs=1))
    assert shown["right sentence, median"][0] == "3"
    assert shown["neutral, median"][0] == "2"
    assert shown["happy, median"][0] == shown["mood against neutral, most"][0] == "1"
    assert 0 <= float(shown["right sentence, median"][1]) <= 100
    touched = figures(touched_table(takes[2:], bundle, jobs=1))
    assert touched["touched take refused"][0] == "8"


def test_a_recording_is_another_speaker_s_take_of_the_sentence(natives: Path, bundle: Path) -> None:
    takes = read_spoken(natives)
    with pytest.raises(TrainingError, match="No take"):
        recorded_table(takes, bundle, jobs=1)
    spoken = EspeakLibrary().speak(TEXTS[2], "ko+f4", rate_wpm=170)
    clip = AudioClip.from_array(spoken.samples, spoken.sample_rate_hz).resampled(16_000)
    soundfile.write(natives / "other.ogg", np.pad(clip.samples, 4000), 16_000)
    other = replace(takes[2], audio=natives / "other.ogg", speaker="b")
    pairs = with_recordings([*takes, other])
    assert [(take.audio, sentence.audio) for take, sentence in pairs] == [
        (takes[2].audio, other.audio),
        (other.audio, takes[2].audio),
    ]
    table = recorded_table([*takes, other], bundle, jobs=1)
    shown = figures(table)
    assert table.title.endswith("a person's recording")
    assert shown["touched take refused"][0] == "16"
    plain = shown["the same takes against espeak-ng's voices"]
    assert plain[0] == shown["AUC of units, all"][0]
    assert plain[1] != shown["AUC of units, all"][1]


def test_words_are_ranked_against_the_others(natives: Path, bundle: Path) -> None:
    table = gtts_table(read_spoken(natives), bundle, jobs=1)
    assert table.title.endswith("2 other words")
    shown = figures(table)
    # Whole sentences of different length cannot be taken for each other.
    assert shown["own word first"] == ("3", "100.0 %")


def test_a_row_without_its_folder_is_refused_before_any_work(bundle: Path) -> None:
    none = {"korean": None, "gtts": None, "corpus": None}
    with pytest.raises(UsageError, match="--korean"):
        next(rows_tables(["pairs", "korean"], none, bundle))
    with pytest.raises(UsageError, match="--gtts"):
        next(rows_tables(["gtts"], none, bundle))
    with pytest.raises(UsageError, match="--corpus"):
        next(rows_tables(["nonspeech"], none, bundle))


def test_the_command_writes_the_rows_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "rows.md"
    words = ["evaluate", "--rows", "pairs", "--bundle", "aligned-1", "--limit", "1", "--jobs", "1"]
    assert main([*words, "--out", str(out)]) == 0
    assert "Korean minimal pairs" in capsys.readouterr().out
    assert "| right word scores higher | 2 |" in out.read_text(encoding="utf-8")
    assert main(["evaluate"]) == 2
    assert "--corpus" in capsys.readouterr().err
