"""Anonymise customers.

Revision: 4f0c6b7d92a1, after 7d15ac3e08f4
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "4f0c6b7d92a1"
down_revision = "7d15ac3e08f4"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "anonymisations",
        sa.Column("id", BIG, nullable=False),
        sa.Column("customer_id", BIG, nullable=False),
        sa.Column("basis", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("stage", sa.String(length=10), nullable=False),
        sa.Column("waits_until", sa.Date(), nullable=True),
        sa.Column("asked", sa.Boolean(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by", sa.String(length=60), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.String(length=60), nullable=True),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_anonymisations_customer_id_customers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_anonymisations")),
    )
    with op.batch_alter_table("anonymisations", schema=None) as batch_op:
        batch_op.create_index("ix_anonymisations_customer", ["customer_id", "id"], unique=False)
        batch_op.create_index("ix_anonymisations_stage", ["stage", "id"], unique=False)
    with op.batch_alter_table("customers", schema=None) as batch_op:
        batch_op.add_column(sa.Column("anonymised_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("customers", schema=None) as batch_op:
        batch_op.drop_column("anonymised_at")
    with op.batch_alter_table("anonymisations", schema=None) as batch_op:
        batch_op.drop_index("ix_anonymisations_stage")
        batch_op.drop_index("ix_anonymisations_customer")
    op.drop_table("anonymisations")
