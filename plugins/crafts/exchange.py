"""Activities from and to files: the starter content, and activities that travel between hubs. No Flask here."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import select

from libhub.api import LibHubError, db, writing
from libhub.api import gettext as _
from plugins.crafts import domain, pictures
from plugins.crafts.content import ActivityData, InvalidActivity
from plugins.crafts.models import Activity

STARTER: Final = Path(__file__).parent / "starter"


@cache
def _adapter() -> TypeAdapter[ActivityData]:
    return TypeAdapter(ActivityData)


def read_activity(entry: Mapping[str, Any]) -> ActivityData:
    """Return an activity of a file, with every value of the right type.

    :raises LibHubError: a value is of a wrong type, unknown or missing, or there is no such drawing.
    """
    try:
        data = _adapter().validate_python(dict(entry), extra="forbid")
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise LibHubError(
            _("“%(place)s” in the file is not right: %(problem)s.", place=place, problem=first["msg"])
        ) from error
    used = [step.picture for step in data.steps]
    for name in pictures.strange(data.drawings, used):
        raise InvalidActivity({"steps": _("There is no drawing “%(name)s”.", name=name)})
    return data


def load_starter(folder: Path) -> None:
    """Add the activities of a folder (a TOML file each) that are not there yet."""
    with writing():
        known = set(db.session.scalars(select(Activity.uid)))
        for path in sorted(folder.glob("*.toml")):
            data = read_activity(tomllib.loads(path.read_text(encoding="utf-8")))
            if data.uid not in known:
                domain.save(data, state="published")
