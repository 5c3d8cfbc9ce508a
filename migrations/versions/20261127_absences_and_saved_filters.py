"""Absences that begin later, what people take on, and the filters that they keep.

Revision: 6a4be1c7d203, after 3f8d2a6c91be
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "6a4be1c7d203"
down_revision = "3f8d2a6c91be"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("users", schema=None) as batch_op:
        batch_op.add_column(sa.Column("absent_from", sa.Date(), nullable=True))
        batch_op.add_column(
            sa.Column("skills", sa.String(length=300), nullable=False, server_default="")
        )
        batch_op.add_column(sa.Column("task_limit", sa.Integer(), nullable=True))
    with op.batch_alter_table("users", schema=None) as batch_op:
        batch_op.alter_column("skills", server_default=None)
    op.create_table(
        "saved_filters",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("path", sa.String(length=120), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("query", sa.String(length=1000), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_saved_filters_user_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_filters")),
        sa.UniqueConstraint(
            "user_id", "path", "name", name=op.f("uq_saved_filters_user_id_path_name")
        ),
    )


def downgrade() -> None:
    op.drop_table("saved_filters")
    with op.batch_alter_table("users", schema=None) as batch_op:
        batch_op.drop_column("task_limit")
        batch_op.drop_column("skills")
        batch_op.drop_column("absent_from")
