"""Asking a running hub to renew its processes: a file of the instance says when sections changed last.

Nobody has to know whether a hub runs, and nobody is sent a signal, which Windows does not have.
"""

import secrets

from libhub.config import Config


def ask(config: Config) -> None:
    """Have the processes of a running hub renewed one after the other; written aside, so that nobody reads half of it."""
    new = config.renewal_file.with_suffix(".new")
    new.write_text(secrets.token_hex(8), encoding="ascii")
    new.replace(config.renewal_file)


def word(config: Config) -> str | None:
    """Return what was said last; empty where nothing was, None where it is being written at this moment (Windows)."""
    try:
        return config.renewal_file.read_text(encoding="ascii")
    except FileNotFoundError:
        return ""
    except OSError:
        return None
