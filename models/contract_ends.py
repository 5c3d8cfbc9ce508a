"""When contracts ended, whatever ended them: non-payment, their customer's wish, their term."""

from __future__ import annotations

from typing import Any

from sqlalchemy import case, func
from sqlmodel import col

from models.contracts import Contract
from rules.contracts import ContractStage


def ended_on() -> Any:
    """The day from which a contract of the statement is over; NULL while it is not."""
    expired = case((col(Contract.stage) == ContractStage.EXPIRED, col(Contract.ends_on)))
    return func.coalesce(col(Contract.terminated_on), col(Contract.cancelled_on), expired)
