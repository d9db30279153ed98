"""The one command, as a person and as another program use it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import soundfile
import torch

import pronounce_kiosk
from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.audio.mel import MelParameters
from pronounce_kiosk.cli.main import main as command
from pronounce_kiosk.cli.score import readable
from pronounce_kiosk.core.score import Note, ReferenceInfo, Score, UnitScore, Verdict
from pronounce_kiosk.references.espeak_library import EspeakLibrary
from pronounce_kiosk.scoring.classic.network import ClassicSiamese
from pronounce_kiosk.training.export import write_bundle

RATE = 16_000
SCORE_KEYS = {
    "verdict",
    "score",
    "accuracy",
    "fluency",
    "prosody",
    "units",
    "notes",
    "remarks",
    "reference",
    "bundle",
    "timings_ms",
}


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle with untrained weights: the commands do not care how good it is."""
    folder = tmp_path_factory.mktemp("models") / "test-1"
    torch.manual_seed(0)
    write_bundle(
        folder,
        name="test-1",
        version="1.0",
        architecture="classic",
        mel=MelParameters(),
        state=ClassicSiamese().state_dict(),
        tables={"calibration": {"margin": 2.0, "knots": [[0.0, 0.0], [1.0, 100.0]]}},
        card="# test\n",
    )
    return folder


@pytest.fixture(scope="module")
def take(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A recording of "안녕하세요" in a quiet room."""
    path = tmp_path_factory.mktemp("takes") / "take.wav"
    spoken = EspeakLibrary().speak("안녕하세요", "ko")
    voice = AudioClip.from_array(spoken.samples, spoken.sample_rate_hz).resampled(RATE).samples
    noise = 1e-3 * np.random.default_rng(0).standard_normal(len(voice) + RATE)
    soundfile.write(path, np.pad(voice, RATE // 2) + noise, RATE)
    return path


Captured = pytest.CaptureFixture[str]


def run(capsys: Captured, *arguments: object) -> tuple[int, str, str]:
    """Exit code, stdout and stderr of one command run here."""
    try:
        code = command([str(argument) for argument in arguments])
    except SystemExit as leaving:
        code = int(leaving.code or 0)
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def fails(capsys: Captured, *arguments: object) -> str:
    """The one line a command that cannot work says; exit code 2, nothing on stdout."""
    code, out, err = run(capsys, *arguments)
    assert code == 2
    assert out == ""
    assert err.startswith("error: ")
    assert err.count("\n") == 1
    assert "Traceback" not in err
    return err


COMMANDS = [
    [],
    ["score"],
    ["score-batch"],
    ["references"],
    ["references", "render"],
    ["lists"],
    ["lists", "check"],
    ["models"],
    ["models", "list"],
    ["train"],
    ["train", "classic"],
    ["evaluate"],
]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: " ".join(command) or "itself")
def test_every_command_has_help(capsys: Captured, command: list[str]) -> None:
    code, out, err = run(capsys, *command, "--help")
    assert code == 0
    assert out.startswith(f"usage: {' '.join(['pronounce-kiosk', *command])}")
    assert err == ""


def test_version(capsys: Captured) -> None:
    assert run(capsys, "--version")[:2] == (0, f"pronounce-kiosk {pronounce_kiosk.__version__}\n")


def test_help_is_light() -> None:
    code = (
        "import sys; from pronounce_kiosk.cli.main import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        "heavy = {'torch', 'numpy', 'scipy', 'PyQt5', 'soundfile'} & set(sys.modules)\n"
        "raise SystemExit(f'loaded {heavy}' if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["sing"],
        ["score"],
        ["score", "a.wav", "--text", "hi"],
        ["score", "a.wav", "--text", "hi", "--lang", "en", "--engine", "siri"],
        ["score", "a.wav", "--text", "hi", "--lang", "Englisch"],
        ["score", "a.wav", "--text", "국물", "--lang", "ko", "--pronunciation", "궁"],
        ["score", "a.wav", "--text", " ... ", "--lang", "en"],
        ["score", "absent.wav", "--text", "hi", "--lang", "en"],
        ["score-batch", "absent.tsv", "--out", "out.tsv"],
        ["references", "render", "absent.csv"],
        ["lists", "check", "absent.csv"],
        ["train", "classic", "--corpus", "absent", "--out", "x", "--epochs", "0"],
        ["train", "classic", "--corpus", "absent", "--out", "x"],
        ["evaluate", "--corpus", "absent", "--bundle", "absent"],
    ],
    ids=" ".join,
)
def test_bad_usage_and_input_is_one_line(
    capsys: Captured, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    fails(capsys, *arguments)
    assert [item.name for item in tmp_path.iterdir() if item.name != "kiosk-home"] == []


def test_score_as_json(capsys: Captured, take: Path, bundle: Path) -> None:
    arguments = ("score", take, "--text", "안녕하세요", "--lang", "ko", "--bundle", bundle)
    code, out, err = run(capsys, *arguments, "--json")
    assert (code, err) == (0, "")
    result = json.loads(out)
    assert set(result) == SCORE_KEYS
    assert result["verdict"] == "scored"
    assert 0 <= result["score"] <= 100
    assert result["accuracy"] is None
    assert result["reference"] == {"engine": "espeak", "voice": "ko"}
    assert result["bundle"]["name"] == "test-1"
    assert len(result["bundle"]["sha256"]) == 64
    assert list(result["timings_ms"]) == ["level", "denoise", "trim", "mel", "siamese", "score"]
    again = json.loads(run(capsys, *arguments, "--json")[1])
    assert again["score"] == result["score"]
    readable = run(capsys, *arguments)[1]
    assert f"{result['score']:.0f} of 100" in readable
    assert "espeak" in readable


def test_a_recording_may_be_the_reference(capsys: Captured, take: Path, bundle: Path) -> None:
    code, out, _ = run(
        capsys, "score", take, "--text", "안녕하세요", "--lang", "ko", "--bundle", bundle,
        "--reference", take, "--json",
    )  # fmt: skip
    assert code == 0
    assert json.loads(out)["reference"]["engine"] == "recording"
    fails(
        capsys, "score", take, "--text", "안녕", "--lang", "ko", "--bundle", bundle,
        "--reference", take.with_name("absent.wav"),
    )  # fmt: skip


def test_what_is_no_audio_is_unreadable(capsys: Captured, tmp_path: Path, bundle: Path) -> None:
    path = tmp_path / "notes.wav"
    path.write_text("no audio")
    arguments = ("score", path, "--text", "hello", "--lang", "en", "--bundle", bundle)
    fails(capsys, *arguments)
    code, out, err = run(capsys, *arguments, "--json")
    assert code == 2
    assert json.loads(out)["verdict"] == "unreadable"
    assert err.count("\n") == 1


def test_silence_is_a_verdict_and_no_error(capsys: Captured, tmp_path: Path, bundle: Path) -> None:
    path = tmp_path / "silence.wav"
    soundfile.write(path, np.zeros(2 * RATE), RATE)
    code, out, err = run(
        capsys, "score", path, "--text", "hello", "--lang", "en", "--bundle", bundle, "--json"
    )
    assert (code, err) == (0, "")
    result = json.loads(out)
    assert (result["verdict"], result["score"]) == ("silence", None)


def test_score_batch_gives_a_row_for_every_row_and_the_same_twice(
    capsys: Captured, take: Path, bundle: Path, tmp_path: Path
) -> None:
    (tmp_path / "bad.wav").write_text("no audio")
    soundfile.write(tmp_path / "silence.flac", np.zeros(RATE), RATE)
    rows = [f"k{i}\t{take}\t안녕하세요\tko" for i in range(9)]
    rows += ["bad\tbad.wav\thello\ten", "quiet\tsilence.flac\thello\ten", "gone\tno.wav\ta\ten"]
    rows += ["tongue\tsilence.flac\thello\tzz", "short\tsilence.flac"]
    manifest = tmp_path / "m.tsv"
    manifest.write_text("\n".join(["id\taudio\ttext\tlang", *rows]) + "\n", encoding="utf-8")
    results = []
    for jobs in (1, 2):
        out = tmp_path / f"out{jobs}.tsv"
        arguments = ("score-batch", manifest, "--out", out, "--bundle", bundle, "--jobs", jobs)
        code, said, err = run(capsys, *arguments)
        assert (code, err) == (1, "")
        assert said.startswith("14 rows, 10 of them read: ")
        results.append(out.read_bytes())
    assert results[0] == results[1]
    lines = results[0].decode().splitlines()
    assert lines[0] == "id\tverdict\tscore\taccuracy\tfluency\tprosody"
    assert [line.split("\t")[0] for line in lines[1:]] == [row.split("\t")[0] for row in rows]
    verdicts = [line.split("\t")[1] for line in lines[1:]]
    assert verdicts == ["scored"] * 9 + ["unreadable", "silence"] + ["unreadable"] * 3
    assert {line.count("\t") for line in lines} == {5}


def test_score_batch_writes_json_lines(
    capsys: Captured, take: Path, bundle: Path, tmp_path: Path
) -> None:
    tags = ["ko", "ko-KR", "Korean", "한국어"]
    rows = [f"r{i}\t{take}\t안녕하세요\t{tag}\t" for i, tag in enumerate(tags)]
    rows += [f"said\t{take}\t안녕하세요\tko\t안녕하세여"]
    manifest, out = tmp_path / "m.tsv", tmp_path / "out.jsonl"
    columns = "id\taudio\ttext\tlang\tpronunciation"
    manifest.write_text("\n".join([columns, *rows]) + "\n", encoding="utf-8")
    batch = ("score-batch", manifest, "--out", out, "--bundle", bundle)
    assert run(capsys, *batch)[0] == 0
    lines = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert [line.pop("id") for line in lines] == ["r0", "r1", "r2", "r3", "said"]
    assert {path.name for path in tmp_path.iterdir()} == {"m.tsv", "out.jsonl", "kiosk-home"}
    score = ("score", take, "--text", "안녕하세요", "--bundle", bundle, "--json")
    for line, more in zip(
        (lines[1], lines[4]),
        (("--lang", "Korean"), ("--lang", "ko", "--pronunciation", "안녕하세여")),
        strict=True,
    ):
        alone = json.loads(run(capsys, *score, *more)[1])
        del line["timings_ms"], alone["timings_ms"]
        assert line == alone
    # The pronunciation is what the reference says.
    assert lines[0]["score"] == lines[3]["score"] != lines[4]["score"]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("1\ta.wav\thello\tKlingonisch\t", "Klingonisch is no language"),
        ("1\ta.wav\t국물\tko\t궁", "write a syllable for each"),
        ("1\ta.wav\tthe read book\ten\tthe red", "a word for each word"),
        ("1\tgone.wav\thello\ten\t", "gone.wav"),
    ],
)
@pytest.mark.parametrize("name", ["out.tsv", "out.jsonl"])
def test_score_batch_tells_of_a_row_that_cannot_be_read(
    capsys: Captured, bundle: Path, tmp_path: Path, row: str, said: str, name: str
) -> None:
    manifest, out = tmp_path / "m.tsv", tmp_path / name
    columns = "id\taudio\ttext\tlang\tpronunciation"
    manifest.write_text(f"{columns}\n{row}\n", encoding="utf-8")
    code, told, err = run(capsys, "score-batch", manifest, "--out", out, "--bundle", bundle)
    assert (code, err) == (1, "")
    assert said in told
    assert "unreadable" in out.read_text(encoding="utf-8")


def test_score_batch_writes_nothing_where_it_cannot(
    capsys: Captured, bundle: Path, tmp_path: Path
) -> None:
    manifest = tmp_path / "m.tsv"
    manifest.write_text("id\taudio\ttext\tlang\n")
    fails(capsys, "score-batch", manifest, "--out", tmp_path / "no" / "out.tsv")
    code, _, err = run(
        capsys, "score-batch", manifest, "--out", tmp_path / "out.tsv", "--bundle", bundle
    )
    assert (code, err) == (0, "")
    assert (tmp_path / "out.tsv").read_text().count("\n") == 1


def test_references_are_rendered_and_a_second_time_found(
    capsys: Captured, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "list.csv"
    path.write_text("text,language\n안녕하세요,ko\n국물,ko\n", encoding="utf-8")
    arguments = ("references", "render", path, "--engine", "espeak")
    assert run(capsys, *arguments)[:2] == (0, "2 sentences: 2 made, 0 there before\n")
    assert run(capsys, *arguments)[:2] == (0, "2 sentences: 0 made, 2 there before\n")


def test_lists_check_finds_and_says(capsys: Captured, tmp_path: Path) -> None:
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_text("text,language\n안녕하세요,ko\n", encoding="utf-8")
    bad.write_text("text,language\n안녕하세요,ko\n,ko\n", encoding="utf-8")
    assert run(capsys, "lists", "check", good)[0] == 0
    code, out, err = run(capsys, "lists", "check", good, bad)
    assert (code, err) == (1, "")
    assert "line 3" in out
    code, out, err = run(capsys, "lists", "check", tmp_path / "absent.csv", bad, good)
    assert code == 2
    assert err.startswith("error: absent.csv is not there")
    assert "bad.csv" in out
    assert "good.csv" in out


def test_read_says_lines_of_korean(capsys: Captured, tmp_path: Path) -> None:
    path = tmp_path / "lines.txt"
    path.write_bytes("선물을 줄 거예요.\n\n2번\n".encode("cp949"))
    code, out, err = run(capsys, "read", path)
    assert (code, err) == (0, "")
    lines = [line.split("\t") for line in out.splitlines()]
    said = ["선물을 줄 거예요.", "선무를 줄 꺼예요", "seonmureul jul kkeoyeyo"]
    assert lines[0][:3] == said
    assert [len(line) for line in lines] == [4, 4]
    assert lines[1][1] == "두 번"


def test_read_names_words_that_have_no_reading(capsys: Captured, tmp_path: Path) -> None:
    path = tmp_path / "lines.txt"
    path.write_text("네.\nschool에 가요\n", "utf-8")
    code, out, err = run(capsys, "read", "--lang", "ko-KR", path)
    assert code == 1
    assert len(out.splitlines()) == 2
    assert err == "line 2: 'school' has no Korean reading\n"
    assert "knows Korean only" in fails(capsys, "read", "--lang", "en", path)
    assert "cannot be read" in fails(capsys, "read", tmp_path / "absent.txt")


def test_models_list(capsys: Captured) -> None:
    code, out, err = run(capsys, "models", "list")
    assert (code, err) == (0, "")
    assert "classic-1" in out
    assert sum(line.startswith("* ") for line in out.splitlines()) == 1


def test_a_bug_is_one_line_and_its_traceback_is_in_the_log(
    tmp_path: Path, kiosk_home: Path
) -> None:
    broken = (
        "import pronounce_kiosk.cli.models as models\nfrom pronounce_kiosk.cli.main import main\n"
        "def boom(options): raise ZeroDivisionError('a bug')\n"
        "models.all_bundles = boom\n"
        "raise SystemExit(main(['models', 'list']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", broken], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    log = kiosk_home / "data" / "log" / "pronounce-kiosk.log"
    assert str(log) in done.stderr
    assert "Traceback" in log.read_text()
    assert "a bug" in log.read_text()


def test_a_closed_pipe_is_no_error(kiosk_home: Path) -> None:
    command = f"{sys.executable} -m pronounce_kiosk.cli models list | true"
    done = subprocess.run(command, shell=True, capture_output=True, text=True, timeout=60)
    assert done.stderr == ""


def test_an_interrupt_ends_it_without_a_traceback(take: Path, bundle: Path, tmp_path: Path) -> None:
    manifest, out = tmp_path / "m.tsv", tmp_path / "out.tsv"
    rows = [f"{i}\t{take}\t안녕하세요\tko" for i in range(3000)]
    manifest.write_text("\n".join(["id\taudio\ttext\tlang", *rows]), encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, "-m", "pronounce_kiosk.cli", "score-batch", str(manifest),
         "--out", str(out), "--bundle", str(bundle), "--jobs", "2"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        # A shell's background job, which CI may be, ignores interrupts, and its children with it.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )  # fmt: skip
    # Once its workers have begun, which is when an interrupt is likeliest to find a gap.
    deadline = time.monotonic() + 100
    while time.monotonic() < deadline and len(_children(process.pid)) < 2:
        time.sleep(0.1)
    os.killpg(process.pid, signal.SIGINT)
    said, error = process.communicate(timeout=100)
    assert process.returncode == 130
    assert error == "error: stopped.\n"
    assert said == ""
    assert not out.exists()


def _children(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()


def test_readable_result_with_units() -> None:
    score = Score(
        Verdict.SCORED,
        72.4,
        accuracy=70.0,
        units=(
            UnitScore("안", 0.1, 0.3, 55.0),
            UnitScore("녕", 0.3, 0.5, None),
            UnitScore("하", 0.5, 0.5, 0.0, said=False),
        ),
        notes=(Note.LOUD,),
        reference=ReferenceInfo("espeak", "ko"),
    )
    lines = readable(score).splitlines()
    assert lines[0] == "72 of 100"
    assert "accuracy 70" in lines[1]
    assert lines[2].endswith("안  55")
    assert lines[3].endswith("녕  -")
    assert lines[4].endswith("하  left out")
    assert "too loud" in lines[5]
    assert readable(Score(Verdict.TOO_QUIET)) == "too_quiet"
