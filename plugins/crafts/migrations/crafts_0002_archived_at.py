"""the archive is no state of its own, so that what comes back from it is as it was

What was in the archive becomes what it was before, which the audit log knows. Where the log says nothing any more, it
becomes a draft: nobody can tell whether readers ever saw it, and a draft shows them nothing until the librarian says so.

Titles are sorted without whatever signs stand before the first letter, as in the other sections.
"""

import re
from datetime import datetime

import sqlalchemy as sa
from alembic import op

revision = "crafts_0002"
down_revision = "crafts_0001"
branch_labels = None
depends_on = None

ACTIVITY = sa.table(
    "crafts_activity",
    sa.column("id", sa.Integer),
    sa.column("sort_title", sa.String),
    sa.column("state", sa.String),
    sa.column("updated_at", sa.DateTime),
    sa.column("archived_at", sa.DateTime),
)
AUDIT = sa.table(
    "core_audit",
    sa.column("id", sa.Integer),
    sa.column("at", sa.DateTime),
    sa.column("subject_type", sa.String),
    sa.column("subject_key", sa.String),
    sa.column("before", sa.JSON),
    sa.column("after", sa.JSON),
)


def upgrade() -> None:
    op.add_column("crafts_activity", sa.Column("archived_at", sa.DateTime(), nullable=True))
    archived = sa.select(ACTIVITY.c.id, ACTIVITY.c.updated_at).where(ACTIVITY.c.state == "archived")
    for number, updated_at in op.get_bind().execute(archived).all():
        state, at = _put_away(number) or ("draft", updated_at)
        row = ACTIVITY.update().where(ACTIVITY.c.id == number)
        op.execute(row.values(state=state, archived_at=at))
    titles = sa.select(ACTIVITY.c.id, ACTIVITY.c.sort_title)
    for number, title in op.get_bind().execute(titles).all():
        bare = re.sub(r"^[^\w]+", "", title)
        if bare and bare != title:
            op.execute(ACTIVITY.update().where(ACTIVITY.c.id == number).values(sort_title=bare))


def _put_away(number: int) -> tuple[str, datetime] | None:
    """Return what an activity was before it went to the archive the last time, and when that was."""
    entries = (
        sa.select(AUDIT.c.before, AUDIT.c.after, AUDIT.c.at)
        .where(AUDIT.c.subject_type == "crafts_activity", AUDIT.c.subject_key == str(number))
        .order_by(AUDIT.c.id.desc())
    )
    for before, after, at in op.get_bind().execute(entries):
        if (
            before
            and after
            and after.get("state") == "archived"
            and before.get("state") in {"draft", "published"}
        ):
            return before["state"], at
    return None


def downgrade() -> None:
    op.execute(ACTIVITY.update().where(ACTIVITY.c.archived_at.is_not(None)).values(state="archived"))
    op.drop_column("crafts_activity", "archived_at")
