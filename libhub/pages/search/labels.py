"""What the pages of search call sections, facets, and places inside files."""

from libhub.accounts.permissions import AGE_MARKS
from libhub.base.checked_types import Label
from libhub.base.i18n import gettext as _
from libhub.plugging import state
from libhub.plugging.loading.registry import get_registry
from libhub.search.asking.items import facets_of
from libhub.search.documents import Part, age_code
from libhub.web.visitor import current_viewer


def section_names() -> dict[str, Label]:
    """Return the names of the sections that are on, by their ids."""
    plugins, locale = get_registry().plugins, current_viewer().locale
    return {plugin: plugins[plugin].name(locale) for plugin in state.enabled_plugins()}


def facet_labels() -> dict[str, tuple[Label, dict[str, Label]]]:
    """Return the labels of every facet and of its values, in the order of the page."""
    enabled = state.enabled_plugins()
    declared = facets_of([kind for kind in get_registry().item_types.values() if kind.plugin in enabled])
    return {
        "section": (_("Section"), section_names()),
        "age": (
            _("Age mark"),
            {**{str(age): f"{age}+" for age in AGE_MARKS}, age_code(None): _("no age mark")},
        ),
        **{name: (facet.label, dict(facet.values)) for name, facet in declared.items()},
    }


def place_of(part: Part) -> str:
    """Return in words where in a file something was found: «стр. 14 · Инструкция.pdf»."""
    units = {
        "page": _("p. %(number)d", number=part.number),
        "chapter": _("chapter %(number)d", number=part.number),
        "slide": _("slide %(number)d", number=part.number),
        "sheet": _("sheet %(number)d", number=part.number),
    }
    return f"{units[part.unit]} · {part.file}" if part.unit in units else part.file
