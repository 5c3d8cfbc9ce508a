"""Let a fiscal document take a void one's place.

Revision: 7e2d5a90c4b1, after 5ac0d17e4b92
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "7e2d5a90c4b1"
down_revision = "5ac0d17e4b92"
branch_labels = None
depends_on = None

LIVE = sa.text("status <> 'cancelled'")


def upgrade() -> None:
    with op.batch_alter_table("fiscal_documents", schema=None) as batch_op:
        batch_op.drop_constraint("uq_fiscal_documents_invoice_id_kind", type_="unique")
        batch_op.create_index("ix_fiscal_documents_invoice", ["invoice_id"], unique=False)
    op.create_index(
        "ix_fiscal_documents_live",
        "fiscal_documents",
        ["invoice_id", "kind"],
        unique=True,
        sqlite_where=LIVE,
        postgresql_where=LIVE,
    )


def downgrade() -> None:
    op.drop_index("ix_fiscal_documents_live", "fiscal_documents")
    with op.batch_alter_table("fiscal_documents", schema=None) as batch_op:
        batch_op.drop_index("ix_fiscal_documents_invoice")
        batch_op.create_unique_constraint(
            "uq_fiscal_documents_invoice_id_kind", ["invoice_id", "kind"]
        )
