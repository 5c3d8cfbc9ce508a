"""The agreement as it is filled in, step by step, and as the rules understand it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from pydantic import Field
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.agreement_limits import Preview, excesses_of
from activities.agreements import PickedInvoice, pick_invoices, preview
from api.forms import FROM_FORM, Amount, Day, Percent, Submitted
from api.inputs import Input
from api.language import N_
from models.customers import Customer, read_customer
from models.policies import load_policy
from models.registry_rows import agreement_choices
from rules.agreement_terms import (
    AgreementCategoryNotActive,
    AgreementKind,
    FirstDueRequired,
    InstalmentRow,
    MakeAgreement,
    check_rows,
)
from rules.agreements import AgreementPolicy
from rules.proposal_instalments import Instalment
from rules.proposals import Components, check_tolerance, component_faults
from rules.refusals import Refusal

NOTHING = Decimal(0)


class AgreementInput(Input):
    """An agreement as a program sends it; amounts are text, "1234.56"."""

    ids: list[int] = Field(default=[], description="invoices that await negotiation")
    agreement_kind: AgreementKind = AgreementKind.UNCHANGED
    tolerance_date: Day
    category_id: int
    increase_percent: Percent = NOTHING
    fine_percent: Percent = NOTHING
    discount_percent: Percent = NOTHING
    discount: Amount = NOTHING
    charges: Amount = NOTHING
    fees: Amount = NOTHING
    increase_account_id: int | None = None
    fine_account_id: int | None = None
    discount_account_id: int | None = None
    charges_account_id: int | None = None
    fees_account_id: int | None = None
    keeps_discount: bool = False
    confirm_new_invoice: bool = False
    count: int = Field(default=1, ge=1, le=120)
    first_due: Day | None = None
    description: str = Field(default="", max_length=200)
    payment_profile_id: int | None = None
    row_due: list[Day] = Field(default=[])
    row_amount: list[Amount] = Field(default=[])
    command_id: str = Field(default="", max_length=60, description="the same again: same answer")


class AgreementForm(AgreementInput):
    """The wizard's form: what is not filled in yet is left open until the last step."""

    tolerance_date: Day | None = None  # type: ignore[assignment]
    category_id: int | None = None  # type: ignore[assignment]
    step: int = 1
    go: str = ""
    note: str = Field(default="", max_length=300)


@dataclass
class Wizard:
    """What the wizard's page shows."""

    form: Submitted[AgreementForm]
    step: int
    steps: list[tuple[int, str]]
    customer: Customer
    picked: list[PickedInvoice]
    priced: Preview | None
    choices: dict[str, list[tuple[int, str]]]
    is_proposal: bool
    suspends_originals: bool
    today: date
    beyond: tuple[Refusal, ...] = ()


def to_command(form: AgreementInput, *, by: str, ip: str = "") -> MakeAgreement:
    """The form as a command; what an unfinished form lacks is filled with what cannot pass."""
    rows = () if _is_planned_anew(form) else zip(form.row_due, form.row_amount, strict=False)
    return MakeAgreement(
        by=by,
        ip=ip,
        invoice_ids=tuple(form.ids),
        agreement_kind=form.agreement_kind,
        tolerance_date=_or_never(form.tolerance_date),
        category_id=form.category_id,
        components=Components(**{name: getattr(form, name) for name in COMPONENTS}),
        keeps_discount=form.keeps_discount,
        confirm_new_invoice=form.confirm_new_invoice,
        description=form.description,
        payment_profile_id=form.payment_profile_id,
        count=form.count,
        first_due=form.first_due,
        rows=tuple(InstalmentRow(due_date=due, amount=amount) for due, amount in rows),
    )


def asked_of(form: AgreementInput) -> dict[str, Any]:
    """The form as it is kept for a second person: plain values that AgreementInput reads."""
    return form.model_dump(mode="json", include=set(AgreementInput.model_fields))


def _is_planned_anew(form: AgreementInput) -> bool:
    """In the wizard, rows of another number than asked for are from before it was changed.

    What was confirmed is never planned anew.
    """
    if not isinstance(form, AgreementForm) or form.go in {"make", "ask"}:
        return False
    return form.go == "replan" or len(form.row_due) != form.count


def _or_never(day: date | None) -> date:
    """A date left open, as one that no agreement may have."""
    return date.min if day is None else day


COMPONENTS = (
    "increase_percent", "fine_percent", "discount_percent", "discount", "charges", "fees",
    "increase_account_id", "fine_account_id", "discount_account_id", "charges_account_id",
    "fees_account_id",
)  # fmt: skip


async def wizard(
    session: AsyncSession,
    form: Submitted[AgreementForm],
    *,
    customer_id: int,
    by: str,
    today: date,
) -> Wizard:
    """This will work out which step is shown, and everything on it, priced by the rules."""
    customer = await read_customer(session, customer_id)
    filled = form.value or AgreementForm.model_construct(**_readable(form.raw))
    policy = await load_policy(session, AgreementPolicy())
    is_proposal = filled.agreement_kind == AgreementKind.PROPOSAL
    state = Wizard(
        form=form, step=_whole(form.raw["step"]) or 1, steps=_steps(is_proposal=is_proposal),
        customer=customer, picked=[], priced=None, choices=await agreement_choices(session),
        is_proposal=is_proposal, suspends_originals=policy.suspend_originals, today=today,
    )  # fmt: skip
    await _price(session, state, filled, by=by)
    _turn(state, filled)
    if state.step == LAST and state.priced:
        invoices = [each.invoice for each in state.picked]
        beyond = await excesses_of(session, by, invoices, state.priced, today=today)
        state.beyond = tuple(beyond)
    return state


async def _price(session: AsyncSession, state: Wizard, filled: AgreementForm, *, by: str) -> None:
    """Everything the rules can already say of what was filled in."""
    customer_id = state.customer.id or 0
    with state.form.refusals():
        ids = [_whole(each) for each in state.form.raw["ids"] or []]
        state.picked = await pick_invoices(session, customer_id=customer_id, invoice_ids=ids)
    if state.form.value is not None:
        with state.form.refusals():
            asked = to_command(filled, by=by)
            state.priced = await preview(session, asked, customer_id=customer_id)
    if filled.go == "next" and state.step > 1:
        _check_so_far(state, _readable_part(state.form))


def _whole(typed: Any) -> int:
    """A number as it was typed; 0, which is nobody's, when it is none."""
    text = str(typed)
    return int(text) if text.isdecimal() else 0


def _readable_part(form: Submitted[AgreementForm]) -> AgreementForm:
    """What was filled in, without the fields that could not be read: those have said so."""
    if form.value is not None:
        return form.value
    return AgreementForm.model_validate(form.readable, context=FROM_FORM)


def _check_so_far(state: Wizard, filled: AgreementForm) -> None:
    """What would be refused at the end is said on the step where it can be mended, all at once."""
    form, rows = state.form, state.priced.rows if state.priced and state.step > 2 else ()
    last_due = rows[-1].due_date if rows else None
    with form.refusals():
        day = filled.tolerance_date or state.today
        check_tolerance(day, today=state.today, last_due=last_due)
    with form.refusals():
        if filled.category_id is None:
            raise AgreementCategoryNotActive
    if state.is_proposal:
        _check_proposal(state, filled, rows)


def _check_proposal(state: Wizard, filled: AgreementForm, rows: Sequence[Instalment]) -> None:
    principal = sum((each.invoice.open_amount for each in state.picked), NOTHING)
    components = Components(**{name: getattr(filled, name) for name in COMPONENTS})
    for fault in component_faults(components, principal=principal):
        with state.form.refusals():
            raise fault
    with state.form.refusals():
        if state.step > 2 and not (filled.first_due or filled.row_due):
            raise FirstDueRequired
        if rows and state.priced:
            check_rows(rows, total=state.priced.quote.total, today=state.today)


def _steps(*, is_proposal: bool) -> list[tuple[int, str]]:
    names = [(1, N_("Faturas")), (2, N_("Proposta")), (3, N_("Parcelas")), (4, N_("Conferir"))]
    return names if is_proposal else [each for each in names if each[0] != 3]


#: The step on which all is told once more.
LAST = 4
#: On which step a field stands; what is refused at the end leads back there.
STEP_OF_FIELD = {"ids": 1, "invoice_ids": 1, "count": 3, "first_due": 3, "description": 3,
                 "payment_profile_id": 3, "row_due": 3, "row_amount": 3, "instalments": 3,
                 "due_date": 3, "amount": 3, "confirm_new_invoice": 4, "": 4}  # fmt: skip


def _turn(state: Wizard, filled: AgreementForm) -> None:
    """Which step comes after the button that was pressed; errors stay where they are mended."""
    numbers = [number for number, _ in state.steps]
    if filled.go == "back":
        state.form.errors.clear()
        state.form.status = 200
        state.step = max((each for each in numbers if each < state.step), default=numbers[0])
    elif filled.go == "next" and not _blocks(state):
        state.step = min((each for each in numbers if each > state.step), default=numbers[-1])
    elif filled.go in {"make", "ask"} and state.form.errors:
        state.step = min(STEP_OF_FIELD.get(name, 2) for name in state.form.errors)


def _blocks(state: Wizard) -> bool:
    """Whether what is wrong must be mended on this very step."""
    if state.step == 1:
        state.form.errors.clear()
        state.form.status = 200
        return not state.picked or any(each.refusal for each in state.picked)
    return bool(state.form.errors)


def _readable(raw: dict[str, Any]) -> dict[str, Any]:
    return {**{name: info.default for name, info in AgreementForm.model_fields.items()}, **raw}
