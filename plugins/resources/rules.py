"""Rules and queries of the directory. No Flask here."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Any, Final
from urllib.parse import urlsplit

from sqlalchemy import select

from libhub.api import (
    VISIBILITY,
    AgeMarkOrNone,
    Data,
    Grade,
    LibHubError,
    Listed,
    OneLine,
    OneOf,
    Rule,
    SomeOf,
    Text,
    db,
    find_row,
    grades_in_order,
    rows_for,
    sort_key,
    touch,
    writing,
)
from libhub.api import gettext as _
from libhub.api import lazy_gettext as _l
from plugins.resources.models import Resource, Tag
from plugins.resources.vocabulary import (
    ACCESS,
    AUDIENCES,
    COVERS,
    ENCODINGS,
    FIELDS,
    KINDS,
    PLATFORMS,
    VERIFIABLE,
)

PLUGIN: Final = "resources"

MAX_URL: Final = 2000

REPORT_PATIENCE: Final = timedelta(days=7)

_NO_ADDRESS: Final = _l("An address begins with http:// or https:// and has no spaces.")
_SPACE_OR_CONTROL: Final = re.compile(r"[\s\x00-\x1f\x7f-\x9f]")


class Address(Rule):
    """An address of the web."""

    def tidied(self, value: Any) -> Any:
        """Drop the space around it."""
        return value.strip() if isinstance(value, str) else value

    def judged(self, value: Any) -> Any:
        """Refuse what no browser could open."""
        if len(value) > MAX_URL:
            raise LibHubError(_("The address is too long: at most %(most)d characters.", most=MAX_URL))
        try:
            parts = urlsplit(value)
            fine = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port is not False
        except ValueError:
            fine = False
        if not fine or _SPACE_OR_CONTROL.search(value):
            raise LibHubError(str(_NO_ADDRESS))
        return value


class SearchAddress(Address):
    """The address of a site's own search, with ``{q}`` for the query; or nothing."""

    def judged(self, value: Any) -> Any:
        """Refuse an address without a place for the query."""
        if value and "{q}" not in value:
            raise LibHubError(_("The place of the query is missing: write {q} where it belongs."))
        if value:
            super().judged(value.replace("{q}", "q"))
        return value


class Divided(Listed):
    """Themes one by one: commas and semicolons only ever stand between them."""

    def judged(self, value: Any) -> Any:
        """Take them apart."""
        single = (theme.strip()[:100].strip() for each in value for theme in re.split("[,;]", each))
        return tuple(dict.fromkeys(theme for theme in single if theme))


@dataclass(frozen=True, kw_only=True)
class ResourceData(Data):
    """A resource as a form, an import or the starter content describes it."""

    called = FIELDS

    title: Annotated[str, OneLine(300, 1, _l("A title of 1 to 300 characters is needed."))]
    url: Annotated[str, Address()]
    search_template: Annotated[str, SearchAddress()] = ""
    kind: Annotated[str, OneOf(KINDS)] = "other"
    access: Annotated[str, OneOf(ACCESS)] = "unknown"
    visibility: Annotated[str, OneOf(VISIBILITY)] = "everyone"
    search_encoding: Annotated[str, OneOf(ENCODINGS)] = "utf-8"
    age: AgeMarkOrNone = None
    for_whom: Annotated[tuple[str, ...], SomeOf(AUDIENCES)] = ()
    platforms: Annotated[tuple[str, ...], SomeOf(PLATFORMS)] = ()
    unverified: Annotated[tuple[str, ...], SomeOf(VERIFIABLE)] = ()
    grade_from: Grade = None
    grade_to: Grade = None
    cover: Annotated[str, OneOf(sorted(COVERS), or_empty=True)] = ""
    summary: Annotated[str, Text(300)] = ""
    description: Annotated[str, Text(20_000)] = ""
    how_to_enter: Annotated[str, Text(5_000)] = ""
    staff_notes: Annotated[str, Text(5_000)] = ""
    needs_internet: bool = True
    checked_on: date | None = None
    themes: Annotated[tuple[str, ...], Divided()] = ()

    def conflicts(self) -> Mapping[str, str]:
        """Refuse grades in the wrong order."""
        return grades_in_order(self.grade_from, self.grade_to)


def url_key(url: str) -> str:
    """Return the address as it is compared: no scheme, www., final slash or fragment; small host."""
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.")
    port = f":{parts.port}" if parts.port not in (None, 80, 443) else ""
    query = f"?{parts.query}" if parts.query else ""
    return f"{host}{port}{parts.path.rstrip('/')}{query}"[:MAX_URL]


def letter_of(title: str) -> str:
    """Return the letter under which a title stands: А–Я, A–Z, or # for the rest."""
    first = sort_key(title)[:1].upper()
    return first if first.isalpha() else "#"


def apply(resource: Resource, data: ResourceData) -> None:
    """Write checked data into a row."""
    data.into(resource, "for_whom", "themes", "platforms", "unverified")
    resource.unverified = list(data.unverified)
    resource.sort_title, resource.letter = sort_key(data.title), letter_of(data.title)
    resource.url_key = url_key(data.url)
    wanted = sorted(
        (name, value)
        for name, values in (
            ("for_whom", data.for_whom),
            ("theme", data.themes),
            ("platform", data.platforms),
        )
        for value in values
    )
    resource.tags = rows_for(
        wanted, resource.tags, lambda tag: (tag.name, tag.value), lambda key: Tag(name=key[0], value=key[1])
    )


def data_of(resource: Resource) -> ResourceData:
    """Return a row as data: the opposite of :func:`apply`."""
    return ResourceData.of(
        resource,
        unverified=tuple(resource.unverified),
        for_whom=tuple(resource.tagged("for_whom")),
        themes=tuple(resource.tagged("theme")),
        platforms=tuple(resource.tagged("platform")),
    )


def save(data: ResourceData, resource_id: int | None = None) -> int:
    """Add a resource, or change an existing one; return its number.

    :raises Invalid: naming every field that will not do.
    :raises LibHubError: there is no such resource.
    """
    clean = data.checked()
    with writing():
        if resource_id is None:
            resource = Resource(tags=[])
            db.session.add(resource)
        else:
            resource = get(resource_id)
        apply(resource, clean)
        db.session.flush()
        touch([resource.ref])
        return resource.id


def get(resource_id: int) -> Resource:
    """Return a resource, archived or not.

    :raises LibHubError: there is none with this number.
    """
    return find_row(Resource, resource_id, _l("There is no such resource."))


def find_by_address(url: str) -> Resource | None:
    """Return a resource, archived or not, that has this very address (the part after # included)."""
    query = select(Resource).where(Resource.url_key == url_key(url)).order_by(Resource.id)
    fragment = urlsplit(url).fragment
    return next((each for each in db.session.scalars(query) if urlsplit(each.url).fragment == fragment), None)


def mark_checked(resource_id: int, day: date) -> None:
    """Note that somebody looked through a resource on this day and found everything right."""
    save(replace(data_of(get(resource_id)), checked_on=day, unverified=()), resource_id)


def load_starter(path: Path) -> None:
    """Add the resources of a TOML file (``[[resource]]`` tables) that are not in the directory yet."""
    with writing():
        for entry in tomllib.loads(path.read_text(encoding="utf-8"))["resource"]:
            values: dict[str, Any] = {
                key: tuple(value) if isinstance(value, list) else value for key, value in entry.items()
            }
            data = ResourceData(**values).checked()
            known = select(Resource.id).where(Resource.url_key == url_key(data.url))
            if db.session.scalar(known) is None:
                save(data)
