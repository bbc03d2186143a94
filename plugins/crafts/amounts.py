"""How much is needed for a number of children, in packs of the shop. No Flask here."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from typing import Final

from babel.numbers import format_decimal

from libhub.api import current_locale, ngettext
from libhub.api import gettext as _
from plugins.crafts.activity_data import MaterialData

MOST_CHILDREN: Final = 1_000


def amount_text(amount: Decimal, unit: str) -> str:
    """Return an amount in words: «3 листа», «1,5 стакана», «20 г»."""
    number = format_decimal(amount, locale=current_locale())
    # a fraction takes the form of two: полтора листа, 0,5 листа
    form = int(amount) if amount == amount.to_integral_value() else 2
    texts = {
        "piece": ngettext("%(amount)s piece", "%(amount)s pieces", form, amount=number),
        "sheet": ngettext("%(amount)s sheet", "%(amount)s sheets", form, amount=number),
        "gram": _("%(amount)s g", amount=number),
        "millilitre": _("%(amount)s ml", amount=number),
        "centimetre": _("%(amount)s cm", amount=number),
        "metre": _("%(amount)s m", amount=number),
        "teaspoon": ngettext("%(amount)s teaspoon", "%(amount)s teaspoons", form, amount=number),
        "tablespoon": ngettext("%(amount)s tablespoon", "%(amount)s tablespoons", form, amount=number),
        "glass": ngettext("%(amount)s glass", "%(amount)s glasses", form, amount=number),
    }
    return texts[unit]


@dataclass(frozen=True)
class Need:
    """A line of the shopping list; amounts are None for what nobody counts, such as glue."""

    name: str
    note: str
    optional: bool
    amount: str
    """In words, for all children; empty where it is not counted."""
    packs: int | None
    pack: str
    """What is in one pack, in words; empty where it is not sold in packs."""


def needs(materials: Iterable[MaterialData], children: int) -> list[Need]:
    """Return what so many children use up: amounts for each multiplied, packs rounded up."""
    return [_need(material, children) for material in materials if material.use != "tool"]


def _need(material: MaterialData, children: int) -> Need:
    if material.amount is None:
        return Need(material.name, material.note, material.optional, "", None, "")
    total = _exact(material.amount) * (children if material.use == "each" else 1)
    packs, pack = None, ""
    if material.pack is not None:
        size = _exact(material.pack)
        packs = int((total / size).to_integral_value(ROUND_CEILING))
        pack = amount_text(size, material.unit)
    return Need(
        material.name, material.note, material.optional, amount_text(total, material.unit), packs, pack
    )


def tools(materials: Iterable[MaterialData]) -> list[MaterialData]:
    """Return the tools among them."""
    return [material for material in materials if material.use == "tool"]


def in_words(material: MaterialData) -> str:
    """Return the amount of one line as it stands in the list; empty where it is not counted."""
    return "" if material.amount is None else amount_text(_exact(material.amount), material.unit)


def _exact(number: float) -> Decimal:
    """Return a stored number as people wrote it: 0.1 is a tenth, not the nearest binary fraction."""
    return Decimal(str(number)).quantize(Decimal("0.001")).normalize()
