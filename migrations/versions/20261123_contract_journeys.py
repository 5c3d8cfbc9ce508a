"""Dated changes, renewals and readjustments of contracts, and drafts of the wizard.

Revision: ac3ba494acb7, after 3b4d5d615fa6
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "ac3ba494acb7"
down_revision = "3b4d5d615fa6"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "contract_drafts",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "customer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("by", sa.String(length=60), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("form", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_contract_drafts_customer_id_customers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract_drafts")),
        sa.UniqueConstraint("customer_id", "by", name=op.f("uq_contract_drafts_customer_id_by")),
    )
    with op.batch_alter_table("contract_drafts", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_contract_drafts_customer_id"), ["customer_id"], unique=False
        )

    op.create_table(
        "contract_changes",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "contract_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("kind", sa.String(length=14), nullable=False),
        sa.Column("stage", sa.String(length=10), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("plan_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column(
            "plan_before_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("amount_before", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("asked_by", sa.String(length=60), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["contract_id"],
            ["contracts.id"],
            name=op.f("fk_contract_changes_contract_id_contracts"),
        ),
        sa.ForeignKeyConstraint(
            ["plan_before_id"], ["plans.id"], name=op.f("fk_contract_changes_plan_before_id_plans")
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["plans.id"], name=op.f("fk_contract_changes_plan_id_plans")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract_changes")),
    )
    with op.batch_alter_table("contract_changes", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_contract_changes_contract_id"), ["contract_id"], unique=False
        )

    op.create_table(
        "contract_readjustments",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "contract_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column(
            "price_index_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("stage", sa.String(length=10), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("percent", sa.Numeric(precision=12, scale=6), nullable=True),
        sa.Column("amount_before", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("told_on", sa.Date(), nullable=True),
        sa.Column("repriced", sa.Integer(), nullable=False),
        sa.Column("asked", sa.Boolean(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["contract_id"],
            ["contracts.id"],
            name=op.f("fk_contract_readjustments_contract_id_contracts"),
        ),
        sa.ForeignKeyConstraint(
            ["price_index_id"],
            ["price_indices.id"],
            name=op.f("fk_contract_readjustments_price_index_id_price_indices"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract_readjustments")),
        sa.UniqueConstraint(
            "contract_id", "month", name=op.f("uq_contract_readjustments_contract_id_month")
        ),
    )
    with op.batch_alter_table("contract_readjustments", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_contract_readjustments_price_index_id"), ["price_index_id"], unique=False
        )

    op.create_table(
        "contract_renewals",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "contract_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("term", sa.Integer(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("stage", sa.String(length=10), nullable=False),
        sa.Column("notices", sa.Integer(), nullable=False),
        sa.Column("told_on", sa.Date(), nullable=True),
        sa.Column("asked", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contract_id"],
            ["contracts.id"],
            name=op.f("fk_contract_renewals_contract_id_contracts"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract_renewals")),
        sa.UniqueConstraint(
            "contract_id", "term", name=op.f("uq_contract_renewals_contract_id_term")
        ),
    )
    with op.batch_alter_table("due_day_rules", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("is_default", sa.Boolean(), nullable=False, server_default=sa.false())
        )

    with op.batch_alter_table("price_index_months", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("is_active", sa.Boolean(), nullable=False, server_default=sa.true())
        )

    with op.batch_alter_table("sla_tables", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("is_default", sa.Boolean(), nullable=False, server_default=sa.false())
        )

    with op.batch_alter_table("sla_targets", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("is_active", sa.Boolean(), nullable=False, server_default=sa.true())
        )


def downgrade() -> None:
    with op.batch_alter_table("sla_targets", schema=None) as batch_op:
        batch_op.drop_column("is_active")

    with op.batch_alter_table("sla_tables", schema=None) as batch_op:
        batch_op.drop_column("is_default")

    with op.batch_alter_table("price_index_months", schema=None) as batch_op:
        batch_op.drop_column("is_active")

    with op.batch_alter_table("due_day_rules", schema=None) as batch_op:
        batch_op.drop_column("is_default")

    op.drop_table("contract_renewals")
    with op.batch_alter_table("contract_readjustments", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contract_readjustments_price_index_id"))

    op.drop_table("contract_readjustments")
    with op.batch_alter_table("contract_changes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contract_changes_contract_id"))

    op.drop_table("contract_changes")
    with op.batch_alter_table("contract_drafts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contract_drafts_customer_id"))

    op.drop_table("contract_drafts")
