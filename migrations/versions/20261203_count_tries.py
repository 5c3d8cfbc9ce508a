"""Count tries of log-ins and links in the database, for every process alike.

Revision: 5e8c13fa7d02, after 7d2b96e0f418
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "5e8c13fa7d02"
down_revision = "7d2b96e0f418"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "try_counts",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("minute", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", "minute", name="pk_try_counts"),
    )


def downgrade() -> None:
    op.drop_table("try_counts")
