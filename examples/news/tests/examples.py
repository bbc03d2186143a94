"""What fills the addresses of the section, for the checks that open every page."""

from collections.abc import Mapping

from libhub.api import save_row, set_archived
from libhub.testing.walking import Values
from plugins.news.models import Post
from plugins.news.rules import PostData

NO_PAGES: Mapping[str, str] = {"news.feed": "it is XML, for programs"}
"""Why an address shows no page: a reason by endpoint."""
PATHS = ("/news/manage?state=archived",)
"""Addresses beside those of the routes."""


def make(people: Mapping[str, int]) -> Values:
    """Make a post with everything at its longest, and one in the archive.

    :param people: the number of an account by its role.
    """
    number = save_row(
        Post,
        PostData(
            age=0, title="Достопримечательности " * 9, text="Очень **длинная** строка. " * 50, pinned=True
        ),
    )
    set_archived(Post, [save_row(Post, PostData(age=0, title="Что было давно"))], archived=True)
    return {"news.show": [{"number": number}], "news.edit": [{"number": number}]}
