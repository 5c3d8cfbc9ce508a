"""Keep tariffs of one line, and allowances of messages and data, shared or not.

Revision: d41c0b7e92f5, after 9f24c6d1be70
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "d41c0b7e92f5"
down_revision = "9f24c6d1be70"
branch_labels = None
depends_on = None

TABLE = "carrier_tariffs"
ADDED = (("number", sa.String(length=25), ""), ("sharing", sa.String(length=10), "line"))


def upgrade() -> None:
    with op.batch_alter_table(TABLE, schema=None) as batch_op:
        for name, kind, default in ADDED:
            batch_op.add_column(sa.Column(name, kind, nullable=False, server_default=default))
    with op.batch_alter_table(TABLE, schema=None) as batch_op:
        for name, _, _ in ADDED:
            batch_op.alter_column(name, server_default=None)
    tariffs = sa.table(TABLE, sa.column("kind", sa.String), sa.column("unit", sa.String))
    # Allowances were of minutes, whatever their unit said.
    op.execute(tariffs.update().where(tariffs.c.kind == "allowance").values(unit="minute"))


def downgrade() -> None:
    with op.batch_alter_table(TABLE, schema=None) as batch_op:
        for name, _, _ in reversed(ADDED):
            batch_op.drop_column(name)
