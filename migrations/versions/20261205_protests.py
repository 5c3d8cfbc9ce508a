"""Keep protests of invoices at notaries' offices.

Revision: b7e20c95d143, after c5e8a1d70f46
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "b7e20c95d143"
down_revision = "c5e8a1d70f46"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "protests",
        sa.Column("id", BIG, nullable=False),
        sa.Column("invoice_id", BIG, nullable=False),
        sa.Column("customer_id", BIG, nullable=False),
        sa.Column("office", sa.String(length=120), nullable=False),
        sa.Column("protocol", sa.String(length=40), nullable=False),
        sa.Column("protocolled_on", sa.Date(), nullable=False),
        sa.Column("pay_until", sa.Date(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("stage", sa.String(length=12), nullable=False),
        sa.Column("stage_on", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_protests_customer_id_customers")
        ),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["invoices.id"], name=op.f("fk_protests_invoice_id_invoices")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_protests")),
    )
    with op.batch_alter_table("protests", schema=None) as batch_op:
        batch_op.create_index("ix_protests_invoice", ["invoice_id", "stage"], unique=False)
        batch_op.create_index(op.f("ix_protests_customer_id"), ["customer_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("protests", schema=None) as batch_op:
        batch_op.drop_index(op.f("ix_protests_customer_id"))
        batch_op.drop_index("ix_protests_invoice")
    op.drop_table("protests")
