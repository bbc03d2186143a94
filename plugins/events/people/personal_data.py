"""What the calendar keeps of people: given out and erased. No Flask."""

from collections.abc import Mapping

from sqlalchemy import select, update

from libhub.api import db, writing
from plugins.events import rooms
from plugins.events.exchange import secret_links
from plugins.events.models import Event
from plugins.events.people import registration


def personal_data(user_id: int) -> Mapping[str, object]:
    """Return everything that the calendar keeps of a person."""
    made_at = secret_links.link_made_at(user_id)
    return {
        "registrations": registration.personal_data(user_id),
        "signed_up_for_others": registration.made_for_others(user_id),
        "answers_for": list(db.session.scalars(select(Event.title).where(Event.host_id == user_id))),
        "bookings": rooms.personal_data(user_id),
        "secret_address_since": made_at.isoformat() if made_at else None,
    }


def erase_personal_data(user_id: int) -> None:
    """Delete everything that the calendar keeps of a person."""
    with writing():
        registration.erase_personal_data(user_id)
        db.session.execute(update(Event).where(Event.host_id == user_id).values(host_id=None))
        rooms.erase_personal_data(user_id)
        secret_links.revoke_link(user_id)
