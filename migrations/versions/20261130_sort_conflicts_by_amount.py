"""Sort conflicts at the bureau by amount from an index.

Revision: 3b8f61d0c927, after b61e9c2f40d8
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "3b8f61d0c927"
down_revision = "b61e9c2f40d8"
branch_labels = None
depends_on = None

SHOWN = """(
CASE
    WHEN status = 'settled' THEN amount
    ELSE open_amount
END)"""
CONFLICT = sa.text("bureau_stage = 'conflict'")


def upgrade() -> None:
    op.create_index(
        "ix_invoices_conflict_amount",
        "invoices",
        ["bureau_stage", sa.text(SHOWN), "id"],
        sqlite_where=CONFLICT,
        postgresql_where=CONFLICT,
    )


def downgrade() -> None:
    op.drop_index("ix_invoices_conflict_amount", "invoices")
