"""Find what a relay holds of a workflow without what waits.

Revision: e1a7c35d9b20, after 9be47c01d2f6
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "e1a7c35d9b20"
down_revision = "9be47c01d2f6"
branch_labels = None
depends_on = None

HELD = sa.text("delivered_at IS NULL AND claimed_until IS NOT NULL")


def upgrade() -> None:
    op.create_index(
        "ix_outbox_held",
        "outbox",
        ["workflow_id", "id"],
        unique=False,
        sqlite_where=HELD,
        postgresql_where=HELD,
    )


def downgrade() -> None:
    op.drop_index("ix_outbox_held", table_name="outbox")
