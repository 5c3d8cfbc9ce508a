"""Keep the days that a charge lost.

Revision: 0691cae9f21a, after 51017d67b36f
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0691cae9f21a"
down_revision = "51017d67b36f"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("charges", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("lost_days", sa.Integer(), nullable=False, server_default="0")
        )
    # The default was for the charges that are there: the program always says it.
    with op.batch_alter_table("charges", schema=None) as batch_op:
        batch_op.alter_column("lost_days", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("charges", schema=None) as batch_op:
        batch_op.drop_column("lost_days")
