"""`doctor`: check the device. One screen, one exit code.

A check is a function that returns a `Finding`. A problem keeps learners from practising and makes
the command exit with 1; a note is information (no network is the normal case). Each imports what it
needs, so that a missing package is a finding.
"""

import argparse
import contextlib
import json
import logging
import os
import platform
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from importlib import metadata
from pathlib import Path

from pronounce_kiosk import __version__
from pronounce_kiosk.cli import declare
from pronounce_kiosk.cli.exits import DONE, FINDING
from pronounce_kiosk.cli.support import UNITS, archive_format, command_output, write_support_archive
from pronounce_kiosk.core.atomic import write_atomically
from pronounce_kiosk.core.errors import KioskError
from pronounce_kiosk.core.paths import Paths
from pronounce_kiosk.core.settings import Settings, load_settings

commands = declare.Commands()

_log = logging.getLogger(__name__)

OK, NOTE, PROBLEM = "ok", "note", "problem"
MARKS = {OK: "   ok ", NOTE: " note ", PROBLEM: "WRONG "}

LEAST_FREE_BYTES, LOW_FREE_BYTES = 100_000_000, 1_000_000_000
LEAST_FREE_INODES = 2_000
EARLIEST_YEAR = 2025
GTTS_HOST, GTTS_TIMEOUT_S = "translate.google.com", 3.0
RECORD_S = 2.0

# Bits of the Pi firmware's get_throttled: now, and at any time since power on.
THROTTLED = {0: "under-voltage", 1: "capped frequency", 2: "throttled", 3: "too hot"}
THROTTLED_FILE = Path("/sys/devices/platform/soc/soc:firmware/get_throttled")


@dataclass(frozen=True)
class Finding:
    """Result of a check. advice: one sentence that says what to do; empty where all is well."""

    level: str
    text: str
    advice: str = ""
    name: str = ""


def found(text: str, advice: str, *, problem: bool = False, note: bool = False) -> Finding:
    """Make a finding; the advice is left out where all is well."""
    level = PROBLEM if problem else NOTE if note else OK
    return Finding(level, text, "" if level == OK else advice)


@commands.alone(
    declare.flag("--json", "print the findings as JSON"),
    declare.path(
        "--bundle",
        "FILE",
        "write a support archive, too (.zip or .tar.gz; no voices, names or results)",
    ),
    declare.flag("--quick", "skip the checks that record, load a model or use the network"),
)
def _doctor(options: argparse.Namespace) -> int:
    if options.bundle is not None:
        archive_format(options.bundle)  # reports a wrong file name before the checks run
    findings = examine(Paths.default(), quick=options.quick)
    if options.bundle is not None:
        write_support_archive(options.bundle, as_json(findings), Paths.default())
    if options.json:
        print(json.dumps(as_json(findings), ensure_ascii=False))
    else:
        print("\n".join(lines(findings)))
        if options.bundle is not None:
            print(f"\n{options.bundle}: for whoever helps; it holds no voices and no names")
    return FINDING if any(finding.level == PROBLEM for finding in findings) else DONE


def examine(paths: Paths, quick: bool = False) -> tuple[Finding, ...]:
    """Run every check. Never raises: a check that fails is a finding."""
    settings = Settings()
    with contextlib.suppress(KioskError):  # a check reports a damaged file
        settings = load_settings()
    checks: dict[str, Callable[[], Finding]] = {
        "settings": check_settings,
        "python": check_python,
        "packages": check_packages,
        "sound server": lambda: check_sound_server(settings),
        "microphone": lambda: check_recording(settings),
        "display": check_display,
        "fonts": check_fonts,
        "espeak-ng": check_espeak,
        "gTTS": check_gtts,
        "bundle": lambda: check_bundle(paths),
        "disk": lambda: check_disk(paths.data_dir),
        "data folder": lambda: check_writable(paths.data_dir),
        "attempts": lambda: check_attempts(paths.data_dir),
        "power": check_power,
        "clock": check_clock,
        "services": check_units,
    }
    skipped = ("microphone", "gTTS", "bundle") if quick else ()
    return tuple(_run(name, check) for name, check in checks.items() if name not in skipped)


def lines(findings: Sequence[Finding]) -> Iterator[str]:
    """Format the findings for people."""
    for finding in findings:
        yield f"{MARKS[finding.level]} {finding.name}: {finding.text}"
        if finding.advice:
            yield f"        -> {finding.advice}"
    wrong = sum(finding.level == PROBLEM for finding in findings)
    yield f"{wrong} thing{'s are' if wrong != 1 else ' is'} wrong" if wrong else "all is well"


def as_json(findings: Sequence[Finding]) -> dict[str, object]:
    """Format the findings for a fleet's monitoring."""
    return {
        "ok": not any(finding.level == PROBLEM for finding in findings),
        "version": __version__,
        "host": platform.node(),
        "findings": [asdict(finding) for finding in findings],
    }


def _run(name: str, check: Callable[[], Finding]) -> Finding:
    try:
        result = check()
    except KioskError as error:
        what, _, advice = error.message.rpartition(": ")
        result = Finding(PROBLEM, what or advice, advice[:1].upper() + advice[1:])
    except Exception as error:
        _log.info("the check %s failed", name, exc_info=True)
        result = Finding(PROBLEM, f"cannot be checked ({error})", "Run scripts/setup again.")
    return replace(result, name=name)


def check_settings() -> Finding:
    """Check that settings.toml can be read and every entry is used."""
    load_settings(strict=True)
    return Finding(OK, str(Paths.default().settings_file))


def check_python() -> Finding:
    """Report the interpreter and the machine."""
    text = f"{platform.python_version()} on {platform.machine()}, {_os_name()}"
    fits = (3, 11) <= sys.version_info[:2] <= (3, 13)
    return found(text, "Python 3.11 to 3.13 is needed: use Debian's.", problem=not fits)


def check_packages() -> Finding:
    """Check that the installed versions are those that pyproject.toml pins."""
    wrong = []
    pins = pinned(metadata.requires("pronounce-kiosk") or ())
    for name, wanted in pins.items():
        have = _version(name)
        if have.split("+")[0] != wanted:
            wrong.append(f"{name} {have or 'missing'} (wanted {wanted})")
    text = ", ".join(wrong) or f"all {len(pins)} as pinned"
    return found(text, "Run scripts/setup again.", problem=bool(wrong))


def pinned(requirements: Sequence[str]) -> dict[str, str]:
    """Parse name and version of the pins that apply to this machine, without extras."""
    from packaging.requirements import Requirement

    pins = {}
    for each in map(Requirement, requirements):
        applies = each.marker is None or each.marker.evaluate({"extra": ""})
        version = str(each.specifier)
        if applies and version.startswith("=="):
            pins[each.name] = version.removeprefix("==")
    return pins


def check_sound_server(settings: Settings) -> Finding:
    """Check that a server runs and the microphone is pinned."""
    from pronounce_kiosk.devices.cards import read_snapshot
    from pronounce_kiosk.devices.mic_pin import plan

    snapshot = read_snapshot()
    made = plan(snapshot, settings.microphone_name or None)
    text = f"{snapshot.server_name}; {made.state}"
    if not made.acts:
        return found(text, "Plug a USB microphone in; see mic list.", problem=not made.pinned)
    advice = "Start its service: systemctl --user start pronounce-mic.service"
    return Finding(PROBLEM, "; ".join(act.why for act in made.acts), advice)


def check_recording(settings: Settings) -> Finding:
    """Record for two seconds and measure."""
    from pronounce_kiosk.devices.mic_check import check_microphone
    from pronounce_kiosk.devices.microphone import Microphone

    check = check_microphone(Microphone(settings.microphone_name or None), RECORD_S)
    # Silence is no fault here: nobody needs to speak.
    faults = [text for text in check.findings if not text.startswith("Next to nothing")]
    return found(check.summary, " ".join(faults), problem=bool(faults))


def check_display() -> Finding:
    """Check that there is a display."""
    for name in ("WAYLAND_DISPLAY", "DISPLAY"):
        if os.environ.get(name):
            return Finding(OK, f"{name}={os.environ[name]}")
    folder = Path(os.environ.get("XDG_RUNTIME_DIR", "/nonexistent"))
    sockets = sorted(path.name for path in folder.glob("wayland-*") if path.suffix != ".lock")
    if sockets:
        return Finding(OK, f"{sockets[0]}, of this user's session")
    connected = [
        path.parent.name
        for path in Path("/sys/class/drm").glob("*/status")
        if path.read_text().strip() == "connected"
    ]
    if connected:
        return Finding(OK, f"a screen is connected ({', '.join(connected)})")
    advice = "Check the screen's cable, and that somebody is logged in on it."
    return Finding(NOTE, "no screen and no session is seen from here", advice)


def check_fonts() -> Finding:
    """Check that a font for Korean is installed."""
    listed = command_output("fc-list", ":lang=ko", "family")
    families = sorted({line.split(",")[0].strip() for line in listed.splitlines() if line.strip()})
    if not families:
        nanum = Path("/usr/share/fonts/truetype/nanum")
        families = ["Nanum"] if any(nanum.glob("*.ttf")) else []
    text = f"Korean in {', '.join(families[:3])}" if families else "no Korean font"
    return found(text, "Install the package fonts-nanum.", problem=not families)


def check_espeak() -> Finding:
    """Check that espeak-ng synthesises Korean."""
    from pronounce_kiosk.references.espeak_library import EspeakLibrary

    library = EspeakLibrary()
    spoken = library.speak("안녕하세요", voice="ko")
    seconds = len(spoken.samples) / spoken.sample_rate_hz
    if seconds >= 0.3 and spoken.samples.any():
        return Finding(OK, f"speaks Korean ({seconds:.1f} s for a greeting)")
    advice = "Install the packages espeak-ng and espeak-ng-data anew."
    return Finding(PROBLEM, "it says nothing", advice)


def check_gtts() -> Finding:
    """Check that gTTS is reachable. No network is the normal case."""
    reached = threading.Event()

    def connect() -> None:
        with (
            contextlib.suppress(OSError),
            socket.create_connection((GTTS_HOST, 443), GTTS_TIMEOUT_S),
        ):
            reached.set()

    # Name resolution has no time-out of its own and is slow without a network.
    threading.Thread(target=connect, daemon=True).start()
    if reached.wait(GTTS_TIMEOUT_S):
        return Finding(OK, f"{GTTS_HOST} answers")
    text = "not reached: espeak-ng says what is not in the cache"
    advice = "Nothing needs to be done; with a network: references render fetches its voice."
    return Finding(NOTE, text, advice)


def check_bundle(paths: Paths) -> Finding:
    """Check that the active bundle loads and its golden takes score as its manifest states."""
    from pronounce_kiosk.bundles.activation import active_folder
    from pronounce_kiosk.bundles.verify import verify_bundle
    from pronounce_kiosk.session.golden import golden_scorer

    folder = active_folder(paths)
    result = verify_bundle(folder, golden_scorer(paths))
    manifest = result.bundle.manifest
    text = f"{manifest.name} {manifest.version}, sha256 {manifest.sha256[:12]}"
    if not result.problem:
        return Finding(OK, f"{text}, {len(result.golden)} golden takes as stated")
    advice = "Go back with models rollback, or import it again."
    return Finding(PROBLEM, f"{text}: {result.problem}", advice)


def check_disk(folder: Path) -> Finding:
    """Check space and inodes of the data folder's disk."""
    while not folder.exists():
        folder = folder.parent
    status = os.statvfs(folder)
    free = status.f_bavail * status.f_frsize
    text = f"{free / 1e9:.1f} GB and {status.f_favail} files free at {folder}"
    advice = "Export and forget old results, remove takes, or use a larger card."
    # A file system without inodes, such as FAT, counts none.
    few_files = status.f_files > 0 and status.f_favail < LEAST_FREE_INODES
    full = free < LEAST_FREE_BYTES or few_files
    return found(text, advice, problem=full, note=free < LOW_FREE_BYTES)


def check_writable(folder: Path) -> Finding:
    """Check that results can be stored, by writing a file."""
    probe = folder / ".doctor"
    try:
        write_atomically(probe, b"written by pronounce-kiosk doctor")
        probe.unlink()
    except OSError as error:
        text = f"{folder} cannot be written ({error.strerror})"
        advice = f"See who owns it, and that its disk is not read-only: ls -ld {folder}"
        return Finding(PROBLEM, text, advice)
    return Finding(OK, str(folder))


def check_attempts(folder: Path) -> Finding:
    """Check for damaged databases left behind, which hold nicknames and attempts."""
    from pronounce_kiosk.history.database import damaged_files

    damaged = damaged_files(folder)
    if not damaged:
        return Finding(OK, "no damaged file of attempts")
    names = ", ".join(path.name for path in damaged)
    advice = (
        "It holds nicknames and attempts: copy it if somebody can mend it, then delete it; "
        "history forget deletes a learner's part, with --all the file."
    )
    return Finding(NOTE, f"damaged and set aside in {folder}: {names}", advice)


def check_power() -> Finding:
    """Check supply and temperature by the Pi's firmware."""
    if THROTTLED_FILE.exists():
        said = THROTTLED_FILE.read_text()
    else:
        said = command_output("vcgencmd", "get_throttled").partition("=")[2]
    if not said.strip():
        return Finding(OK, "no Raspberry Pi firmware to ask")
    return judge_power(int(said.strip(), 16))


def judge_power(flags: int) -> Finding:
    """Interpret get_throttled: the low bits are now, those 16 higher since power on."""
    now = [text for bit, text in THROTTLED.items() if flags >> bit & 1]
    before = [text for bit, text in THROTTLED.items() if flags >> (bit + 16) & 1]
    advice = "Use the official power supply and a short cable; give it air."
    text = "no under-voltage, not throttled"
    if now or before:
        text = f"now: {', '.join(now)}" if now else f"since power on: {', '.join(before)}"
    return found(text, advice, problem=bool(now), note=bool(before))


def check_clock() -> Finding:
    """Check whether the clock is synchronised."""
    from pronounce_kiosk.history.clock import clock_is_set

    text = time.strftime("%Y-%m-%d %H:%M:%S %Z")
    advice = "Connect it to a network for a minute, or set it: sudo date -s 'YYYY-MM-DD HH:MM'"
    wrong = time.localtime().tm_year < EARLIEST_YEAR
    if wrong or clock_is_set():
        return found(text, advice, problem=wrong)
    # The normal case offline; results are marked.
    return Finding(NOTE, f"{text}, not confirmed by a time server", advice)


def check_units() -> Finding:
    """Check the services installed for this user."""
    states = {}
    for unit in UNITS:
        shown = command_output("systemctl", "--user", "show", unit, "-p", "LoadState,ActiveState")
        facts = dict(line.split("=", 1) for line in shown.splitlines() if "=" in line)
        if facts.get("LoadState") == "loaded":
            states[unit] = facts.get("ActiveState", "")
    if not states:
        return Finding(NOTE, "none installed", "On a kiosk: run scripts/install-pi.")
    text = ", ".join(f"{unit.removesuffix('.service')} {state}" for unit, state in states.items())
    failed = [unit for unit, state in states.items() if state == "failed"]
    if failed:
        return Finding(PROBLEM, text, f"See journalctl --user -u {failed[0]}")
    stopped = states.get(UNITS[0], "active") != "active"
    return found(text, f"Run systemctl --user enable --now {UNITS[0]}", problem=stopped)


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""


def _os_name() -> str:
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    except OSError:
        return platform.system()
