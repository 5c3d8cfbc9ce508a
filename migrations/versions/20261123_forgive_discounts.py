"""Payments: what was forgiven for being paid in time.

Revision: 7d2f0c61b3e8, after be7299dd6c92
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "7d2f0c61b3e8"
down_revision = "be7299dd6c92"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("payments", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("discount", sa.BigInteger(), nullable=False, server_default="0")
        )
    # The default was for the payments that are there: the program always says it.
    with op.batch_alter_table("payments", schema=None) as batch_op:
        batch_op.alter_column("discount", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("payments", schema=None) as batch_op:
        batch_op.drop_column("discount")
