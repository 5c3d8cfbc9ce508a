"""Keep how a customer was told of a readjustment by other means than messages.

Revision: 4f81d0a6c93e, after c5a90e7d13f4
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "4f81d0a6c93e"
down_revision = "c5a90e7d13f4"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("contract_readjustments") as batch:
        batch.add_column(sa.Column("told_how", sa.String(300), nullable=False, server_default=""))
    with op.batch_alter_table("contract_readjustments") as batch:
        batch.alter_column("told_how", server_default=None)


def downgrade() -> None:
    op.drop_column("contract_readjustments", "told_how")
