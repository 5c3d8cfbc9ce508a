"""Keep what due instants of tasks and promises were counted from.

Revision: e2a94c07b816, after c5d81e9f3a27
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "e2a94c07b816"
down_revision = "c5d81e9f3a27"
branch_labels = None
depends_on = None

#: Texts that rows of before lack: of those nobody knows any more.
TEXTS = (
    ("tasks", "due_calendar", 12),
    ("tasks", "due_version", 120),
    ("service_clocks", "unit", 20),
)


def upgrade() -> None:
    op.add_column("tasks", sa.Column("due_since", sa.DateTime(timezone=True), nullable=True))
    op.add_column("tasks", sa.Column("due_days", sa.Integer(), nullable=True))
    op.add_column("service_clocks", sa.Column("amount", sa.Integer(), nullable=True))
    for table, name, length in TEXTS:
        column = sa.Column(name, sa.String(length), nullable=False, server_default="")
        op.add_column(table, column)
        with op.batch_alter_table(table) as batch:
            batch.alter_column(name, server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("service_clocks") as batch:
        batch.drop_column("amount")
        batch.drop_column("unit")
    with op.batch_alter_table("tasks") as batch:
        for name in ("due_since", "due_days", "due_calendar", "due_version"):
            batch.drop_column(name)
