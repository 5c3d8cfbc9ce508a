"""Prove notices of the credit bureau.

Revision: 91d4be07f3a6, after c70d18e5f2a6
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "91d4be07f3a6"
down_revision = "c70d18e5f2a6"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("bureau_records", schema=None) as batch_op:
        batch_op.add_column(sa.Column("proven_on", sa.Date(), nullable=True))
        batch_op.add_column(
            sa.Column("proof", sa.String(length=300), nullable=False, server_default="")
        )
    with op.batch_alter_table("bureau_records", schema=None) as batch_op:
        batch_op.alter_column("proof", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("bureau_records", schema=None) as batch_op:
        batch_op.drop_column("proof")
        batch_op.drop_column("proven_on")
