"""A contract's change says of how many months its periods are from then on.

Revision: b81d4e6c0f27, after b7e20c95d143
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "b81d4e6c0f27"
down_revision = "b7e20c95d143"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("contract_changes", sa.Column("months", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("contract_changes", "months")
