"""Keep how long the periods are by which an additional service is counted.

Revision: 7c30e95ab1f4, after 7d3af1c95e26
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "7c30e95ab1f4"
down_revision = "7d3af1c95e26"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("contract_services") as batch:
        batch.add_column(sa.Column("period_months", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("charged", sa.BigInteger(), nullable=False, server_default="0"))
        batch.add_column(sa.Column("recounted_on", sa.Date(), nullable=True))
    with op.batch_alter_table("contract_services") as batch:
        batch.alter_column("charged", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("contract_services") as batch:
        for name in ("recounted_on", "charged", "period_months"):
            batch.drop_column(name)
