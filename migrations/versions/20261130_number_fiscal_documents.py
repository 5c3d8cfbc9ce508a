"""Number fiscal documents.

Revision: a51f09c3be27, after c3a9d07e51b4
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "a51f09c3be27"
down_revision = "c3a9d07e51b4"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "fiscal_series",
        sa.Column("id", BIG, nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("series", sa.Integer(), nullable=False),
        sa.Column("next_number", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fiscal_series")),
        sa.UniqueConstraint("code", name=op.f("uq_fiscal_series_code")),
    )
    op.create_table(
        "fiscal_documents",
        sa.Column("id", BIG, nullable=False),
        sa.Column("series_id", BIG, nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("series", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("invoice_id", BIG, nullable=False),
        sa.Column("customer_id", BIG, nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column(
            "lines", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("batch", sa.String(length=40), nullable=False),
        sa.Column("access_key", sa.String(length=44), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(
            ["series_id"],
            ["fiscal_series.id"],
            name=op.f("fk_fiscal_documents_series_id_fiscal_series"),
        ),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["invoices.id"], name=op.f("fk_fiscal_documents_invoice_id_invoices")
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customers.id"],
            name=op.f("fk_fiscal_documents_customer_id_customers"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fiscal_documents")),
        sa.UniqueConstraint(
            "series_id", "number", name=op.f("uq_fiscal_documents_series_id_number")
        ),
        sa.UniqueConstraint("invoice_id", "kind", name=op.f("uq_fiscal_documents_invoice_id_kind")),
    )
    with op.batch_alter_table("fiscal_documents", schema=None) as batch_op:
        batch_op.create_index("ix_fiscal_documents_status", ["status", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_fiscal_documents_batch"), ["batch"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_fiscal_documents_customer_id"), ["customer_id"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("fiscal_documents", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_fiscal_documents_customer_id"))
        batch_op.drop_index(batch_op.f("ix_fiscal_documents_batch"))
        batch_op.drop_index("ix_fiscal_documents_status")
    op.drop_table("fiscal_documents")
    op.drop_table("fiscal_series")
