"""What is used of Flask beyond what its documentation promises: whether the block took anything from the session.

Flask notes for a whole request that the session was read; a remembered page has to know it of one block.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from flask import session


@contextmanager
def watching_session(touched: Callable[[], None]) -> Iterator[None]:
    """Call ``touched`` when the block looked into the session; the request knows of it as before."""
    held: Any = session
    held = held._get_current_object()  # every look through the proxy counts as one into the session
    before, held.accessed = held.accessed, False
    try:
        yield
        if held.accessed:
            touched()
    finally:
        held.accessed = held.accessed or before
