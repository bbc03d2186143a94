"""What the calendar keeps of people: given out and erased. No Flask."""

from collections.abc import Mapping

from sqlalchemy import select, update

from libhub.api import KeptData, db, writing
from libhub.api import lazy_gettext as _l
from plugins.events import rooms
from plugins.events.exchange import secret_links
from plugins.events.models import Event
from plugins.events.people import registration

_UNTIL_DELETED = _l("until the account is deleted")


def personal_data(user_id: int) -> Mapping[str, KeptData]:
    """Return everything that the calendar keeps of a person."""
    made_at = secret_links.link_made_at(user_id)
    return {
        "registrations": KeptData(
            _l("What the person signed up for"),
            registration.personal_data(user_id),
            _l("to keep a place, and to know who comes"),
            _UNTIL_DELETED,
            {
                "event": _l("Event"),
                "when": _l("When"),
                "class": _l("Class"),
                "seats": _l("How many places"),
                "came": _l("How many came"),
            },
        ),
        "signed_up_for_others": KeptData(
            _l("Whom the person signed up"),
            registration.made_for_others(user_id),
            _l("to tell the person, too, when something changes"),
            _UNTIL_DELETED,
            {"event": _l("Event"), "when": _l("When")},
        ),
        "answers_for": KeptData(
            _l("Events for which the person answers"),
            list(db.session.scalars(select(Event.title).where(Event.host_id == user_id))),
            _l("so that the person sees who comes"),
            _UNTIL_DELETED,
        ),
        "bookings": KeptData(
            _l("Places that the person booked"),
            rooms.personal_data(user_id),
            _l("so that nobody else takes the place"),
            _UNTIL_DELETED,
            {"when": _l("When"), "what": _l("What")},
        ),
        "secret_address_since": KeptData(
            _l("Own address of the calendar, since"),
            made_at.isoformat() if made_at else None,
            _l("for a calendar on a telephone or another computer"),
            _l("until the person ends it, or the account is deleted"),
        ),
    }


def erase_personal_data(user_id: int) -> None:
    """Delete everything that the calendar keeps of a person."""
    with writing():
        registration.erase_personal_data(user_id)
        db.session.execute(update(Event).where(Event.host_id == user_id).values(host_id=None))
        rooms.erase_personal_data(user_id)
        secret_links.revoke_link(user_id)
