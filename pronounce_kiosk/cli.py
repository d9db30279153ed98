"""`pronounce-kiosk`: the one command. Subcommands import what they need when they run.

Exit codes: 0 done, 1 a finding (a check that failed), 2 bad usage or input. An error is one line
on stderr that says what to do; its traceback goes to the log file.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import sys
from collections.abc import Callable, Sequence
from functools import partial
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from pronounce_kiosk.cli_read import add_arguments, read_lines
from pronounce_kiosk.core.errors import KioskError, UnreadableAudioError, UsageError
from pronounce_kiosk.core.paths import Paths
from pronounce_kiosk.core.service import JournalHandler, in_journal
from pronounce_kiosk.core.settings import load_settings
from pronounce_kiosk.core.tuning import keep_heap, one_thread_for_numpy

if TYPE_CHECKING:
    from pronounce_kiosk.core.score import Score
    from pronounce_kiosk.core.sentence import SentenceList
    from pronounce_kiosk.references.library import ReferenceLibrary
    from pronounce_kiosk.session.engine import PracticeEngine

    Commands = argparse._SubParsersAction["_Parser"]

ROWS = (
    "people", "redmarks", "wrong", "swaps", "noisyswaps", "leftout", "gtts", "confusions", "pairs",
    "perturbed", "clipped", "robustness", "nonspeech", "all",
)  # fmt: skip
"""Tables of `evaluate --rows`: agreement with people, or a row of training.evaluation.rows."""

BASELINE = "classic-1"
"""The bundle of the original team's recipe, beside which others are put."""

DONE, FINDING, BAD_INPUT = 0, 1, 2
INTERRUPTED = 130

ENGINES = ("auto", "espeak", "gtts", "recording")

_log = logging.getLogger("pronounce_kiosk.cli")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    log_file = _open_log()
    one_thread_for_numpy()
    keep_heap()
    try:
        if arguments[:1] == ["kiosk"]:
            # The kiosk has options of its own, and no other command should load what they need.
            from pronounce_kiosk.app import main as kiosk

            return int(kiosk(arguments[1:]) or DONE)
        options = _parser().parse_args(arguments)
        run: Callable[[argparse.Namespace], int] = options.run
        code = run(options)
        sys.stdout.flush()
        return code
    except KioskError as error:
        _log.info("%s", error, exc_info=True)
        _say_error(error.message)
        return BAD_INPUT
    except KeyboardInterrupt:
        _say_error("stopped.")
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read the output has enough; nothing is left to say to them.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except OSError as error:
        _log.info("%s", error, exc_info=True)
        name = f"{error.filename}: " if error.filename else ""
        _say_error(f"{name}{error.strerror or error}; check the path, its rights and the space.")
        return BAD_INPUT
    except Exception as error:
        _log.error("unexpected", exc_info=True)
        _say_error(f"this should not happen ({type(error).__name__}); please report {log_file}.")
        return BAD_INPUT


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line, where argparse would print the usage as well."""

    def error(self, message: str) -> NoReturn:
        _say_error(f"{message}; see {self.prog} --help")
        raise SystemExit(BAD_INPUT)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="pronounce-kiosk",
        description="Hears a learner say a sentence and tells them how well they said it.",
        epilog="Exit codes: 0 done, 1 a finding, 2 bad usage or input.",
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {_version()}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    commands.add_parser("kiosk", help="open the kiosk's window (--demo DIR: the demonstration)")
    _add_score(commands)
    _add_score_batch(commands)
    _add_references(commands)
    _add_lists(commands)
    add_arguments(_command(commands, "read", "say how lines of Korean are said", read_lines))
    _add_models(commands)
    _add_history(commands)
    _add_mic(commands)
    _add_doctor(commands)
    _add_train(commands)
    _add_evaluate(commands)
    return parser


def _add_score(commands: Commands) -> None:
    parser = _command(
        commands, "score", "score one recording against the sentence it should say", _score
    )
    parser.add_argument("audio", type=Path, metavar="AUDIO", help="what libsndfile or ffmpeg reads")
    parser.add_argument("--text", required=True, help="the sentence")
    parser.add_argument(
        "--lang", required=True, help="its language: ko, ko-KR, Korean, 한국어 or another's code"
    )
    parser.add_argument(
        "--pronunciation", default="", metavar="P", help="how it is said (default: by rule)"
    )
    parser.add_argument(
        "--reference", type=Path, metavar="FILE", help="a recording of the sentence said right"
    )
    _add_engine(parser)
    _add_bundle(parser)
    parser.add_argument("--json", action="store_true", help="print the result as JSON")


def _add_score_batch(commands: Commands) -> None:
    parser = _command(
        commands,
        "score-batch",
        "score a manifest of recordings (columns id, audio, text, lang, where wanted "
        "pronunciation; tabs between)",
        _score_batch,
    )
    parser.add_argument("manifest", type=Path, metavar="MANIFEST.tsv")
    parser.add_argument(
        "--out",
        type=Path,
        required=True,
        metavar="RESULTS.tsv",
        help="a table, or, named .jsonl, what score --json prints, a line a row",
    )
    _add_engine(parser)
    _add_bundle(parser)
    _add_jobs(parser)


def _add_references(commands: Commands) -> None:
    group = commands.add_parser("references", help="render the references of a list ahead of time")
    inner = group.add_subparsers(metavar="COMMAND", required=True)
    parser = _command(inner, "render", "render and cache every sentence of a list", _render)
    parser.add_argument(
        "list", type=Path, nargs="?", metavar="LIST", help="without one: every list the kiosk has"
    )
    parser.add_argument("--lang", help="its language where the list does not say")
    _add_engine(parser)


def _add_lists(commands: Commands) -> None:
    group = commands.add_parser("lists", help="check, import and export sentence lists")
    inner = group.add_subparsers(metavar="COMMAND", required=True)
    parser = _command(inner, "check", "say line by line what is wrong with lists", _check_lists)
    parser.add_argument("list", type=Path, nargs="+", metavar="FILE")
    parser.add_argument("--lang", help="the language where a list does not say")
    parser = _command(inner, "import", "take a list into the kiosk, whole or not", _import_list)
    parser.add_argument("list", type=Path, metavar="FILE")
    parser.add_argument("--lang", help="the language where the list does not say")
    parser.add_argument("--name", help="what to call the list (default: as the file)")
    parser.add_argument(
        "--good-lines", action="store_true", help="take the good lines and leave out the others"
    )
    parser.add_argument(
        "--replace",
        action="store_true",
        help="drop sentences that a list of that name has and the file has not",
    )
    parser = _command(inner, "export", "write one of the kiosk's lists as CSV", _export_list)
    parser.add_argument("list", type=Path, metavar="FILE")
    parser.add_argument(
        "--list", dest="name", help="which (default: as the file, or the only imported one)"
    )
    parser.add_argument("--lang", help="only the sentences in this language")
    _command(inner, "list", "say which lists the kiosk has", _list_lists)


def _add_models(commands: Commands) -> None:
    group = commands.add_parser("models", help="the model bundles")
    inner = group.add_subparsers(metavar="COMMAND", required=True)
    _command(inner, "list", "list the bundles; * marks the one that scores", _list_models)
    parser = _command(
        inner, "verify", "check that bundles load and score their golden takes", _verify_models
    )
    parser.add_argument("bundle", nargs="*", metavar="BUNDLE", help="default: all of them")
    parser = _command(
        inner, "activate", "verify a bundle and let it score from now on", _activate_model
    )
    parser.add_argument("bundle", nargs="?", metavar="BUNDLE")
    parser.add_argument(
        "--shipped", action="store_true", help="the best one shipped, whichever that is"
    )
    _command(inner, "rollback", "let the bundle before the active one score again", _roll_back)
    parser = _command(
        inner, "compare", "score the same takes with two bundles, side by side", _compare_models
    )
    parser.add_argument("a", metavar="A", help="a bundle by name or folder")
    parser.add_argument("b", metavar="B", help="another")
    parser.add_argument(
        "--on",
        type=Path,
        required=True,
        metavar="MANIFEST.tsv",
        help="as for score-batch; may have ratings, columns as total_1 or accuracy_5",
    )
    parser.add_argument("--out", type=Path, metavar="PAIRS.tsv", help="write a row a take too")
    _add_engine(parser)
    _add_jobs(parser)
    parser = _command(
        inner, "import", "copy a bundle from a stick, verified, not yet activated", _import_model
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="its folder, or a zip or tar of it")


def _add_history(commands: Commands) -> None:
    group = commands.add_parser("history", help="what learners have said, and how well")
    inner = group.add_subparsers(metavar="COMMAND", required=True)
    parser = _command(inner, "export", "write every attempt as CSV", _export_history)
    parser.add_argument("--out", type=Path, required=True, metavar="FILE.csv")
    parser.add_argument("--learner", metavar="NICKNAME", help="of this learner only")
    parser = _command(inner, "forget", "delete attempts and kept takes for good", _forget_history)
    who = parser.add_mutually_exclusive_group(required=True)
    who.add_argument("--learner", metavar="NICKNAME", help="this learner's")
    who.add_argument("--guests", action="store_true", help="all guests'")
    who.add_argument("--all", action="store_true", help="everybody's")


def _add_mic(commands: Commands) -> None:
    from pronounce_kiosk.cli_mic import add_mic

    add_mic(commands.add_parser("mic", help="find, test and pin the microphone"), _command)


def _add_doctor(commands: Commands) -> None:
    from pronounce_kiosk.cli_doctor import add_doctor, run_doctor

    add_doctor(_command(commands, "doctor", "say what is wrong with this device", run_doctor))


def _add_train(commands: Commands) -> None:
    group = commands.add_parser("train", help="train a model (needs the extra [train])")
    inner = group.add_subparsers(metavar="RECIPE", required=True)
    parser = _command(
        inner, "classic", "the original team's Siamese network, as a baseline", _train_classic
    )
    _add_corpus(parser)
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="the new bundle")
    parser.add_argument("--epochs", type=_count, default=50)
    parser.add_argument("--seed", type=int, default=1)
    _add_jobs(parser)
    parser = _command(inner, "aligned", "the acoustic models and heads that score", _train_aligned)
    _add_corpus(parser)
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="the new bundle")
    _add_work(parser)
    _add_jobs(parser)


def _add_evaluate(commands: Commands) -> None:
    parser = _command(
        commands, "evaluate", "compare scores with what people said (extra [train])", _evaluate
    )
    parser.add_argument(
        "--rows",
        nargs="+",
        choices=ROWS,
        default=["people"],
        metavar="ROW",
        help=f"which tables (default: people; all: what the folders allow): {', '.join(ROWS)}",
    )
    _add_corpus(parser, required=False)
    parser.add_argument(
        "--korean", type=Path, metavar="DIR", help="natives' takes, as --corpus but unrated"
    )
    parser.add_argument("--tedx", type=Path, metavar="DIR", help="natives on a stage, as --korean")
    parser.add_argument("--gtts", type=Path, metavar="DIR", help="Korean words said by gTTS")
    parser.add_argument("--limit", type=_count, metavar="N", help="at most N takes of each kind")
    _add_bundle(parser)
    parser.add_argument(
        "--beside",
        metavar="B",
        help="a bundle to compare with (default: classic-1 for agreement with people; none: none)",
    )
    parser.add_argument(
        "--out-of-fold",
        type=Path,
        metavar="TSV",
        help="what training predicted of its own corpus (default: the bundle's out_of_fold.tsv)",
    )
    parser.add_argument("--out", type=Path, metavar="MD", help="write the report as Markdown too")
    _add_jobs(parser)


def _command(
    commands: Commands,
    name: str,
    help: str,
    run: Callable[[argparse.Namespace], int],
) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=help, description=help[0].upper() + help[1:] + ".")
    parser.set_defaults(run=run)
    return parser


def _add_engine(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--engine", choices=ENGINES, help="who says the reference (default: the setting's)"
    )


def _add_bundle(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--bundle", metavar="B", help="a bundle by name or folder (default: the active one)"
    )


def _add_corpus(parser: argparse.ArgumentParser, required: bool = True) -> None:
    parser.add_argument(
        "--corpus",
        type=Path,
        required=required,
        metavar="DIR",
        help="holds utterances.tsv and audio/",
    )


def _add_work(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--work",
        type=Path,
        required=True,
        metavar="DIR",
        help="where finished steps are kept, so that a training cut off goes on",
    )


def _add_jobs(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--jobs", type=_count, default=min(2, os.cpu_count() or 1), help="processes (default 2)"
    )


def _count(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return value


def _score(options: argparse.Namespace) -> int:
    from pronounce_kiosk.audio.files import read_clip
    from pronounce_kiosk.core.score import Score, Verdict
    from pronounce_kiosk.core.sentence import Sentence
    from pronounce_kiosk.language.units import UNFIT_PRONUNCIATION, follows_pronunciation

    text, language = _spoken(options.text), _language(options.lang)
    pronunciation = options.pronunciation.strip()
    if pronunciation and not follows_pronunciation(text, language, pronunciation):
        raise UsageError(UNFIT_PRONUNCIATION)
    if options.reference is not None and not options.reference.is_file():
        raise UsageError(f"There is no reference {options.reference}: check its name.")
    try:
        clip = read_clip(options.audio)
    except UnreadableAudioError as error:
        # A verdict like any other to a program, and bad input to a person.
        if options.json:
            print(json.dumps(Score(Verdict.UNREADABLE).to_json(), ensure_ascii=False))
        raise error
    audio = None if options.reference is None else options.reference.resolve()
    sentence = Sentence("", text, language, pronunciation=pronunciation, audio=audio)
    engine = _engine(_engine_name(options), options.bundle)
    score = engine.score(clip, sentence).score
    if options.json:
        print(json.dumps(score.to_json(), ensure_ascii=False))
    else:
        print(_readable(score))
    return DONE


def _score_batch(options: argparse.Namespace) -> int:
    from pronounce_kiosk.session.batch import read_batch, score_rows, write_results

    rows = read_batch(options.manifest)
    if not options.out.parent.is_dir():
        raise UsageError(f"There is no folder {options.out.parent}: make it first.")
    if options.out.is_dir():
        raise UsageError(f"{options.out} is a folder: name a file for the results.")
    _folder(options.bundle)
    factory = partial(_worker_engine, _engine_name(options), options.bundle)
    results = write_results(options.out, score_rows(rows, factory, options.jobs))
    troubled = [result for result in results if result.problem]
    print(f"{len(results)} rows, {len(results) - len(troubled)} of them read: {options.out}")
    for result in troubled[:5]:
        print(f"  {result.id}: {result.problem}")
    if len(troubled) > 5:
        print(f"  and {len(troubled) - 5} more")
    return FINDING if troubled else DONE


def _render(options: argparse.Namespace) -> int:
    from pronounce_kiosk.sentences.reader import read_list

    if options.list is None:
        return max((_render_list(each, options.engine) for each in _all_lists()), default=DONE)
    language = None if options.lang is None else _language(options.lang)
    result = read_list(options.list, language)
    code = _render_list(result.sentence_list, options.engine)
    if result.problems:
        print(f"  {len(result.problems)} problems in the list: see pronounce-kiosk lists check")
    return code


def _all_lists() -> Sequence[SentenceList]:
    """What learners are offered: the bundled lists and those that teachers brought."""
    from pronounce_kiosk.sentences.bundled import bundled_lists
    from pronounce_kiosk.sentences.store import ListStore

    paths = Paths.default()
    return ListStore(paths.data_dir / "lists", bundled_lists(paths.assets_dir)).visible()


def _render_list(sentence_list: SentenceList, engine: str | None) -> int:
    from tqdm import tqdm

    from pronounce_kiosk.references.render import render_list

    with tqdm(desc="references", disable=not sys.stderr.isatty(), leave=False) as bar:

        def progress(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        report = render_list(
            _library(),
            sentence_list,
            progress,
            None if engine == "auto" else engine,
        )
    count = len(sentence_list.sentences)
    print(f"{count} sentences: {report.rendered} made, {report.cached} there before")
    if report.gtts_stopped:
        print(f"  gTTS left out: {report.gtts_stopped}")
    for sentence, why in report.failed:
        print(f"  {sentence.id}: {why}")
    return FINDING if report.failed else DONE


def _check_lists(options: argparse.Namespace) -> int:
    from pronounce_kiosk.sentences.check import check_file

    language = None if options.lang is None else _language(options.lang)
    code = DONE
    for path in options.list:
        try:
            lines, whole = check_file(path, language)
        except KioskError as error:  # the other files are gone through all the same
            print(f"error: {error.message}", file=sys.stderr)
            code = BAD_INPUT
            continue
        print("\n".join(lines))
        code = max(code, DONE if whole else FINDING)
    return code


def _import_list(options: argparse.Namespace) -> int:
    from pronounce_kiosk.sentences.commands import import_file, open_store

    language = None if options.lang is None else _language(options.lang)
    lines, done = import_file(
        open_store(Paths.default()),
        options.list,
        language,
        options.name,
        options.good_lines,
        options.replace,
    )
    print("\n".join(lines))
    return DONE if done else FINDING


def _export_list(options: argparse.Namespace) -> int:
    from pronounce_kiosk.sentences.commands import export_file, open_store

    language = None if options.lang is None else _language(options.lang)
    print(export_file(open_store(Paths.default()), options.list, options.name, language))
    return DONE


def _list_lists(options: argparse.Namespace) -> int:
    from pronounce_kiosk.sentences.commands import list_lines, open_store

    print("\n".join(list_lines(open_store(Paths.default()))))
    return DONE


def _list_models(options: argparse.Namespace) -> int:
    from pronounce_kiosk.cli_models import list_bundles

    load_settings()
    return list_bundles(Paths.default())


def _verify_models(options: argparse.Namespace) -> int:
    from pronounce_kiosk.cli_models import verify_bundles

    return verify_bundles(Paths.default(), options.bundle)


def _activate_model(options: argparse.Namespace) -> int:
    from pronounce_kiosk.cli_models import activate_bundle

    return activate_bundle(Paths.default(), options.bundle, options.shipped)


def _roll_back(options: argparse.Namespace) -> int:
    from pronounce_kiosk.cli_models import go_back

    return go_back(Paths.default())


def _import_model(options: argparse.Namespace) -> int:
    from pronounce_kiosk.cli_models import import_file

    return import_file(Paths.default(), options.file)


def _compare_models(options: argparse.Namespace) -> int:
    from pronounce_kiosk.cli_models import bundle_info
    from pronounce_kiosk.session.batch import read_batch, score_rows
    from pronounce_kiosk.session.compare import pair_up, read_ratings, report, write_pairs

    paths, engine = Paths.default(), _engine_name(options)
    infos = [bundle_info(paths, name) for name in (options.a, options.b)]
    rows, ratings = read_batch(options.on), read_ratings(options.on)
    if options.out is not None and not options.out.parent.is_dir():
        raise UsageError(f"There is no folder {options.out.parent}: make it first.")
    first, second = (
        list(score_rows(rows, partial(_worker_engine, engine, name), options.jobs))
        for name in (options.a, options.b)
    )
    pairs = pair_up(first, second, ratings)
    print(report(infos[0], infos[1], pairs))
    if options.out is not None:
        write_pairs(options.out, pairs)
    return DONE


def _export_history(options: argparse.Namespace) -> int:
    from pronounce_kiosk.session.results_file import export_command

    export_command(options.out, options.learner)
    return DONE


def _forget_history(options: argparse.Namespace) -> int:
    from pronounce_kiosk.session.results_file import forget_command

    forget_command(options.learner, options.guests)
    return DONE


def _train_classic(options: argparse.Namespace) -> int:
    _need_training()
    from pronounce_kiosk.training.classic.bundle import make_classic_bundle
    from pronounce_kiosk.training.classic.train import ClassicRecipe

    recipe = ClassicRecipe(epochs=options.epochs, seed=options.seed)
    print(make_classic_bundle(options.corpus, options.out, recipe, options.jobs))
    return DONE


def _train_aligned(options: argparse.Namespace) -> int:
    _need_training()
    from pronounce_kiosk.training.aligned.bundle import train_aligned

    train_aligned(
        options.corpus,
        options.out,
        options.work,
        Paths.default().assets_dir,
        options.jobs,
        lambda text: print(text, file=sys.stderr, flush=True),
    )
    print(f"{options.out}: trained.")
    return DONE


def _evaluate(options: argparse.Namespace) -> int:
    _need_training()
    from pronounce_kiosk.training.evaluation.command import Request, run

    request = Request(
        _folder(options.bundle),
        {name: getattr(options, name) for name in ("corpus", "korean", "tedx", "gtts")},
        options.rows,
        _beside(options.beside),
        _baseline(options.beside),
        options.limit,
        options.jobs,
        options.out_of_fold,
        options.out,
    )
    run(request, lambda text: print(text, flush=True))
    return DONE


def _beside(bundle: str | None) -> Path | None:
    """Find the bundle whose figures stand beside, if one is named."""
    from pronounce_kiosk.bundles.load import find_bundle

    if bundle is None or bundle == "none":
        return None
    return find_bundle(Paths.default(), bundle)


def _baseline(beside: str | None) -> Path | None:
    """Find the shipped baseline, where no other bundle, or none, is named."""
    baseline = Paths.default().models_dir / BASELINE
    return baseline if beside is None and baseline.is_dir() else None


def _need_training() -> None:
    from importlib.util import find_spec

    if find_spec("sklearn") is None:
        raise UsageError("Training needs more packages: run pip install 'pronounce-kiosk[train]'.")


def _engine(engine_name: str | None, bundle: str | None) -> PracticeEngine:
    """The parts put together as the kiosk's are: settings, library, bundle."""
    from pronounce_kiosk.bundles.load import load_bundle
    from pronounce_kiosk.session.engine import PracticeEngine

    scorer = load_bundle(_folder(bundle)).scorer
    return PracticeEngine(_library(), scorer, engine_name)


def _library() -> ReferenceLibrary:
    from pronounce_kiosk.references.library import default_library

    return default_library(Paths.default(), load_settings())


def _worker_engine(engine_name: str | None, bundle: str | None) -> PracticeEngine:
    """The engine of a process of its own, which begins without a log."""
    _open_log()
    keep_heap()
    return _engine(engine_name, bundle)


def _folder(bundle: str | None) -> Path:
    from pronounce_kiosk.bundles.activation import active_folder
    from pronounce_kiosk.bundles.load import find_bundle

    paths = Paths.default()
    return active_folder(paths) if bundle is None else find_bundle(paths, bundle)


def _engine_name(options: argparse.Namespace) -> str | None:
    """The engine asked for; None lets the library choose."""
    name = options.engine or load_settings().reference_engine
    return None if name == "auto" else str(name)


def _spoken(text: str) -> str:
    if not any(letter.isalnum() for letter in text):
        raise UsageError("There is nothing to say in --text: write the sentence.")
    return text.strip()


def _language(text: str) -> str:
    from pronounce_kiosk.language.tags import language_code

    code = language_code(text)
    if code is None:
        raise UsageError(f"--lang {text} is no language: write ko, en or another ISO 639 code.")
    return code


def _readable(score: Score) -> str:
    """A result for people: the verdict, the numbers there are, the units."""
    from pronounce_kiosk.core.grades import shown
    from pronounce_kiosk.core.score import Note

    head = score.verdict.value if score.score is None else f"{shown(score.score)} of 100"
    lines = [head]
    for name in ("accuracy", "fluency", "prosody"):
        value = getattr(score, name)
        if value is not None:
            lines.append(f"  {name} {shown(value)}")
    for unit in score.units:
        value = "-" if unit.score is None else str(shown(unit.score))
        value = value if unit.said else "left out"
        lines.append(f"  {unit.start_s:6.2f}-{unit.end_s:.2f} s  {unit.text}  {value}")
    lines += [{Note.LOUD: "  a little too loud: some peaks are clipped"}[n] for n in score.notes]
    if score.reference is not None and score.bundle is not None:
        lines.append(
            f"  reference {score.reference.engine} ({score.reference.voice}), "
            f"bundle {score.bundle.name}"
        )
    return "\n".join(lines)


def _say_error(message: str) -> None:
    print(f"error: {' '.join(message.split())}", file=sys.stderr)


def _version() -> str:
    # It loads the standard library's e-mail parser, which the kiosk's window would wait for.
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("pronounce-kiosk")
    except PackageNotFoundError:
        return "unknown"


class _LogFile(RotatingFileHandler):
    """One that a full disk silences: logging itself would print a traceback for every record."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802
        """Work goes on without a log."""


def _file_handler(path: Path) -> logging.Handler:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handler: logging.Handler = _LogFile(
            path, maxBytes=1_000_000, backupCount=2, encoding="utf-8", delay=True
        )
    except OSError:
        # A read-only card: work goes on without a log.
        handler = logging.NullHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    return handler


def _open_log() -> Path:
    """Log to a file, opened when something is logged; nothing but errors reaches the terminal.

    As a service: to the journal, with levels, and to no file.
    """
    path = Paths.default().data_dir / "log" / "pronounce-kiosk.log"
    root = logging.getLogger()
    if any(isinstance(h, RotatingFileHandler | JournalHandler) for h in root.handlers):
        return path
    root.addHandler(JournalHandler() if in_journal() else _file_handler(path))
    logging.getLogger("pronounce_kiosk").setLevel(logging.INFO)
    logging.captureWarnings(True)
    return path


if __name__ == "__main__":
    raise SystemExit(main())
