"""What the calendar keeps of people: given out and erased. No Flask."""

from collections.abc import Mapping

from libhub.api import KeptData, writing
from libhub.api import lazy_gettext as _l
from plugins.events import rooms
from plugins.events.exchange import secret_links
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
        rooms.erase_personal_data(user_id)
        secret_links.revoke_link(user_id)
