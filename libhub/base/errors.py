"""The one kind of error that is meant for people: a sentence that says what happened and what to do."""


class LibHubError(Exception):
    """Shown as one clear line by the command line and in words by a page; never as a traceback."""
