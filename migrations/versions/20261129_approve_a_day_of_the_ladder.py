"""Approve a day of the ladder.

Revision: f4b8d1a06c35, after e2a86c50d714
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "f4b8d1a06c35"
down_revision = "e2a86c50d714"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "ladder_approvals",
        sa.Column("id", BIG, nullable=False),
        sa.Column("invoice_id", BIG, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["invoices.id"], name=op.f("fk_ladder_approvals_invoice_id_invoices")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ladder_approvals")),
        sa.UniqueConstraint("day", "invoice_id", name=op.f("uq_ladder_approvals_day_invoice_id")),
    )
    with op.batch_alter_table("ladder_approvals", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_ladder_approvals_invoice_id"), ["invoice_id"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("ladder_approvals", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ladder_approvals_invoice_id"))

    op.drop_table("ladder_approvals")
