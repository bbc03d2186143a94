"""What a post may be, and what search knows of it. No Flask here."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Final

from libhub.api import VISIBILITY, AgeMarkOrNone, Data, OneLine, OneOf, Searched, Text, item_type, markdown
from libhub.api import lazy_gettext as _l
from plugins.news.models import Post

EDIT: Final = "news.edit"


@dataclass(frozen=True, kw_only=True)
class PostData(Data):
    """A post as the librarian writes it."""

    title: Annotated[str, OneLine(200, 1, _l("A title of 1 to 200 characters is needed."))]
    text: Annotated[str, Text(20_000)] = ""
    visibility: Annotated[str, OneOf(VISIBILITY)] = "everyone"
    age: AgeMarkOrNone = None
    pinned: bool = False
    expires_on: date | None = None


POST = item_type(
    Post, label=_l("news"), searched=lambda post: Searched(markdown.to_plain(post.text)), editors=EDIT
)
