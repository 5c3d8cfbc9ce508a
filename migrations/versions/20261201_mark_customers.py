"""Mark customers who are not chased by routine.

Revision: d2f7c1905e8b, after 91d4be07f3a6
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "d2f7c1905e8b"
down_revision = "91d4be07f3a6"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "customer_marks",
        sa.Column("id", BIG, nullable=False),
        sa.Column("customer_id", BIG, nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=60), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.String(length=60), nullable=True),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customers.id"],
            name=op.f("fk_customer_marks_customer_id_customers"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_marks")),
    )
    with op.batch_alter_table("customer_marks", schema=None) as batch_op:
        batch_op.create_index("ix_customer_marks_customer", ["customer_id", "until"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("customer_marks", schema=None) as batch_op:
        batch_op.drop_index("ix_customer_marks_customer")
    op.drop_table("customer_marks")
