"""Names as they are sought and sorted, in the standings.

Revision: 3b1c5d0e7a92, after aeee1bb32cd8
"""

from __future__ import annotations

import unicodedata
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "3b1c5d0e7a92"
down_revision = "aeee1bb32cd8"
branch_labels = None
depends_on = None

ACCENTED = "áàâãäåéèêëíìîïóòôõöúùûüçñýÁÀÂÃÄÅÉÈÊËÍÌÎÏÓÒÔÕÖÚÙÛÜÇÑÝ"
PLAIN = "aaaaaaeeeeiiiiooooouuuucnyaaaaaaeeeeiiiiooooouuuucny"


def upgrade() -> None:
    with op.batch_alter_table("standings") as batch:
        batch.drop_index("ix_standings_name")
        batch.add_column(sa.Column("searched_name", sa.String(length=160), nullable=True))
    _fill()
    with op.batch_alter_table("standings") as batch:
        batch.alter_column("searched_name", existing_type=sa.String(length=160), nullable=False)
        batch.create_index("ix_standings_name", ["panel", "searched_name", "customer_id"])


def _fill() -> None:
    """Names without accents, in lower case, as the program writes them from now on."""
    connection = op.get_bind()
    name: Any = sa.column("customer_name")
    folded = sa.func.translate(sa.func.lower(name), ACCENTED, PLAIN)
    if connection.dialect.name == "sqlite":
        driver: Any = connection.connection.dbapi_connection
        driver.create_function("without_accents", 1, _fold)
        folded = sa.func.without_accents(name)
    op.execute(
        sa.update(sa.table("standings", sa.column("searched_name"))).values(searched_name=folded)
    )


def _fold(name: str) -> str:
    parts = unicodedata.normalize("NFKD", name.lower())
    return "".join(part for part in parts if not unicodedata.combining(part))


def downgrade() -> None:
    with op.batch_alter_table("standings") as batch:
        batch.drop_index("ix_standings_name")
        batch.drop_column("searched_name")
        batch.create_index("ix_standings_name", ["panel", "customer_name", "customer_id"])
