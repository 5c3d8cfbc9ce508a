"""Keep how much of an imported contract's setup the system before charged.

Revision: 5d0b7c19e3a4, after 5d2a71c9e4b8
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "5d0b7c19e3a4"
down_revision = "5d2a71c9e4b8"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("contracts") as batch:
        batch.add_column(sa.Column("setup_charged_before", sa.Integer(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("contracts") as batch:
        batch.drop_column("setup_charged_before")
