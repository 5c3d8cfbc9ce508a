"""Check-lists by kind of task.

Revision: c70d18e5f2a6, after 91c4e7a0d3b5
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "c70d18e5f2a6"
down_revision = "91c4e7a0d3b5"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "task_list_items",
        sa.Column("id", KEY, nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("task_kind", sa.String(length=60), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_list_items")),
        sa.UniqueConstraint("code", name=op.f("uq_task_list_items_code")),
    )


def downgrade() -> None:
    op.drop_table("task_list_items")
