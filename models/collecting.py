"""What is work of collections: its cases, and the messages and contacts that come of them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import and_, or_, select
from sqlmodel import col

from models.cases import Case
from models.messages import Message
from rules.cases import Process
from rules.message_templates import OF_OTHER_DESKS

#: Other desks have figures of their own.
COLLECTING = (Process.COLLECTIONS, Process.AGREEMENTS, Process.BUREAU)


def is_collecting(case_id: Any) -> Any:
    """Whether a case is one of collections, its agreements or its records at the bureau."""
    found = select(col(Case.id)).where(col(Case.id) == case_id, col(Case.process).in_(COLLECTING))
    return found.exists()


def asks_for_debts() -> Any:
    """Whether a message to a customer is one of collections: of a case of theirs or, as the
    ladder's letters, of none, and about nothing that another desk writes of."""
    case_id, others = col(Message.case_id), sorted(OF_OTHER_DESKS)
    of_no_case = and_(case_id.is_(None), col(Message.purpose).not_in(others))
    return and_(
        col(Message.customer_id).is_not(None),
        or_(of_no_case, and_(case_id.is_not(None), is_collecting(case_id))),
    )
