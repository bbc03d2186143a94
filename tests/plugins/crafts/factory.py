"""Things of the workshop for the contract suite."""

import io

from PIL import Image

from libhub.accounts import accounts
from libhub.api import db, writing
from libhub.web.visitor import viewer_of
from plugins.crafts import activity_quizzes, rules
from plugins.crafts.activity_data import ActivityData, MaterialData, StepData
from plugins.crafts.gallery import gallery_works, likes
from plugins.crafts.gallery.gallery_works import NewWork
from plugins.crafts.models import ActivityDraft

PERSONAL_WORDS = ("черновикподелки", "подписькработе", "Марфуша")
"""What :func:`make_personal_data` lets the person write."""


def sample(title: str = "Поделка", **changes: object) -> ActivityData:
    """Return an activity that has something of everything."""
    values: dict[str, object] = {
        "title": title,
        "summary": "Простая вещь из бумаги",
        "minutes": 15,
        "age": 0,
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
        rules.save(sample(f"Поделка номер {place}"), state="published")


def photo(*, exif: bytes = b"", size: tuple[int, int] = (64, 48)) -> io.BytesIO:
    """Return a JPEG as a telephone sends it."""
    stream = io.BytesIO()
    Image.new("RGB", size, "#0b6e66").save(stream, "JPEG", exif=exif)
    stream.seek(0)
    return stream


def make_work(user_id: int, activity_id: int, caption: str = "Моя работа", name: str = "Анна") -> int:
    """Make a work that waits for approval."""
    new = NewWork("работа.jpg", photo(), caption, name, consent=True)
    return gallery_works.add(rules.get(activity_id), viewer_of(accounts.get_user(user_id)), new)


def make_personal_data(user_id: int) -> None:
    """Make one row of everything that the workshop keeps of a person."""
    activity_id = rules.save(sample("Для личных данных"), state="published")
    work_id = make_work(user_id, activity_id, *PERSONAL_WORDS[1:])
    likes.like(work_id, viewer_of(accounts.get_user(user_id)), wanted=True)
    activity_quizzes.keep(activity_id, user_id, activity_quizzes.Checked([], 0))
    with writing():
        db.session.add(
            ActivityDraft(activity_id=activity_id, user_id=user_id, typed={"title": [PERSONAL_WORDS[0]]})
        )
