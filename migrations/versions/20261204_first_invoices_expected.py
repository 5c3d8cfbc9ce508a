"""Keep from which month on a new account's invoices are expected.

Revision: 2f9d84b6e1a7, after 5e8c13fa7d02
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2f9d84b6e1a7"
down_revision = "5e8c13fa7d02"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("carrier_accounts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("expected_since", sa.Date(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("carrier_accounts", schema=None) as batch_op:
        batch_op.drop_column("expected_since")
