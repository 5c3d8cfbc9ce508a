"""Count the open cases along one index.

Revision: 9be47c01d2f6, after ae714e7eb1a3
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "9be47c01d2f6"
down_revision = "ae714e7eb1a3"
branch_labels = None
depends_on = None

OPEN = sa.text("closed_at IS NULL")


def upgrade() -> None:
    op.create_index(
        "ix_cases_open",
        "cases",
        ["process", "stage", "stage_since", "due_at", "next_at", "breached_at", "closed_at"],
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )


def downgrade() -> None:
    op.drop_index("ix_cases_open", "cases")
