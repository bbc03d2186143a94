"""``libhub serve``: the socket, the processes behind it, and the addresses told to people.

The parent opens the socket and hands it to the workers, which is what lets Windows have several of them too.
"""

import logging
import os
import socket
from collections.abc import Callable
from typing import Final

import psutil

from libhub.base.errors import LibHubError
from libhub.base.i18n import gettext as _
from libhub.config import Config
from libhub.installing import renewal
from libhub.serving import reloading
from libhub.serving.children import Job
from libhub.serving.supervisor import StartFailed, keep_alive

logger = logging.getLogger(__name__)

LOG_LIMIT_BYTES: Final = 5_000_000
BACKLOG: Final = 1024


def open_socket(host: str, port: int) -> socket.socket:
    """Listen on an address.

    :raises LibHubError: the port is taken, or the address is not this machine's.
    """
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        listening = socket.socket(family, socket.SOCK_STREAM)
        try:
            if os.name == "posix":  # on Windows the option would let two programs share a port
                listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listening.bind((host, port))
            listening.listen(BACKLOG)
        except OSError:
            listening.close()
            raise
    except OSError as error:
        raise LibHubError(
            _(
                "Cannot listen on %(host)s:%(port)d (%(error)s). Perhaps the hub or another program is running "
                "there already; another port: --port %(other)d",
                host=host,
                port=port,
                error=error.strerror or error,
                other=port + 1 if port < 65535 else 8000,
            )
        ) from error
    return listening


def addresses(host: str, port: int) -> list[str]:
    """Return the addresses by which browsers reach the hub: this PC first, then the network's."""
    if host not in {"0.0.0.0", "::"}:  # noqa: S104 - compared, not bound
        return [f"http://{f'[{host}]' if ':' in host else host}:{port}"]
    found = ["127.0.0.1"]
    for interface in psutil.net_if_addrs().values():
        found += [
            each.address
            for each in interface
            if each.family == socket.AF_INET and not each.address.startswith(("127.", "169.254."))
        ]
    return [f"http://{address}:{port}" for address in found]


def serve(config: Config, listening: socket.socket, ready: Callable[[], None]) -> None:
    """Run the hub until it is told to stop (Ctrl+C, SIGTERM).

    :param ready: called once, when the first worker answers.
    :raises LibHubError: no worker can start.
    """
    instance = str(config.instance)
    # glibc keeps memory for each thread apart, tens of megabytes
    os.environ.setdefault("MALLOC_ARENA_MAX", "1")
    worker = "libhub.serving.tried_worker:run" if config.reload else "libhub.serving.worker:run"
    workers = [Job(worker, (instance, config.threads, listening))] * config.workers
    background = Job("libhub.serving.background:run", (instance,), overlapping=False)
    restart = reloading.restart(config) if config.reload else None
    try:
        keep_alive([*workers, background], ready, lambda: renewal.word(config), restart)
    except StartFailed:
        raise LibHubError(
            _("The hub cannot start; the log says why: %(path)s", path=config.log_file)
        ) from None


def set_aside_log(config: Config) -> None:
    """Begin a new log when the old one is large; one old log is kept."""
    path = config.log_file
    if not path.exists() or path.stat().st_size <= LOG_LIMIT_BYTES:
        return
    try:
        path.replace(path.with_suffix(".old.log"))
    except PermissionError:  # Windows: somebody has it open
        logger.warning("the log is in use and could not be set aside")
