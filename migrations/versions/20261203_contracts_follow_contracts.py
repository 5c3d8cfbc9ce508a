"""Let a contract follow another at its renewal, and a minimum term count from a day of its own.

Revision: c4a81e7d20b6, after e2a94c07b816
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "c4a81e7d20b6"
down_revision = "e2a94c07b816"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
FORM = sa.String(length=10)
#: Which row of the same table one follows.
LINEAGE = (("contracts", "predecessor_id"), ("contract_services", "continues_id"))


def upgrade() -> None:
    for table, column in LINEAGE:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column(column, KEY, nullable=True))
            batch_op.create_index(f"ix_{table}_{column}", [column])
            batch_op.create_foreign_key(f"fk_{table}_{column}_{table}", table, [column], ["id"])
    with op.batch_alter_table("contracts", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("renewal_form", FORM, nullable=False, server_default="extension")
        )
        batch_op.add_column(sa.Column("minimum_term_from", sa.Date(), nullable=True))
    with op.batch_alter_table("contracts", schema=None) as batch_op:
        batch_op.alter_column("renewal_form", server_default=None)
    with op.batch_alter_table("contract_renewals", schema=None) as batch_op:
        batch_op.add_column(sa.Column("form", FORM, nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("contract_renewals", schema=None) as batch_op:
        batch_op.drop_column("form")
    with op.batch_alter_table("contracts", schema=None) as batch_op:
        batch_op.drop_column("minimum_term_from")
        batch_op.drop_column("renewal_form")
    for table, column in LINEAGE:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_constraint(f"fk_{table}_{column}_{table}", type_="foreignkey")
            batch_op.drop_index(f"ix_{table}_{column}")
            batch_op.drop_column(column)
