"""Addresses that visitors bring along."""

from urllib.parse import urlsplit

from flask import url_for


def safe_target(target: str | None) -> str:
    """Return ``target`` if it is a path of this hub, else the home page: no redirect leads elsewhere."""
    if target and target.startswith("/") and not target.startswith(("//", "/\\")):
        parts = urlsplit(target)
        if not parts.scheme and not parts.netloc and not any(ord(char) < 32 for char in target):
            return target
    return url_for("home.index")
