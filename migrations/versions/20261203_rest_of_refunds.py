"""Keep what of a refund was given, and whether a month of its index is still to come.

Revision: 93f2a6c05be8, after d41c0b7e92f5
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "93f2a6c05be8"
down_revision = "d41c0b7e92f5"
branch_labels = None
depends_on = None

TABLE = "received_contestations"
ADDED = (("given", sa.BigInteger(), "0"), ("awaits_index", sa.Boolean(), sa.false()))


def upgrade() -> None:
    with op.batch_alter_table(TABLE, schema=None) as batch_op:
        for name, kind, default in ADDED:
            batch_op.add_column(sa.Column(name, kind, nullable=False, server_default=default))
    with op.batch_alter_table(TABLE, schema=None) as batch_op:
        for name, _, _ in ADDED:
            batch_op.alter_column(name, server_default=None)
    received = sa.table(
        TABLE, sa.column("given"), sa.column("refund"), sa.column("refunded_on", sa.Date)
    )
    is_given = received.c.refunded_on.is_not(None)
    op.execute(received.update().where(is_given).values(given=received.c.refund))


def downgrade() -> None:
    with op.batch_alter_table(TABLE, schema=None) as batch_op:
        for name, _, _ in reversed(ADDED):
            batch_op.drop_column(name)
