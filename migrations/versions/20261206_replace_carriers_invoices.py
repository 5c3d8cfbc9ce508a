"""Keep which file took the place of a carrier's invoice, since when, by whom and why.

Revision: d4f0a9c2716b, after b81d4e6c0f27
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "d4f0a9c2716b"
down_revision = "b81d4e6c0f27"
branch_labels = None
depends_on = None

TABLE = "carrier_invoices"


def upgrade() -> None:
    with op.batch_alter_table(TABLE, schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "replaced_by_id",
                sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
                nullable=True,
            )
        )
        batch_op.add_column(sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("replaced_by", sa.String(60), nullable=True))
        batch_op.add_column(
            sa.Column("replaced_reason", sa.String(300), nullable=False, server_default="")
        )
    with op.batch_alter_table(TABLE, schema=None) as batch_op:
        batch_op.alter_column("replaced_reason", server_default=None)
        batch_op.create_index(op.f("ix_carrier_invoices_replaced_by_id"), ["replaced_by_id"])
        batch_op.create_foreign_key(
            op.f("fk_carrier_invoices_replaced_by_id_carrier_invoices"), TABLE,
            ["replaced_by_id"], ["id"],
        )  # fmt: skip


def downgrade() -> None:
    with op.batch_alter_table(TABLE, schema=None) as batch_op:
        batch_op.drop_constraint(
            op.f("fk_carrier_invoices_replaced_by_id_carrier_invoices"), type_="foreignkey"
        )
        batch_op.drop_index(op.f("ix_carrier_invoices_replaced_by_id"))
        for name in ("replaced_reason", "replaced_by", "replaced_at", "replaced_by_id"):
            batch_op.drop_column(name)
