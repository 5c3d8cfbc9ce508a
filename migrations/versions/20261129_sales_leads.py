"""Sales leads that become contracts.

Revision: e2a86c50d714, after b93d17c4e0f5
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "e2a86c50d714"
down_revision = "b93d17c4e0f5"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
NAMED = {"customer_id": "customers", "plan_id": "plans", "consultant_id": "consultants",
         "contract_id": "contracts"}  # fmt: skip


def upgrade() -> None:
    op.create_table(
        "sales_leads",
        sa.Column("id", BIG, nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("stage", sa.String(length=8), nullable=False),
        sa.Column("customer_id", BIG, nullable=True),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("document", sa.String(length=14), nullable=False),
        sa.Column("email", sa.String(length=200), nullable=False),
        sa.Column("mobile", sa.String(length=20), nullable=False),
        sa.Column("city", sa.String(length=80), nullable=False),
        sa.Column("uf", sa.String(length=2), nullable=False),
        sa.Column("plan_id", BIG, nullable=True),
        sa.Column("setup_fee", sa.BigInteger(), nullable=True),
        sa.Column("setup_instalments", sa.Integer(), nullable=True),
        sa.Column("consultant_id", BIG, nullable=True),
        sa.Column("notes", sa.String(length=2000), nullable=False),
        sa.Column("contract_id", BIG, nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(length=60), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.String(length=60), nullable=True),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{table}.id"], name=op.f(f"fk_sales_leads_{column}_{table}")
            )
            for column, table in NAMED.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sales_leads")),
        sa.UniqueConstraint("code", name=op.f("uq_sales_leads_code")),
    )
    with op.batch_alter_table("sales_leads", schema=None) as batch_op:
        batch_op.create_index("ix_sales_leads_stage", ["stage", "id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_sales_leads_customer_id"), ["customer_id"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("sales_leads", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sales_leads_customer_id"))
        batch_op.drop_index("ix_sales_leads_stage")
    op.drop_table("sales_leads")
