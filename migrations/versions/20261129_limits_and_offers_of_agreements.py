"""Limits and offers of agreements, and what waits for a second person.

Revision: 7a31f0c8e5d6, after 5d20c1f7a9b4
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "7a31f0c8e5d6"
down_revision = "5d20c1f7a9b4"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "agreement_limits",
        sa.Column("id", BIG, nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("from_days_late", sa.Integer(), nullable=False),
        sa.Column("most_discount_percent", sa.Numeric(precision=5, scale=2), nullable=False),
        sa.Column("least_down_percent", sa.Numeric(precision=5, scale=2), nullable=False),
        sa.Column("most_instalments", sa.Integer(), nullable=False),
        sa.Column("most_reagreements", sa.Integer(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement_limits")),
        sa.UniqueConstraint("code", name=op.f("uq_agreement_limits_code")),
    )
    op.create_table(
        "agreement_offers",
        sa.Column("id", BIG, nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("from_days_late", sa.Integer(), nullable=False),
        sa.Column("discount_percent", sa.Numeric(precision=5, scale=2), nullable=False),
        sa.Column("discount_account_id", BIG, nullable=True),
        sa.Column("increase_percent", sa.Numeric(precision=5, scale=2), nullable=False),
        sa.Column("increase_account_id", BIG, nullable=True),
        sa.Column("instalments", sa.Integer(), nullable=False),
        sa.Column("first_due_days", sa.Integer(), nullable=False),
        sa.Column("tolerance_days", sa.Integer(), nullable=False),
        sa.Column("category_id", BIG, nullable=False),
        sa.Column("is_for_customers", sa.Boolean(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["category_id"],
            ["agreement_categories.id"],
            name=op.f("fk_agreement_offers_category_id_agreement_categories"),
        ),
        sa.ForeignKeyConstraint(
            ["discount_account_id"],
            ["ledger_accounts.id"],
            name=op.f("fk_agreement_offers_discount_account_id_ledger_accounts"),
        ),
        sa.ForeignKeyConstraint(
            ["increase_account_id"],
            ["ledger_accounts.id"],
            name=op.f("fk_agreement_offers_increase_account_id_ledger_accounts"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement_offers")),
        sa.UniqueConstraint("code", name=op.f("uq_agreement_offers_code")),
    )
    op.create_table(
        "agreement_requests",
        sa.Column("id", BIG, nullable=False),
        sa.Column("customer_id", BIG, nullable=False),
        sa.Column("form", JSON, nullable=False),
        sa.Column("principal", sa.BigInteger(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("excess", JSON, nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by", sa.String(length=60), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.String(length=60), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("agreement_id", BIG, nullable=True),
        sa.ForeignKeyConstraint(
            ["agreement_id"],
            ["agreements.id"],
            name=op.f("fk_agreement_requests_agreement_id_agreements"),
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customers.id"],
            name=op.f("fk_agreement_requests_customer_id_customers"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement_requests")),
    )
    with op.batch_alter_table("agreement_requests", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_agreement_requests_customer_id"), ["customer_id"], unique=False
        )
        batch_op.create_index("ix_agreement_requests_status", ["status", "id"], unique=False)
    with op.batch_alter_table("agreements", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("approved_by", sa.String(length=60), server_default="", nullable=False)
        )
    with op.batch_alter_table("agreements", schema=None) as batch_op:
        batch_op.alter_column("approved_by", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("agreements", schema=None) as batch_op:
        batch_op.drop_column("approved_by")
    op.drop_table("agreement_requests")
    op.drop_table("agreement_offers")
    op.drop_table("agreement_limits")
