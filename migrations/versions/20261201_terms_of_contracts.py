"""Keep how contracts are paid, for how long they run, and more of how they are readjusted.

Revision: 5ac0d17e4b92, after 3b8f61d0c927
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "5ac0d17e4b92"
down_revision = "3b8f61d0c927"
branch_labels = None
depends_on = None

ADDED = {
    "contracts": (
        ("term_months", sa.Integer(), "0"),
        ("payment_method", sa.String(length=14), "boleto_pix"),
        ("readjustment_lag_months", sa.Integer(), "1"),
        ("kept_price_resets_base", sa.Boolean(), sa.false()),
    ),
    "plans": (("term_months", sa.Integer(), "0"), ("payment_method", sa.String(length=14), "")),
    "payment_profiles": (("for_telephony", sa.Boolean(), sa.false()),),
    "products": (("kind", sa.String(length=14), "other"),),
    "contract_services": (("kind", sa.String(length=14), "other"),),
}


def upgrade() -> None:
    for table, columns in ADDED.items():
        with op.batch_alter_table(table, schema=None) as batch_op:
            for name, kind, default in columns:
                batch_op.add_column(sa.Column(name, kind, nullable=False, server_default=default))
        with op.batch_alter_table(table, schema=None) as batch_op:
            for name, _, _ in columns:
                batch_op.alter_column(name, server_default=None)
    with op.batch_alter_table("contracts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("charged_from", sa.Date(), nullable=True))
    op.create_index("ix_contract_renewals_stage", "contract_renewals", ["stage", "ends_on", "id"])


def downgrade() -> None:
    op.drop_index("ix_contract_renewals_stage", "contract_renewals")
    with op.batch_alter_table("contracts", schema=None) as batch_op:
        batch_op.drop_column("charged_from")
    for table, columns in ADDED.items():
        with op.batch_alter_table(table, schema=None) as batch_op:
            for name, _, _ in columns:
                batch_op.drop_column(name)
