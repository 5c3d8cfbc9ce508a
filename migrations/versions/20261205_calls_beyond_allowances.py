"""Keep what a call costs that goes beyond its allowance, and all codes of a billed item.

Revision: c5e8a1d70f46, after 9c41d07be2a5
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "c5e8a1d70f46"
down_revision = "9c41d07be2a5"
branch_labels = None
depends_on = None

#: Invoices that were imported before know the first code of each item only.
ADDED = (
    ("carrier_tariffs", "crossing", sa.String(length=10), "whole"),
    ("carrier_invoice_items", "codes", sa.String(length=250), ""),
)


def upgrade() -> None:
    for table, name, kind, default in ADDED:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column(name, kind, nullable=False, server_default=default))
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.alter_column(name, server_default=None)


def downgrade() -> None:
    for table, name, _, _ in reversed(ADDED):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column(name)
