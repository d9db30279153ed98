"""The rig's USB bus: run under umockdev-wrapper, told by lines on stdin what to plug.

    plug NUMBER PORT      a USB sound card becomes card NUMBER on that port
    unplug NUMBER

Answers each line with "ok"; first of all prints the testbed's folder. Ends with its input.
Standard library only: it is run by whatever Python there is.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import stat
import sys
from pathlib import Path

ID = "usb-0d8c_USB_PnP_Sound_Device-00"
Words = ctypes.POINTER(ctypes.c_char_p)


class Bus:
    """umockdev's testbed with the cards that are plugged in."""

    def __init__(self, folder: Path) -> None:
        self._library = ctypes.CDLL("libumockdev.so.0")
        self._library.umockdev_testbed_new.restype = ctypes.c_void_p
        self._library.umockdev_testbed_get_root_dir.restype = ctypes.c_char_p
        self._library.umockdev_testbed_get_root_dir.argtypes = [ctypes.c_void_p]
        self._library.umockdev_testbed_add_devicev.restype = ctypes.c_void_p
        self._library.umockdev_testbed_add_devicev.argtypes = [
            ctypes.c_void_p, ctypes.c_char_p, ctypes.c_char_p, ctypes.c_char_p, Words, Words
        ]  # fmt: skip
        for name in ("uevent", "remove_device"):
            function = getattr(self._library, f"umockdev_testbed_{name}")
            function.argtypes = [ctypes.c_void_p, *[ctypes.c_char_p] * (1 + (name == "uevent"))]
        self._testbed = self._library.umockdev_testbed_new()
        self.root = Path(self._library.umockdev_testbed_get_root_dir(self._testbed).decode())
        self._folder = folder
        self._plugged: dict[int, list[str]] = {}
        (self.root / "dev/snd").mkdir(parents=True, exist_ok=True)

    def plug(self, number: int, port: str) -> None:
        device = self._add(
            "usb", f"1-{port}", None,
            ("idVendor", "0d8c", "idProduct", "0014", "product", "USB PnP Sound Device"),
            ("DEVTYPE", "usb_device"),
        )  # fmt: skip
        interface = self._add(
            "usb", f"1-{port}:1.0", device, ("bInterfaceClass", "01"), ("DEVTYPE", "usb_interface")
        )
        for node in self._nodes(number):
            path = self.root / "dev/snd" / node
            if not path.exists():
                try:
                    os.mknod(path, 0o666 | stat.S_IFCHR, os.makedev(1, 3))
                    path.chmod(0o666)
                except PermissionError:  # not root: the servers only look whether it is there
                    path.touch()
        (self._folder / f"card{number}").write_text(
            f"Device|USB PnP Sound Device|C-Media USB PnP Sound Device at usb-{port}, full speed\n"
        )
        card = self._add(
            "sound", f"card{number}", interface,
            ("number", str(number), "id", "Device"),
            (
                "SOUND_INITIALIZED", "1", "ID_BUS", "usb", "ID_VENDOR_ID", "0d8c",
                "ID_MODEL_ID", "0014", "ID_VENDOR", "C-Media", "ID_MODEL", "USB_PnP_Sound_Device",
                "ID_MODEL_FROM_DATABASE", "Audio Adapter", "ID_SERIAL",
                "C-Media_USB_PnP_Sound_Device", "ID_PATH",
                f"platform-fd500000.pcie-usb-0:{port}:1.0", "ID_ID", ID, "ID_TYPE", "audio",
                "ID_USB_DRIVER", "snd-usb-audio",
            ),
        )  # fmt: skip
        for node in self._nodes(number):
            pcm = ("pcm_class", "generic") if node.startswith("pcm") else ()
            self._add("sound", node, card, pcm, ())
        self._plugged[number] = [card, interface, device]
        self._library.umockdev_testbed_uevent(self._testbed, card.encode(), b"change")

    def unplug(self, number: int) -> None:
        card, *others = self._plugged.pop(number)
        (self._folder / f"card{number}").unlink(missing_ok=True)
        for node in self._nodes(number):
            (self.root / "dev/snd" / node).unlink(missing_ok=True)
            self._remove(f"{card}/{node}")
        self._library.umockdev_testbed_uevent(self._testbed, card.encode(), b"remove")
        for path in (card, *others):
            self._remove(path)

    def _nodes(self, number: int) -> tuple[str, str, str]:
        return f"controlC{number}", f"pcmC{number}D0c", f"pcmC{number}D0p"

    def _remove(self, path: str) -> None:
        if Path(str(self.root) + path).exists():
            self._library.umockdev_testbed_remove_device(self._testbed, path.encode())

    def _add(
        self,
        subsystem: str,
        name: str,
        parent: str | None,
        attributes: tuple[str, ...],
        properties: tuple[str, ...],
    ) -> str:
        def words(texts: tuple[str, ...]) -> ctypes.Array[ctypes.c_char_p]:
            return (ctypes.c_char_p * (len(texts) + 1))(*[text.encode() for text in texts], None)

        made = self._library.umockdev_testbed_add_devicev(
            self._testbed, subsystem.encode(), name.encode(),
            None if parent is None else parent.encode(), words(attributes), words(properties),
        )  # fmt: skip
        return ctypes.string_at(made).decode()


def main() -> None:
    bus = Bus(Path(os.environ["USB_RIG"]))
    print(bus.root, flush=True)
    for line in sys.stdin:
        command, number, *rest = line.split()
        with contextlib.suppress(KeyError):
            bus.plug(int(number), *rest) if command == "plug" else bus.unplug(int(number))
        print("ok", flush=True)


if __name__ == "__main__":
    main()
