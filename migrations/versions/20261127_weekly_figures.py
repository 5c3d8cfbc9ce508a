"""Mail the week's figures to managers who ask for them.

Revision: d51f7a2e8c06, after da6a6125eaca
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "d51f7a2e8c06"
down_revision = "da6a6125eaca"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("users", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "weekly_figures", sa.Boolean(), nullable=False, server_default=sa.text("false")
            )
        )
    with op.batch_alter_table("users", schema=None) as batch_op:
        batch_op.alter_column("weekly_figures", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("users", schema=None) as batch_op:
        batch_op.drop_column("weekly_figures")
