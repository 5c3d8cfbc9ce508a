"""Charge the legal rate where a payment profile has no interest agreed.

Revision: 9c41d07be2a5, after f3b7d2a81c59
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "9c41d07be2a5"
down_revision = "f3b7d2a81c59"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("payment_profiles") as batch:
        batch.add_column(
            sa.Column("has_legal_rate", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    with op.batch_alter_table("payment_profiles") as batch:
        batch.alter_column("has_legal_rate", existing_type=sa.Boolean(), server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("payment_profiles") as batch:
        batch.drop_column("has_legal_rate")
