"""The renewal queue as it is listed: each term's end, the next term proposed, what comes next."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Select, func
from sqlalchemy import select as sql_select
from sqlmodel import col, select

from models.cases import Case, is_case_of
from models.contract_scans import left_of_term
from models.contracts import Contract
from models.customers import Customer
from models.folding import any_holds
from models.renewals import ContractRenewal
from models.tasks import Task
from rules.cases import Process
from rules.renewals import UNTOLD, RenewalStage


def select_renewals(
    *, stage: RenewalStage | str, today: date, search: str | None = None
) -> Select[Any]:
    """Renewals of a stage with their contracts; `left` is what the term has of open invoices.

    The search looks into codes, names and plans.
    """
    statement: Any = (
        sql_select(
            col(ContractRenewal.id).label("id"),
            col(ContractRenewal.contract_id).label("contract_id"),
            col(Contract.code).label("contract"),
            col(Customer.name).label("customer"),
            col(Contract.description).label("plan"),
            col(ContractRenewal.ends_on).label("ends_on"),
            left_of_term(today).label("left"),
            col(ContractRenewal.notices).label("notices"),
            col(Contract.monthly_amount).label("present"),
            col(ContractRenewal.amount).label("amount"),
            col(ContractRenewal.months).label("months"),
            col(Contract.ignore_automatic_renewal).label("is_by_hand"),
            func.coalesce(ContractRenewal.form, Contract.renewal_form).label("form"),
            col(ContractRenewal.stage).label("stage"),
            _is_untold().label("is_untold"),
            col(Case.id).label("case_id"),
            col(Case.next_kind).label("next_kind"),
            col(Case.next_at).label("next_at"),
            col(Case.closed_at).label("closed_at"),
        )
        .join(Contract, col(Contract.id) == col(ContractRenewal.contract_id))
        .join(Customer, col(Customer.id) == col(Contract.customer_id))
        .join(Case, is_case_of(Process.RENEWALS, ContractRenewal.id))
        .where(col(ContractRenewal.stage) == stage)
    )
    if search:
        places = (Contract.code, Customer.name, Contract.description)
        statement = statement.where(any_holds(places, search))
    found: Select[Any] = statement
    return found


def _is_untold() -> Any:
    """Whether somebody is asked for another way to tell the customer, whom no notice reached."""
    return (
        select(Task.id)
        .where(Task.for_case_id == Case.id, Task.kind == UNTOLD, col(Task.finished_at).is_(None))
        .correlate(Case)
        .exists()
    )
