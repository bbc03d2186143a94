"""What all code of a process shares, as the hub found it: put back where a section changed it.

A limit of recursion that one section raises makes another's endless template end the whole process; the locale of C
changes how everybody's numbers are written; a default timeout cuts off whoever uses the network.
"""

import locale
import logging
import os
import socket
import sys
from collections.abc import Callable
from functools import partial
from typing import Any, Final

_SHARED: Final[dict[str, tuple[Callable[[], Any], Callable[[Any], object]]]] = {
    "sys.setrecursionlimit": (sys.getrecursionlimit, sys.setrecursionlimit),
    "sys.setswitchinterval": (sys.getswitchinterval, sys.setswitchinterval),
    "socket.setdefaulttimeout": (socket.getdefaulttimeout, socket.setdefaulttimeout),
    "locale.setlocale": (
        partial(locale.setlocale, locale.LC_ALL),
        partial(locale.setlocale, locale.LC_ALL),
    ),
    "logging.disable": (lambda: logging.root.manager.disable, logging.disable),
    "os.chdir": (os.getcwd, os.chdir),
}
"""By the function that changes it: how it is asked for, and put back."""
_FOUND: Final = {name: ask() for name, (ask, _put) in _SHARED.items()}


def put_back() -> list[str]:
    """Put back what was changed, and return the names of the functions that did it."""
    changed = [name for name, (ask, _put) in _SHARED.items() if ask() != _FOUND[name]]
    for name in changed:
        _SHARED[name][1](_FOUND[name])
    return changed
