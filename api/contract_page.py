"""A contract before people: where it stands, what comes next, its terms, charges and history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.coming_prices import prices_from
from activities.contract_charges import services_of, total
from activities.contract_ends import cases_of_contract, early_fee
from activities.contract_periods import price_in_periods
from activities.contract_succession import successor_of
from activities.readjustments import missing_of
from activities.renewal_notices import is_untold
from api.case_head import next_of
from api.contract_form import LABELS, choices_for, priced, shown
from api.contract_inputs import blank_forms
from api.contract_rest import at_rest
from api.contracts import badge_of
from api.dependencies import Now, Principal, ReadSession, Today, need
from api.forms import Submitted
from api.history import history_of_contract
from api.language import N_, brl, gettext
from api.rendering import page
from models import contract_lists
from models.cases import Case, case_of
from models.colleagues import names_by_login
from models.connections import connections_of
from models.contract_changes import ContractChange, changes_of
from models.contracts import Contract, read_contract
from models.customers import Customer
from models.kickoff import kickoff_of_contract
from models.plan_parts import parts_of_plan
from models.tasks import open_tasks_for
from rules import contract_words as words
from rules import ladder_words
from rules import words as case_words
from rules.cases import Process
from rules.contact_window import TIME_ZONES
from rules.contract_changes import LIVE, Address
from rules.contracts import ContractStage, Periodicity
from rules.readjustments import ReadjustmentStage

router = APIRouter(include_in_schema=False)

Sees = Annotated[Principal, need("contracts:see")]

#: What was agreed and does not stand in the head of the page.
TERMS = (
    "plan_type", "due_day_rule_id", "billing_method", "billing_group_id", "payment_method",
    "payment_profile_id", "ladder_id", "discount_table_id", "inactivity_discount", "term_months",
    "minimum_term_months", "minimum_term_fee", "minimum_term_from", "renewal_form",
    "renewal_price", "suggested_amount", "charges_suggested", "ignore_automatic_renewal",
    "price_index_id", "readjustment_method", "readjustment_lag_months", "negative_readjustment",
    "data_base_month", "sla_table_id", "setup_fee", "setup_instalments",
    "setup_charged_before", "phone_terminal", "consultant_id", "fiscal_document",
    "review_charges", "notes", "fiscal_note",
)  # fmt: skip


@dataclass(frozen=True)
class Term:
    """One thing that was agreed, in words."""

    label: str
    value: str


@router.get("/contratos/{contract_id:int}")
async def show(
    request: Request, contract_id: int, by: Sees, session: ReadSession, now: Now, today: Today
) -> Response:
    """A contract's page."""
    return await contract_page(request, session, contract_id, by=by, now=now, today=today)


async def contract_page(
    request: Request, session: AsyncSession, contract_id: int, *, by: Principal, now: datetime,
    today: date, open_form: str = "", form: Submitted[Any] | None = None,
    owner: Customer | None = None,
) -> Response:  # fmt: skip
    """The page, with one of its forms as it was sent and what is wrong with it, if one was."""
    contract = await read_contract(session, contract_id)
    stage = ContractStage(contract.stage)
    cases = await cases_of_contract(session, contract)
    rows = await _rows(session, contract, cases, today=today)
    cases += await _under_kickoff(session, contract)
    seen = next((case.version for case in cases if case.process == Process.RENEWALS), None)
    forms = blank_forms(
        contract, rows["renewal"], today=today, next_due=rows["next_due"], renewal_version=seen
    )
    if form is not None and open_form in forms:
        forms[open_form] = form.within(open_form)
    return page(
        request, "pages/contracts/contract.html", status=form.status if form else 200, now=now,
        names=await names_by_login(session),
        contract=contract, owner=owner, forms=forms, open_form=open_form, form=form,
        words=words, ladder_words=ladder_words, stage=badge_of(contract.stage), live=LIVE,
        change_stages=case_words.STAGES[Process.CONTRACT_CHANGES],
        fee=early_fee(contract, on=today),
        next_steps=[
            (_named(c, rows["changes"]), c, next_of(c, now=now), _place(c)) for c in cases
        ],
        periodicities=_periodicities(contract),
        ufs=[(uf, uf) for uf in sorted(TIME_ZONES)],
        service_kinds=[(str(key), gettext(name)) for key, name in words.SERVICE_KINDS.items()],
        recurrences=[(str(key), gettext(name)) for key, name in words.RECURRENCES.items()],
        may_inform=by.may("registries:edit"),
        may_act=by.may("contracts:act") and not stage.is_over,
        may_bill=by.may("contracts:act") and by.may("billing:act") and rows["next_due"] is not None,
        may_call_off=by.may("contracts:act"),  # a temporary plan outlives a renewed contract
        may_end=by.may("contracts:end") and not stage.is_over,
        may_open_invoices=by.may("invoices:see"),
        is_over=stage.is_over,
        at_rest=at_rest(contract, overdue=rows["overdue"], today=today),
        may_see_ladder=by.may("collections.account:see"),
        is_waiting=stage is ContractStage.AWAITING_ACTIVATION,
        may_activate=any(case.process == Process.ACTIVATION for case in cases),
        prices=await prices_from(session, contract, since=today),
        renewal_forms=[(str(key), gettext(name)) for key, name in words.RENEWAL_FORMS.items()],
        history=await history_of_contract(request, session, contract_id=contract_id),
        **rows,
    )  # fmt: skip


async def _rows(
    session: AsyncSession, contract: Contract, cases: Sequence[Case], *, today: date
) -> dict[str, Any]:
    """What stands on the page, as the database has it."""
    charges = await contract_lists.charges_of_page(session, contract.key)
    choices = await choices_for(session)
    waiting = await contract_lists.readjustment_under_way(session, contract.key)
    renewal = await contract_lists.renewal_under_way(session, contract.key)
    awaits = waiting if waiting and waiting.stage == ReadjustmentStage.WAITING else None
    plans = await contract_lists.plans_in_use(session, contract.plan_type)
    return {
        "customer": await session.get_one(Customer, contract.customer_id),
        "predecessor": await session.get(Contract, contract.predecessor_id or 0),
        "successor": await successor_of(session, contract.key),
        "tasks": await open_tasks_for(session, [case.number for case in cases]),
        "connections": await connections_of(session, contract.key),
        "terms": terms_of(contract, choices),
        "charges": charges,
        "outstanding": total(each for each in charges if each.status in {"open", "waiting"}),
        "next_due": min((c.due_date for c in charges if c.status == "open"), default=None),
        "waits_for_review": any(c.status == "waiting" and not c.reason for c in charges),
        "services": await services_of(session, contract.key),
        "changes": await changes_of(session, contract.key),
        "renewal": renewal,
        "is_untold": renewal is not None and await is_untold(session, renewal),
        "readjustment": waiting,
        "overdue": await contract_lists.oldest_overdue(session, contract.key, today=today),
        "missing": await missing_of(session, contract, awaits) if awaits else None,
        "parts": await parts_of_plan(session, contract.plan_id),
        "plans": priced(plans, months=contract.periodicity_months),
        "products": await _products(session),
    }


async def _under_kickoff(session: AsyncSession, contract: Contract) -> list[Case]:
    """The case of the kickoff that brings the contract into service, while it is under way."""
    kickoff = await kickoff_of_contract(session, contract.key)
    if kickoff is None:
        return []
    case = await case_of(session, process=Process.KICKOFF, subject_id=kickoff.number)
    return [case] if case and case.closed_at is None else []


def _named(case: Case, changes: Sequence[ContractChange]) -> str:
    """A message id: what the journey is called, a change by its kind, to tell two of them apart."""
    kinds = {each.id: each.kind for each in changes}
    if case.process == Process.CONTRACT_CHANGES and case.subject_id in kinds:
        return words.CHANGES[kinds[case.subject_id]]
    return case_words.PROCESSES[case.process]


def _periodicities(contract: Contract) -> list[tuple[str, str]]:
    """The other periods, each with what one would cost."""
    return [
        (str(each.value), f"{gettext(words.PERIODS[str(each.value)])} ({brl(price)})")
        for each in Periodicity
        if each != contract.periodicity_months
        for price in [price_in_periods(contract, each)]
    ]


def _place(case: Case) -> str:
    is_kickoff = case.process == Process.KICKOFF
    return f"/implantacoes/{case.subject_id}" if is_kickoff else f"/casos/{case.number}"


async def _products(session: AsyncSession) -> list[tuple[str, str]]:
    """The products in use, each with what it costs: that is what a blank field takes."""
    found = await contract_lists.products_in_use(session)
    return [(str(each.id), f"{each.name} ({brl(each.amount)})") for each in found]


def terms_of(contract: Contract, choices: dict[str, list[tuple[str, str]]]) -> list[Term]:
    """What was agreed, in the order of the wizard; what was left empty is left out."""
    values = [(name, getattr(contract, name)) for name in TERMS]
    place = Address(**contract.address).line if contract.address else ""
    installed = [Term(gettext(N_("Endereço de instalação")), place)] if place else []
    return installed + [
        Term(gettext(LABELS[name]), shown(name, value, choices))
        for name, value in values
        if value not in (None, "", False, 0) and _is_in_use(contract, name)
    ]


#: What says nothing where another term is empty.
LEANS_ON = {
    "setup_instalments": "setup_fee",
    "setup_charged_before": "setup_fee",
    "minimum_term_fee": "minimum_term_months",
    "minimum_term_from": "minimum_term_months",
    "readjustment_method": "price_index_id",
    "readjustment_lag_months": "price_index_id",
    "negative_readjustment": "price_index_id",
    "data_base_month": "price_index_id",
}


def _is_in_use(contract: Contract, name: str) -> bool:
    return name not in LEANS_ON or bool(getattr(contract, LEANS_ON[name]))
