"""Take in what customers answer by SMS.

Revision: 84d2c3ba9f17, after 28f9f62c0c58
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "84d2c3ba9f17"
down_revision = "28f9f62c0c58"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "inbound_sms",
        sa.Column("id", KEY, nullable=False),
        sa.Column("provider_id", sa.String(length=120), nullable=False),
        sa.Column("sender", sa.String(length=20), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("customer_id", KEY, nullable=True),
        sa.Column("case_id", KEY, nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_inbound_sms_case_id_cases")
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_inbound_sms_customer_id_customers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbound_sms")),
        sa.UniqueConstraint("provider_id", name=op.f("uq_inbound_sms_provider_id")),
    )
    op.create_index(op.f("ix_inbound_sms_customer_id"), "inbound_sms", ["customer_id"])
    op.create_index(op.f("ix_customers_mobile"), "customers", ["mobile"])


def downgrade() -> None:
    op.drop_index(op.f("ix_customers_mobile"), "customers")
    op.drop_table("inbound_sms")
