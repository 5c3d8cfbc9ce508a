"""Let an invoice's file be the same as its preview's.

Revision: c83e5a17d40b, after d2f7c1905e8b
"""

from __future__ import annotations

from alembic import op

revision = "c83e5a17d40b"
down_revision = "d2f7c1905e8b"
branch_labels = None
depends_on = None

TABLE = "carrier_invoices"
OLD, NEW = "uq_carrier_invoices_sha256", "uq_carrier_invoices_sha256_is_preview"


def upgrade() -> None:
    with op.batch_alter_table(TABLE, schema=None) as batch_op:
        batch_op.drop_constraint(op.f(OLD), type_="unique")
        batch_op.create_unique_constraint(op.f(NEW), ["sha256", "is_preview"])


def downgrade() -> None:
    with op.batch_alter_table(TABLE, schema=None) as batch_op:
        batch_op.drop_constraint(op.f(NEW), type_="unique")
        batch_op.create_unique_constraint(op.f(OLD), ["sha256"])
