"""Keep what a carrier owes above what it accepted: correction and interest, counted to a day.

Revision: a41c7f09d2e6, after 2c91e7ab40d5
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "a41c7f09d2e6"
down_revision = "2c91e7ab40d5"
branch_labels = None
depends_on = None

TABLES = ("contestations", "contestation_items")
NAMES = ("correction", "interest")


def upgrade() -> None:
    for table in TABLES:
        with op.batch_alter_table(table, schema=None) as batch_op:
            for name in NAMES:
                batch_op.add_column(
                    sa.Column(name, sa.BigInteger(), nullable=False, server_default="0")
                )
        with op.batch_alter_table(table, schema=None) as batch_op:
            for name in NAMES:
                batch_op.alter_column(name, server_default=None)
    op.add_column("contestations", sa.Column("counted_on", sa.Date(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("contestations", schema=None) as batch_op:
        batch_op.drop_column("counted_on")
    for table in reversed(TABLES):
        with op.batch_alter_table(table, schema=None) as batch_op:
            for name in reversed(NAMES):
                batch_op.drop_column(name)
