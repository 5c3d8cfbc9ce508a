"""Charges know their billing run.

Revision: 5b1c0e7d4a92, after 0c7a36b59fda
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "5b1c0e7d4a92"
down_revision = "0c7a36b59fda"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("charges", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("run_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
        )
        batch_op.create_index(batch_op.f("ix_charges_run_id"), ["run_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_charges_run_id_bulk_runs"), "bulk_runs", ["run_id"], ["id"]
        )


def downgrade() -> None:
    with op.batch_alter_table("charges", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_charges_run_id_bulk_runs"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_charges_run_id"))
        batch_op.drop_column("run_id")
