"""Keep the worklist of collections as of a day; the next daily run fills it.

Revision: b8d20f6a91c4, after e17b90c4d35a
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "b8d20f6a91c4"
down_revision = "e17b90c4d35a"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
ORDERS = {
    "expected": "expected",
    "amount": "amount",
    "due": "due_date",
    "name": "searched_name",
}


def upgrade() -> None:
    op.create_table(
        "worklist_days",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("policy", JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_worklist_days")),
    )
    op.create_table(
        "worklist_accounts",
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("invoices", sa.Integer(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("due_date", sa.Date(), nullable=False),
        sa.Column("broken", sa.Integer(), nullable=False),
        sa.Column("expected", sa.BigInteger(), nullable=False),
        sa.Column("searched_name", sa.String(length=160), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customers.id"],
            name=op.f("fk_worklist_accounts_customer_id_customers"),
        ),
        sa.PrimaryKeyConstraint("customer_id", name=op.f("pk_worklist_accounts")),
    )
    with op.batch_alter_table("worklist_accounts", schema=None) as batch_op:
        for name, column in ORDERS.items():
            batch_op.create_index(f"ix_worklist_accounts_{name}", [column, "customer_id"])
    with op.batch_alter_table("collection_accounts", schema=None) as batch_op:
        batch_op.create_index(
            "ix_collection_accounts_contacted", ["last_contact_at", "customer_id"]
        )


def downgrade() -> None:
    with op.batch_alter_table("collection_accounts", schema=None) as batch_op:
        batch_op.drop_index("ix_collection_accounts_contacted")
    op.drop_table("worklist_accounts")
    op.drop_table("worklist_days")
