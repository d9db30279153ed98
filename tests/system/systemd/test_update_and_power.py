"""scripts/install-pi with the services running, and switching off, under a real systemd.

Only what needs a network is left out: packages, and the download of Python's (the version's own
code runs with the Python of this checkout).
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Machine

pytestmark = pytest.mark.timeout(420)

REPOSITORY = Path(__file__).resolve().parents[3]
KIOSK = "pronounce-kiosk.service"
MIC = "pronounce-mic.service"
HOME = "/home/kioskuser"
# Says which version it is of: the program of each is this checkout's Python with its own code.
SETUP = f"""#!/bin/sh
[ "$1" != --list-packages ] || exit 0
cd "$(dirname "$0")/.."
mkdir -p .venv/bin
ln -sf {sys.executable} .venv/bin/python
cat >.venv/bin/pronounce-kiosk <<'END'
#!/bin/sh
export PYTHONPATH=$(dirname "$(readlink -f "$0")" | sed s,/.venv/bin,,) PYTHONDONTWRITEBYTECODE=1
exec {sys.executable} -m pronounce_kiosk.cli "$@"
END
chmod +x .venv/bin/pronounce-kiosk
"""
INSTALL = (
    "INSTALL_PI_NO_CHECK=1 PATH=/stubs:$PATH "
    "/source/scripts/install-pi --yes --user kioskuser --session desktop </dev/null"
)


@pytest.fixture(scope="module")
def pi(machine: Machine) -> Machine:
    """With the first version installed and its services running, and something to lose."""
    done = machine.root(
        f"""set -e
        rm /opt/pronounce-kiosk
        mkdir /source /stubs
        cd {REPOSITORY}
        cp -r pronounce_kiosk assets models scripts systemd pyproject.toml README.md LICENSE /source
        printf '#!/bin/sh\\n' >/stubs/apt-get
        chmod +x /stubs/apt-get
        cat >/source/scripts/setup <<'SETUP'\n{SETUP}\nSETUP
        """
    )
    assert done.returncode == 0, done.stderr
    first = machine.root(INSTALL)
    assert first.returncode == 0, first.stdout + first.stderr
    machine.drop_in(KIOSK, "[Service]\nEnvironment=QT_QPA_PLATFORM=offscreen")
    machine.user(
        "mkdir -p ~/.local/share/pronounce-kiosk/lists ~/.cache/pronounce-kiosk; "
        "echo results >~/.local/share/pronounce-kiosk/kept; "
        "echo attempts >~/.local/share/pronounce-kiosk/history.sqlite3.test; "
        "echo references >~/.cache/pronounce-kiosk/kept; "
        "pronounce=/opt/pronounce-kiosk/.venv/bin/pronounce-kiosk; "
        "$pronounce models activate classic-1"
    )
    machine.user(f"systemctl --user start {MIC} {KIOSK}")
    assert running_version(machine), machine.journal(KIOSK)[-20:]
    return machine


def running_version(machine: Machine, unit: str = KIOSK) -> str:
    """The folder whose code the running service runs; "" where it does not run."""
    shown = machine.show(unit)
    if (shown["ActiveState"], shown["SubState"]) != ("active", "running"):
        return ""
    environment = machine.root(f"tr '\\0' '\\n' </proc/{shown['MainPID']}/environ").stdout
    found = [line for line in environment.splitlines() if line.startswith("PYTHONPATH=")]
    return found[0].removeprefix("PYTHONPATH=")


def kept(machine: Machine) -> str:
    """What must survive whatever an update does."""
    return machine.user(
        "cat ~/.local/share/pronounce-kiosk/{kept,history.sqlite3.test}; "
        "cat ~/.cache/pronounce-kiosk/kept; "
        "/opt/pronounce-kiosk/.venv/bin/pronounce-kiosk models list"
    ).stdout


def test_an_update_is_what_runs_afterwards_and_keeps_everything(pi: Machine) -> None:
    before, data = running_version(pi), kept(pi)
    assert "classic-1" in data
    pi.root("echo '# the second' >>/source/pronounce_kiosk/app.py")
    done = pi.root(INSTALL)
    assert done.returncode == 0, done.stdout + done.stderr
    now = running_version(pi)
    assert now.startswith("/opt/pronounce-kiosk.d/")
    assert now != before
    assert running_version(pi, MIC) == now
    assert kept(pi) == data


def test_one_that_does_not_come_back_gives_way_to_what_ran_before(pi: Machine) -> None:
    before, data = running_version(pi), kept(pi)
    pi.root(
        # Only as a service does it fail, so that nothing beforehand can tell, and it leaves the
        # attempts in a form of its own.
        """sed -i '1i import os\\nif os.environ.get("INVOCATION_ID"):\\n"""
        """    os.system("echo other >~/.local/share/pronounce-kiosk/history.sqlite3.test")\\n"""
        """    raise SystemExit(3)' /source/pronounce_kiosk/app.py; """
        f"sed -i 's/^Description=/&BROKEN /' /source/systemd/{KIOSK}"
    )
    done = pi.root(INSTALL)
    assert done.returncode == 2, done.stdout + done.stderr
    assert f"the services did not come back with the new version: {before} runs again" in (
        done.stdout + done.stderr
    )
    assert pi.root("readlink /opt/pronounce-kiosk").stdout.strip() == before
    pi.wait(lambda: running_version(pi) == before, lambda: str(pi.journal(KIOSK)[-20:]))
    assert running_version(pi, MIC) == before
    assert "BROKEN" not in pi.show(KIOSK)["Description"], "the old version has its own units"
    assert kept(pi) == data


def test_one_that_does_not_come_up_changes_nothing(pi: Machine) -> None:
    before, units = running_version(pi), pi.root("cat /etc/systemd/user/*.service").stdout
    pi.root("sed -i '1i raise RuntimeError' /source/pronounce_kiosk/cli/main.py")
    done = pi.root(INSTALL.replace("INSTALL_PI_NO_CHECK=1 ", ""))
    assert done.returncode == 2
    assert f"the new version does not come up; {before} stays" in done.stdout + done.stderr
    assert running_version(pi) == before
    assert pi.root("cat /etc/systemd/user/*.service").stdout == units


def test_the_screen_may_switch_the_device_off(pi: Machine) -> None:
    """The last one: the machine is off afterwards."""
    if pi.root("test -x /usr/lib/polkit-1/polkitd").returncode:
        pytest.skip("polkitd is not installed (scripts/setup dev)")
    code = "from pronounce_kiosk.devices.power import Power as P; p = P(); "
    ask = f"PYTHONPATH={REPOSITORY} {sys.executable} -c '{code}"
    rule = "/etc/polkit-1/rules.d/50-pronounce-kiosk.rules"
    pi.root(f"mv {rule} /root/rule; systemctl restart polkit")
    question = f"{ask} print(p.can_power_off())'"
    assert pi.user(question).stdout == "False\n"
    pi.root(f"mv /root/rule {rule}; systemctl restart polkit")
    # On a starved machine logind may not have its answer in time.
    pi.wait(lambda: pi.user(question).stdout == "True\n", "logind's yes")
    pi.user(f"{ask} p.power_off()'")
    pi.wait_off()
