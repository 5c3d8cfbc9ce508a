"""Give tasks a check-list.

Revision: 7d0e4b93fa26, after a51f09c3be27
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "7d0e4b93fa26"
down_revision = "a51f09c3be27"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "task_items",
        sa.Column("id", KEY, nullable=False),
        sa.Column("task_id", KEY, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=200), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by", sa.String(length=60), nullable=True),
        sa.ForeignKeyConstraint(
            ["task_id"], ["tasks.id"], name=op.f("fk_task_items_task_id_tasks")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_items")),
    )
    op.create_index("ix_task_items_task", "task_items", ["task_id", "position"])


def downgrade() -> None:
    op.drop_index("ix_task_items_task", "task_items")
    op.drop_table("task_items")
