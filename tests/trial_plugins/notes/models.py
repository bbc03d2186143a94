"""The one table."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from libhub.api import db


class Note(db.Model):
    """A name and the number of the last edit; the text that search knows is made of both."""

    __tablename__ = "notes_note"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    edit: Mapped[int]
    copy: Mapped[int]
    """Always equal to ``edit``: unequal means that half a row was written."""

    @property
    def word(self) -> str:
        """The one word by which search finds this edit."""
        return f"{self.name}x{self.edit}"
