"""What fills the addresses of the section, for the checks that open every page."""

from collections.abc import Mapping

from libhub.api import save_row
from libhub.testing.walking import Values
from plugins.sectionid.models import Note
from plugins.sectionid.rules import NoteData

NO_PAGES: Mapping[str, str] = {}
"""Why an address shows no page: a reason by endpoint."""
PATHS = ()
"""Addresses beside those of the routes."""


def make(people: Mapping[str, int]) -> Values:
    """Make a note with everything at its longest.

    :param people: the number of an account by its role.
    """
    number = save_row(Note, NoteData("Достопримечательности " * 9, "Очень длинная строка. " * 50, age=0))
    return {"sectionid.show": [{"number": number}], "sectionid.edit": [{"number": number}]}
