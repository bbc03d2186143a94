"""lynx, driven by its keys in a terminal of its own: the hub as text, without styles and scripts."""

import fcntl
import os
import pty
import re
import select
import shutil
import struct
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

LINES, COLUMNS = 120, 200
"""Larger than any page that is looked at, so that nothing is below the fold."""
DOWN, UP, ENTER = "\x1b[B", "\x1b[A", "\r"
TEXT_FIELD, PASSWORD_FIELD = "(Textfield", "(Password entry field"
"""What the line below the page says of the chosen place."""
MOST_PLACES: Final = 60
PATIENCE: Final = 20.0
"""Seconds: generous, and seldom waited for."""
_QUIET: Final = 0.3
_CONTROL: Final = re.compile(r"\x1b(?:\[[0-9;?]*[a-zA-Z]|[()][A-Z0-9]|[=>78])")


def path() -> str | None:
    """Return where lynx is, or None where there is none."""
    return shutil.which("lynx")


@dataclass
class Lynx:
    """A terminal with lynx in it."""

    terminal: int

    def press(self, *keys: str) -> None:
        """Press keys or type text, each when the screen has come to rest."""
        for key in keys:
            os.write(self.terminal, key.encode())
            self._drawn()

    def find(self, text: str) -> None:
        """Go to a text on the page; a link that has it is chosen."""
        self.press("/", f"{text}{ENTER}")

    def seek(self, told: str) -> None:
        """Go down from place to place until one comes of which this is told.

        :raises AssertionError: there is none.
        """
        screen = self._redrawn()
        for _place in range(MOST_PLACES):
            if told in screen:
                return
            self.press(DOWN)
            screen = self._redrawn()
        raise AssertionError(f"there is no “{told}” on {' '.join(screen.split())[:2000]}")

    def expect(self, text: str, *keys: str) -> None:
        """Press keys, and wait until a text is on the screen.

        :raises AssertionError: it does not come.
        """
        self.press(*keys)
        deadline = time.monotonic() + PATIENCE
        while text not in (screen := self._redrawn()):
            assert time.monotonic() < deadline, (
                f"lynx does not show “{text}” but {' '.join(screen.split())[:2000]}"
            )

    def _redrawn(self) -> str:
        os.write(self.terminal, b"\x0c")  # Ctrl-L: what changed alone is not what is shown
        return self._drawn()

    def _drawn(self) -> str:
        content = b""
        while select.select([self.terminal], [], [], _QUIET)[0]:
            try:
                content += os.read(self.terminal, 65_536)
            except OSError:  # lynx is gone
                break
        return _CONTROL.sub(" ", content.decode(errors="replace"))


@contextmanager
def browsing(url: str) -> Iterator[Lynx]:
    """Run lynx, beginning at an address."""
    options = ("-accept_all_cookies", "-nopause", "-display_charset=utf-8", "-assume_charset=utf-8")
    child, terminal = pty.fork()
    if child == 0:
        os.environ.update(
            TERM="xterm",
            LANG="C.UTF-8",
            LC_ALL="C.UTF-8",
            LANGUAGE="en",  # of what lynx itself says, which is looked for
            LINES=str(LINES),
            COLUMNS=str(COLUMNS),
        )
        os.execvp("lynx", ["lynx", *options, url])
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
    try:
        yield Lynx(terminal)
    finally:
        os.close(terminal)  # lynx ends with its terminal
        os.waitpid(child, 0)
