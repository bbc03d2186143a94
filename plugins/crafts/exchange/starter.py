"""The activities that the workshop begins with. No Flask here."""

import tomllib
from pathlib import Path
from typing import Final

from sqlalchemy import select

from libhub.api import db, writing
from plugins.crafts import rules
from plugins.crafts.activity_data import ActivityData
from plugins.crafts.exchange.checking import checked, data_from
from plugins.crafts.models import Activity

STARTER: Final = Path(__file__).parents[1] / "starter"


def load_starter(folder: Path) -> None:
    """Add the activities of a folder (a TOML file each) that are not there yet."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.toml"))]
    some = [checked(data_from(ActivityData, tomllib.loads(text))) for text in texts]
    with writing():
        known = set(db.session.scalars(select(Activity.uid)))
        for data in some:
            if data.uid not in known:
                rules.save(data, state="published")
