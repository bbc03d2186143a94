"""Things of the workshop for the contract suite."""

from plugins.crafts import domain
from plugins.crafts.content import ActivityData, MaterialData, StepData


def sample(title: str = "Поделка", **changes: object) -> ActivityData:
    """Return an activity that has something of everything."""
    values: dict[str, object] = {
        "title": title,
        "summary": "Простая вещь из бумаги",
        "minutes": 15,
        "techniques": ("складывание",),
        "holidays": ("new_year",),
        "seasons": ("winter",),
        "materials": (
            MaterialData("цветная бумага", 2, "sheet", pack=10, replacements=("газета",)),
            MaterialData("клей"),
            MaterialData("ножницы", use="tool"),
        ),
        "steps": (StepData("Сложите лист пополам."), StepData("Склейте края.", warning="Клей липкий.")),
        **changes,
    }
    return ActivityData(**values)  # type: ignore[arg-type]


def make_items(number: int) -> None:
    """Make activities that everybody may see; each with steps, materials and tags, so that a query per row is noticed."""
    for place in range(number):
        domain.save(sample(f"Поделка номер {place}"), state="published")
