"""What a process owes to the one that started it. Imports next to nothing: readers of files start by the hundred."""

import os
import sys
import threading


def end_with_parent() -> None:
    """End this process when the one that started it is gone, however it went: its end of our input closes then."""
    threading.Thread(target=_wait_for_the_end, daemon=True, name="parent").start()


def _wait_for_the_end() -> None:
    while os.read(sys.stdin.fileno(), 4096):
        pass
    os._exit(1)


def step_back() -> None:
    """Let others go first: nobody waits for what this process does."""
    if os.name == "posix":
        os.nice(10)
