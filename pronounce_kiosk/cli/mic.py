"""`mic pin|list|status|test`: find, test and pin the microphone."""

import argparse
import signal

from pronounce_kiosk.cli import declare
from pronounce_kiosk.cli.exits import DONE, FINDING
from pronounce_kiosk.core.settings import load_settings
from pronounce_kiosk.devices.cards import read_snapshot
from pronounce_kiosk.devices.mic_pin import RESTART_COMMAND, MicPin, best_profile, choose_card, plan

commands = declare.Commands()

_NAME = declare.option(
    "--microphone", metavar="NAME", help="part of the microphone's name (default: the setting's)"
)


def _seconds(text: str) -> float:
    value = float(text)
    if not 0.5 <= value <= 60:
        raise argparse.ArgumentTypeError("must be 0.5 to 60")
    return value


def _name(options: argparse.Namespace) -> str | None:
    named: str | None = options.microphone
    return (load_settings().microphone_name if named is None else named) or None


@commands.add(
    "pin",
    "keep the microphone's profile, default source, mute and volume set",
    declare.flag("--once", "set them once and exit"),
    declare.option(
        "--restart-command",
        default=RESTART_COMMAND,
        metavar="WORDS",
        help="command to run if the sound server lists a card without profiles",
    ),
    _NAME,
)
def _pin(options: argparse.Namespace) -> int:
    def say(line: str) -> None:
        print(line, flush=True)

    pin = MicPin(_name(options), say, restart_command=options.restart_command)
    if options.once:
        return DONE if pin.apply().pinned else FINDING
    signal.signal(signal.SIGTERM, lambda *_: pin.stop())
    pin.run()
    return DONE


@commands.add("list", "list cards and microphones; * marks the pinned one", _NAME)
def _list(options: argparse.Namespace) -> int:
    snapshot = read_snapshot()
    chosen = choose_card(snapshot, _name(options))
    print(snapshot.server_name)
    if not snapshot.cards:
        print("  no sound cards")
    for card in snapshot.cards:
        mark = "*" if card == chosen else " "
        best = best_profile(card)
        use = f"best as a microphone: {best.name}" if best else "no microphone"
        print(f"{mark} {card.description} ({card.name})")
        print(f"    profile {card.active_profile or 'none'}; {use}")
        for source in snapshot.sources_of(card):
            default = ", the default" if source.name == snapshot.default_source else ""
            muted = ", muted" if source.muted else ""
            print(f"    source {source.name}, {source.volume_percent}%{muted}{default}")
    return DONE if chosen is not None else FINDING


@commands.add("status", "report whether the microphone is set", _NAME)
def _status(options: argparse.Namespace) -> int:
    made = plan(read_snapshot(), _name(options))
    if made.pinned and made.source is not None:
        print(f"{made.source.description}: right ({made.source.name})")
        return DONE
    for act in made.acts:
        print(f"to be changed: {act.why}")
    advice = f"{made.state}: plug one in, or see mic list"
    print("mic pin does that; is its service running?" if made.acts else advice)
    return FINDING


@commands.add(
    "test",
    "record and report level, noise floor, zeros and rates",
    declare.option("--seconds", type=_seconds, default=3.0, metavar="S"),
    _NAME,
)
def _test(options: argparse.Namespace) -> int:
    # numpy, which the service `mic pin` does without.
    from pronounce_kiosk.devices.mic_check import accepted_rates, check_microphone
    from pronounce_kiosk.devices.microphone import Microphone

    check = check_microphone(Microphone(_name(options)), options.seconds)
    print(check.summary)
    print(
        f"  exact zeros for {check.zeros_s:.2f} s at most, "
        f"{check.clipped_samples} samples clipped, {check.overflow_count} times samples lost"
    )
    for name, rates in accepted_rates().items():
        print(f"  {name} takes " + (", ".join(f"{rate} Hz" for rate in rates) or "no rate tried"))
    for finding in check.findings:
        print(f"finding: {finding}")
    return FINDING if check.findings else DONE
