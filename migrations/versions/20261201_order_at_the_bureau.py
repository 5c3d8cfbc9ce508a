"""Keep orders to the credit bureau.

Revision: 2c91e7ab40d5, after 7e2d5a90c4b1
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2c91e7ab40d5"
down_revision = "7e2d5a90c4b1"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "bureau_orders",
        sa.Column("id", BIG, nullable=False),
        sa.Column("record_id", BIG, nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("status", sa.String(length=8), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("batch", sa.String(length=40), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.String(length=60), nullable=True),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(
            ["record_id"],
            ["bureau_records.id"],
            name=op.f("fk_bureau_orders_record_id_bureau_records"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bureau_orders")),
    )
    with op.batch_alter_table("bureau_orders", schema=None) as batch_op:
        batch_op.create_index("ix_bureau_orders_status", ["status", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_bureau_orders_batch"), ["batch"], unique=False)
        batch_op.create_index(batch_op.f("ix_bureau_orders_record_id"), ["record_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("bureau_orders", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_bureau_orders_record_id"))
        batch_op.drop_index(batch_op.f("ix_bureau_orders_batch"))
        batch_op.drop_index("ix_bureau_orders_status")
    op.drop_table("bureau_orders")
