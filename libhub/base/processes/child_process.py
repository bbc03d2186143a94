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


def limit(cpu_seconds: int, memory_bytes: int, output_bytes: int) -> None:
    """Have the system stop this process when it goes astray; 0 bytes of memory is no limit.

    Windows has no such limits; there the hub watches.
    """
    if os.name != "posix":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + 1))
    if memory_bytes:
        resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_FSIZE, (output_bytes, output_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
