"""Plans have a welcome of their own.

Revision: da6a6125eaca, after c27b90e4d518
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "da6a6125eaca"
down_revision = "c27b90e4d518"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("plans", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("welcome_template", sa.String(length=40), nullable=False, server_default="")
        )
    # The default was for the plans that are there: the program always says it.
    with op.batch_alter_table("plans", schema=None) as batch_op:
        batch_op.alter_column("welcome_template", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("plans", schema=None) as batch_op:
        batch_op.drop_column("welcome_template")
