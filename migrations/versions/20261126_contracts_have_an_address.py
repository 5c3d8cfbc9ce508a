"""Contracts have an address and pass to others.

Revision: 1c027439a94d, after dda2ccd376da
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "1c027439a94d"
down_revision = "dda2ccd376da"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("contract_changes", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "to_customer_id",
                sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
                nullable=True,
            )
        )
        batch_op.add_column(
            sa.Column(
                "address",
                sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
                nullable=False,
                server_default="{}",
            )
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_contract_changes_to_customer_id_customers"),
            "customers",
            ["to_customer_id"],
            ["id"],
        )

    with op.batch_alter_table("contracts", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "address",
                sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
                nullable=False,
                server_default="{}",
            )
        )
    # The default was for the rows that are there: the program always says it.
    for table in ("contract_changes", "contracts"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.alter_column("address", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("contracts", schema=None) as batch_op:
        batch_op.drop_column("address")

    with op.batch_alter_table("contract_changes", schema=None) as batch_op:
        batch_op.drop_constraint(
            batch_op.f("fk_contract_changes_to_customer_id_customers"), type_="foreignkey"
        )
        batch_op.drop_column("address")
        batch_op.drop_column("to_customer_id")
