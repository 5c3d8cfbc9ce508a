"""Keep the interest that agreements with carriers allow, and what an audit could not judge.

Revision: 5c9e27d1b840, after e81c4f60a2d7
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "5c9e27d1b840"
down_revision = "e81c4f60a2d7"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    percent = sa.Column("interest_percent", sa.Numeric(5, 2), nullable=False, server_default="1")
    with op.batch_alter_table("carrier_agreements") as batch:
        batch.add_column(percent)
    with op.batch_alter_table("carrier_agreements") as batch:
        batch.alter_column("interest_percent", server_default=None)
    told = sa.Column("unjudged", JSON, nullable=False, server_default="{}")
    with op.batch_alter_table("carrier_invoices") as batch:
        batch.add_column(told)
    with op.batch_alter_table("carrier_invoices") as batch:
        batch.alter_column("unjudged", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("carrier_invoices") as batch:
        batch.drop_column("unjudged")
    with op.batch_alter_table("carrier_agreements") as batch:
        batch.drop_column("interest_percent")
