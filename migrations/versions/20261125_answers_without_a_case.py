"""Keep answers to commands that no case waits for.

Revision: 5f2c9d1b7e30, after dc634285a3d6
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "5f2c9d1b7e30"
down_revision = "dc634285a3d6"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("commands", schema=None) as batch_op:
        batch_op.alter_column("case_id", existing_type=NUMBER, nullable=True)


def downgrade() -> None:
    op.execute("DELETE FROM commands WHERE case_id IS NULL")
    with op.batch_alter_table("commands", schema=None) as batch_op:
        batch_op.alter_column("case_id", existing_type=NUMBER, nullable=False)
