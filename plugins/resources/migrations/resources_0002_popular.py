"""the order by which the home page finds what is opened most"""

from alembic import op

revision = "resources_0002"
down_revision = "resources_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_resources_resource_opened", "resources_resource", ["opened"])


def downgrade() -> None:
    op.drop_index("ix_resources_resource_opened", table_name="resources_resource")
