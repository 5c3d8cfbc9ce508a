"""Let each company have a cost centre of a code that another one has too.

Revision: 7d3af1c95e26, after 5d0b7c19e3a4
"""

from __future__ import annotations

from alembic import op

revision = "7d3af1c95e26"
down_revision = "5d0b7c19e3a4"
branch_labels = None
depends_on = None

TABLE = "cost_centres"
BY_CODE, BY_COMPANY = "uq_cost_centres_code", "uq_cost_centres_company_code"


def upgrade() -> None:
    with op.batch_alter_table(TABLE) as batch:
        batch.drop_constraint(BY_CODE, type_="unique")
        batch.create_unique_constraint(BY_COMPANY, ["company", "code"])


def downgrade() -> None:
    with op.batch_alter_table(TABLE) as batch:
        batch.drop_constraint(BY_COMPANY, type_="unique")
        batch.create_unique_constraint(BY_CODE, ["code"])
