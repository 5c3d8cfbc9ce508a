"""Whose invoices and contestations are wanted: of companies, and in whose hands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select as select_columns
from sqlmodel import col

from models.cases import Case
from models.contracts import Contract
from models.customers import Customer
from models.folding import holds
from rules.cases import Process


@dataclass(frozen=True)
class Scope:
    """What is wanted; None narrows nothing. `company` by its code, `city` by a part of its name.

    `plan_id`: companies with a contract of the plan. `team_id` and `owner` are of the contestation:
    what is in none falls away where they are asked for.
    """

    company: str | None = None
    city: str | None = None
    plan_id: int | None = None
    team_id: int | None = None
    owner: str | None = None


EVERYBODY = Scope()


def of_customer(wanted: Scope, customer: Any) -> list[Any]:
    """The conditions of the company that a column names."""
    found = []
    if wanted.company:
        found.append(col(Customer.code) == wanted.company)
    if wanted.city:
        found.append(holds(col(Customer.city), wanted.city))
    theirs = [customer.in_(select_columns(col(Customer.id)).where(*found))] if found else []
    if wanted.plan_id is not None:
        of_plan = select_columns(col(Contract.customer_id))
        theirs.append(customer.in_(of_plan.where(col(Contract.plan_id) == wanted.plan_id)))
    return theirs


def of_case(wanted: Scope, contestation: Any) -> list[Any]:
    """The conditions of the contestation that a column names, by who has its case."""
    asked = ((Case.team_id, wanted.team_id), (Case.owner, wanted.owner))
    found = [col(column) == value for column, value in asked if value is not None]
    cases = select_columns(col(Case.subject_id)).where(
        col(Case.process) == Process.CONTESTATION, *found
    )
    return [contestation.in_(cases)] if found else []
