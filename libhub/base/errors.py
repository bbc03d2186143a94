"""The one kind of error that is meant for people: a sentence that says what happened and what to do; and whose errors are whose."""

import threading


class LibHubError(Exception):
    """Shown as one clear line by the command line and in words by a page; never as a traceback."""


class TryLater(LibHubError):
    """What was asked for is done a little later, if it is asked for again.

    :param seconds: how long to wait, for the header ``Retry-After``.
    """

    status = 503

    def __init__(self, text: str, seconds: int) -> None:
        self.seconds = seconds
        super().__init__(text)


def let_pass(error: BaseException) -> None:
    """Raise again what is no failure of a section: somebody pressed Ctrl+C, of which the main thread alone is told.

    Call first where anything that a section raises is caught: ``sys.exit()`` there ends no hub, nor does what else
    is no ``Exception``.
    """
    if isinstance(error, KeyboardInterrupt) and threading.current_thread() is threading.main_thread():
        raise error
