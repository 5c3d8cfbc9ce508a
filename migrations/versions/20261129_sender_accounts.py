"""Send e-mails under accounts of their own.

Revision: b93d17c4e0f5, after 7c1e5a04b8d3
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "b93d17c4e0f5"
down_revision = "7c1e5a04b8d3"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "sender_accounts",
        sa.Column("id", BIG, nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("is_default", sa.Boolean(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sender_accounts")),
        sa.UniqueConstraint("code", name=op.f("uq_sender_accounts_code")),
    )
    for table in ("payment_profiles", "messages"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column("sender_account_id", BIG, nullable=True))
            batch_op.create_foreign_key(
                batch_op.f(f"fk_{table}_sender_account_id_sender_accounts"),
                "sender_accounts",
                ["sender_account_id"],
                ["id"],
            )


def downgrade() -> None:
    for table in ("messages", "payment_profiles"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_constraint(
                batch_op.f(f"fk_{table}_sender_account_id_sender_accounts"), type_="foreignkey"
            )
            batch_op.drop_column("sender_account_id")
    op.drop_table("sender_accounts")
