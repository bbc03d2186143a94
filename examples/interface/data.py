"""What may stand in a field."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from libhub.api import Data, Invalid, OneLine, OneOf, Text
from libhub.api import gettext as _
from libhub.api import lazy_gettext as _l


@dataclass(frozen=True)
class NoticeData(Data):
    """An announcement as somebody typed it."""

    title: Annotated[str, OneLine(200, 1, _l("A title of 1 to 200 characters is needed."))]
    text: Annotated[str, Text(5_000)] = ""
    kind: Annotated[str, OneOf({"news", "advert"})] = "news"
    first_day: date | None = None
    last_day: date | None = None

    def conflicts(self) -> Mapping[str, str]:
        """Refuse an end before the beginning."""
        if self.first_day and self.last_day and self.last_day < self.first_day:
            return {"last_day": _("It would end before it begins.")}
        return {}


assert NoticeData("  Ярмарка   книг ").checked().title == "Ярмарка книг"
problems: Mapping[str, str] = {}
try:
    NoticeData("", kind="song").checked()
except Invalid as error:
    problems = error.problems
assert list(problems) == ["title", "kind"]
