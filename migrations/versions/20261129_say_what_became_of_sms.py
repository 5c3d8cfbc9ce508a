"""Say what became of each SMS that came in, and list them by the time they came.

Revision: c3a9d07e51b4, after f4b8d1a06c35
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "c3a9d07e51b4"
down_revision = "f4b8d1a06c35"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("inbound_sms", schema=None) as batch_op:
        batch_op.add_column(sa.Column("outcome", sa.String(length=12), nullable=True))
    # Which of them asked for silence stands in their text alone; the case says the rest.
    op.execute(
        "UPDATE inbound_sms SET outcome = CASE WHEN customer_id IS NULL THEN 'stranger' "
        "WHEN case_id IS NULL THEN 'without_case' ELSE 'joined' END"
    )
    with op.batch_alter_table("inbound_sms", schema=None) as batch_op:
        batch_op.alter_column("outcome", existing_type=sa.String(length=12), nullable=False)
        batch_op.create_index("ix_inbound_sms_received", ["received_at", "id"])


def downgrade() -> None:
    with op.batch_alter_table("inbound_sms", schema=None) as batch_op:
        batch_op.drop_index("ix_inbound_sms_received")
        batch_op.drop_column("outcome")
