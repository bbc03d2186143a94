"""Asking a running hub over HTTP, one after another or thirty at once, and what the times come to.

The client is a socket and a few lines: whatever it takes itself, it takes from the hub, which runs on the same cores.
"""

import socket
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from urllib.parse import urlsplit

CLIENTS = 30
SECONDS = 8.0
WAIT_SECONDS = 60.0


@dataclass(frozen=True)
class Times:
    """How long answers took, in milliseconds; how many came in a second, and how many were errors."""

    p50: float
    p95: float
    a_second: float = 0.0
    errors: int = 0

    def __str__(self) -> str:
        rate = f"{self.a_second:.0f}/s " if self.a_second else ""
        wrong = f", {self.errors} errors" if self.errors else ""
        return f"{rate}{self.p50:.1f} / {self.p95:.1f} ms{wrong}"


@dataclass(frozen=True)
class Answer:
    """What came back, and the seconds until all of it was here."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    seconds: float


class Connection:
    """A browser's connection that is kept open.

    :param headers: what every request says besides, such as the cookie of somebody who signed in.
    """

    def __init__(self, url: str, headers: Mapping[str, str] | None = None) -> None:
        parts = urlsplit(url)
        self._address = (parts.hostname or "127.0.0.1", parts.port or 80)
        lines = {"Host": parts.netloc, "Accept-Encoding": "gzip", **(headers or {})}
        self._head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        self._socket: socket.socket | None = None

    def get(self, path: str) -> Answer:
        """Ask for a path of this hub.

        :raises OSError: the connection broke, or nothing came in time.
        """
        started = time.perf_counter()
        if self._socket is None:
            self._socket = socket.create_connection(self._address, WAIT_SECONDS)
        self._socket.sendall(f"GET {path} HTTP/1.1\r\n{self._head}\r\n".encode())
        received = b""
        while (end := received.find(b"\r\n\r\n")) < 0:
            received += self._some()
        status, *lines = received[:end].decode("latin-1").split("\r\n")
        headers = {
            name.lower(): value.strip() for name, _colon, value in (each.partition(":") for each in lines)
        }
        body, length = received[end + 4 :], int(headers.get("content-length", "0"))
        while len(body) < length:
            body += self._some()
        if headers.get("connection", "").lower() == "close":
            self.close()
        return Answer(int(status.split()[1]), headers, body, time.perf_counter() - started)

    def _some(self) -> bytes:
        assert self._socket is not None
        received = self._socket.recv(262_144)
        if not received:
            raise ConnectionError("the hub closed the connection")
        return received

    def close(self) -> None:
        """Close the connection; the next request opens another."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None


def times_of(seconds: Sequence[float], a_second: float = 0.0, errors: int = 0) -> Times:
    """Return the percentiles."""
    ordered = sorted(seconds)
    if not ordered:
        return Times(0.0, 0.0, 0.0, errors)
    p50, p95 = ordered[len(ordered) // 2], ordered[len(ordered) * 95 // 100]
    return Times(p50 * 1000, p95 * 1000, a_second, errors)


def one_client(url: str, paths: Sequence[str], headers: Mapping[str, str] | None = None) -> Times:
    """Ask for one path after another."""
    connection = Connection(url, headers)
    answers = [connection.get(path) for path in paths]
    connection.close()
    return times_of([each.seconds for each in answers], errors=sum(each.status != 200 for each in answers))


def many_clients(
    url: str, paths: Sequence[str], headers: Mapping[str, str] | None = None, seconds: float = SECONDS
) -> Times:
    """Ask from many threads for a while; the clients take the paths in turn."""
    times: list[float] = []
    failed: list[str] = []
    turn = count()
    stop = time.perf_counter() + seconds

    def client() -> None:
        connection = Connection(url, headers)
        while time.perf_counter() < stop:
            path = paths[next(turn) % len(paths)]
            try:
                answer = connection.get(path)
            except OSError as error:
                failed.append(f"{path}: {error}")
                connection.close()
                continue
            if answer.status == 200:
                times.append(answer.seconds)
            else:
                failed.append(f"{path}: {answer.status}")
        connection.close()

    threads = [threading.Thread(target=client) for _number in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for text in sorted(set(failed))[:5]:
        print(f"  error: {text}")
    return times_of(times, len(times) / seconds, len(failed))
