"""Tell fines apart from interest.

Revision: 7c1e5a04b8d3, after 4f0c6b7d92a1
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "7c1e5a04b8d3"
down_revision = "4f0c6b7d92a1"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("payments", schema=None) as batch_op:
        batch_op.add_column(sa.Column("fine", sa.BigInteger(), nullable=False, server_default="0"))
    # The default was for the payments that are there: the program always says it.
    with op.batch_alter_table("payments", schema=None) as batch_op:
        batch_op.alter_column("fine", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("payments", schema=None) as batch_op:
        batch_op.drop_column("fine")
