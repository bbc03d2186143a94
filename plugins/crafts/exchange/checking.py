"""What stands in a file, as an activity that this hub can keep. No Flask here."""

from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from libhub.api import Invalid, LibHubError
from libhub.api import gettext as _
from plugins.crafts import pictures
from plugins.crafts.activity_data import ActivityData

MANIFEST: Final = "manifest.json"


def data_from(of: type[Any], value: object) -> Any:
    """Return a value of a file as data of the right types.

    :raises LibHubError: a part is of a wrong type, unknown or missing.
    """
    try:
        return TypeAdapter(of).validate_python(value, extra="forbid")
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or MANIFEST
        raise LibHubError(
            _("“%(place)s” in the file is not right: %(problem)s.", place=place, problem=first["msg"])
        ) from error


def checked(data: ActivityData) -> ActivityData:
    clean = data.checked()
    for name in pictures.strange(clean):
        raise Invalid({"steps": _("This hub has no drawing “%(name)s”.", name=name)})
    return clean
