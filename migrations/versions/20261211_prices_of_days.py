"""Keep what a term cost before its renewal, and the prices of the days of a plan for a time.

Revision: 5d2a71c9e4b8, after 5c9e27d1b840
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "5d2a71c9e4b8"
down_revision = "5c9e27d1b840"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.add_column("contract_renewals", sa.Column("amount_before", sa.BigInteger(), nullable=True))
    with op.batch_alter_table("contract_changes") as batch:
        batch.add_column(sa.Column("next_prices", JSON, nullable=False, server_default="{}"))
    with op.batch_alter_table("contract_changes") as batch:
        batch.alter_column("next_prices", server_default=None)


def downgrade() -> None:
    op.drop_column("contract_changes", "next_prices")
    op.drop_column("contract_renewals", "amount_before")
