"""Keep by which code an agreement is known in the system that it came from.

Revision: c5a90e7d13f4, after 7c30e95ab1f4
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "c5a90e7d13f4"
down_revision = "7c30e95ab1f4"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("agreements") as batch:
        batch.add_column(sa.Column("code", sa.String(40), nullable=True))
        batch.create_unique_constraint("uq_agreements_code", ["code"])


def downgrade() -> None:
    with op.batch_alter_table("agreements") as batch:
        batch.drop_constraint("uq_agreements_code", type_="unique")
        batch.drop_column("code")
