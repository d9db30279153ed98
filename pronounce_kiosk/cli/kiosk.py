"""`kiosk`: open the kiosk's window, or render its screens."""

import argparse

from pronounce_kiosk.cli import declare

commands = declare.Commands()


@commands.alone(
    declare.flag("--windowed", "an 800x480 window, not the screen"),
    declare.path(
        "--demo",
        "DIR",
        "play a learner's way through every screen; write PNGs and result.json to DIR",
    ),
    declare.option("--language", choices=("ko", "en"), help="language of the interface"),
    declare.path("--list", "FILE", "a sentence list to offer first"),
    declare.option("--microphone", metavar="NAME", help="part of the microphone's name"),
)
def _kiosk(options: argparse.Namespace) -> int:
    # Qt, which the other commands and the engine do without.
    from pronounce_kiosk.app import run_demonstration, run_kiosk

    if options.demo is not None:
        return run_demonstration(options.demo, options.list)
    return run_kiosk(options.list, options.language, options.microphone, options.windowed)
