"""Signing somebody else up: a parent the children, the librarian and whoever answers for an event anybody. No Flask."""

from collections.abc import Collection

from libhub.api import Person, Viewer, people, viewer_for, writing
from libhub.api import gettext as _
from plugins.events.models import Event
from plugins.events.people.admission import CannotRegister, is_meant_for
from plugins.events.people.registration import sign_up


def family(viewer: Viewer, event: Event) -> list[Person]:
    """Return those of a family who may come to an event: the children, and the parent where adults may; [] for others."""
    return [
        person
        for person in (*people(viewer.children), *people([viewer.user_id] if viewer.user_id else []))
        if viewer.children and is_meant_for(event, person.role)
    ]


def sign_family_up(viewer: Viewer, series_id: int, key: str, who: Collection[int]) -> list[str]:
    """Sign up those whom a parent chose, all of them or none; return the names of those who have to wait for a place.

    :raises CannotRegister: one of them may not come, or is no child of this parent.
    """
    if not who:
        raise CannotRegister(_("Choose who comes."))
    waiting = []
    with writing():
        for number in who:
            person = viewer if number == viewer.user_id else _child(viewer, number)
            try:
                placed = sign_up(person, series_id, key, by=viewer.user_id)
            except CannotRegister as error:
                raise CannotRegister(f"{person.name}: {error}") from error
            if not placed:
                waiting.append(person.name)
    return waiting


def _child(viewer: Viewer, number: int) -> Viewer:
    child = viewer_for(number) if number in viewer.children else None
    if child is None:
        raise CannotRegister(_("Choose who comes."))
    return child


def put_on_list(viewer: Viewer, series_id: int, key: str, number: int) -> tuple[str, bool]:
    """Put somebody with an account on the list, also once the registration is closed; return the name, and whether there was a place.

    :raises CannotRegister: there is no such account, or the person may not come.
    """
    person = viewer_for(number)
    if person is None:
        raise CannotRegister(_("There is no such account, or it is closed."))
    try:
        return person.name, sign_up(person, series_id, key, by=viewer.user_id, late=True)
    except CannotRegister as error:
        raise CannotRegister(f"{person.name}: {error}") from error
