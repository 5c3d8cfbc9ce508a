"""Keep how a customer was told of a renewal by other means than messages.

Revision: b2740c9d5fe1, after 7e41d9a0c652
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "b2740c9d5fe1"
down_revision = "7e41d9a0c652"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("contract_renewals") as batch:
        batch.add_column(
            sa.Column("notices_proven", sa.Integer(), nullable=False, server_default="0")
        )
        batch.add_column(sa.Column("told_how", sa.String(300), nullable=False, server_default=""))
    with op.batch_alter_table("contract_renewals") as batch:
        batch.alter_column("notices_proven", server_default=None)
        batch.alter_column("told_how", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("contract_renewals") as batch:
        batch.drop_column("told_how")
        batch.drop_column("notices_proven")
