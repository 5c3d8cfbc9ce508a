"""Keep which contracts owe some of an invoice, and which of them a step of the ladder reached.

Revision: 7e41d9a0c652, after 4f81d0a6c93e
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "7e41d9a0c652"
down_revision = "4f81d0a6c93e"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

#: What was billed before; a successor's predecessor gave its debts on, and owes none.
SHARES = """
INSERT INTO invoice_contracts (invoice_id, contract_id)
SELECT charges.invoice_id, charges.contract_id
FROM charges
JOIN invoices ON invoices.id = charges.invoice_id
JOIN contracts ON contracts.id = charges.contract_id
WHERE charges.contract_id <> invoices.contract_id
    AND contracts.billing_group_id IS NOT NULL
    AND charges.status = 'invoiced'
    AND NOT EXISTS (SELECT 1 FROM contracts AS taker WHERE taker.predecessor_id = contracts.id)
GROUP BY charges.invoice_id, charges.contract_id
HAVING sum(charges.amount - charges.discount) > 0
"""


def upgrade() -> None:
    _shares()
    _reaches()
    op.execute(sa.text(SHARES))


def _shares() -> None:
    op.create_table(
        "invoice_contracts",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("invoice_id", BIG_ID, nullable=False),
        sa.Column("contract_id", BIG_ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["contract_id"], ["contracts.id"],
            name=op.f("fk_invoice_contracts_contract_id_contracts"),
        ),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["invoices.id"], name=op.f("fk_invoice_contracts_invoice_id_invoices")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice_contracts")),
        sa.UniqueConstraint(
            "invoice_id", "contract_id", name=op.f("uq_invoice_contracts_invoice_id_contract_id")
        ),
    )  # fmt: skip
    op.create_index(op.f("ix_invoice_contracts_contract_id"), "invoice_contracts", ["contract_id"])


def _reaches() -> None:
    op.create_table(
        "ladder_reaches",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("invoice_id", BIG_ID, nullable=False),
        sa.Column("step_id", BIG_ID, nullable=False),
        sa.Column("contract_id", BIG_ID, nullable=False),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["contract_id"], ["contracts.id"], name=op.f("fk_ladder_reaches_contract_id_contracts")
        ),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["invoices.id"], name=op.f("fk_ladder_reaches_invoice_id_invoices")
        ),
        sa.ForeignKeyConstraint(
            ["step_id"], ["ladder_steps.id"], name=op.f("fk_ladder_reaches_step_id_ladder_steps")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ladder_reaches")),
        sa.UniqueConstraint(
            "invoice_id", "step_id", "contract_id",
            name=op.f("uq_ladder_reaches_invoice_id_step_id_contract_id"),
        ),
    )  # fmt: skip
    op.create_index(op.f("ix_ladder_reaches_contract_id"), "ladder_reaches", ["contract_id"])
    op.create_index("ix_ladder_reaches_action", "ladder_reaches", ["action", "contract_id"])


def downgrade() -> None:
    op.drop_table("ladder_reaches")
    op.drop_table("invoice_contracts")
