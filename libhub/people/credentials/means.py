"""What somebody signs in by besides the password, for the page of the account."""

from dataclasses import dataclass

from libhub.people.credentials import cards, pictures
from libhub.people.credentials.models import Card, PictureSecret


@dataclass(frozen=True)
class Means:
    """A pupil's card, and pictures that wait for the librarian."""

    card: Card | None
    pictures: PictureSecret | None


def means_of(user_id: int) -> Means:
    """Return what there is of an account."""
    kept = pictures.pictures_of(user_id)
    closed = kept if kept is not None and kept.wrong >= pictures.TRIES else None
    return Means(cards.card_of(user_id), closed)


def personal_data(user_id: int) -> dict[str, object]:
    """Return what is kept of somebody's card and pictures, as plain values; what they show is kept nowhere."""
    card, kept = cards.card_of(user_id), pictures.pictures_of(user_id)
    return {"card_since": card.made_at.isoformat() if card else None, "pictures": kept is not None}
