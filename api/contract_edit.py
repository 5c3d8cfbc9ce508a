"""The terms of a contract, edited: the form, and the same for programs."""

from __future__ import annotations

from dataclasses import fields
from decimal import Decimal
from typing import Any

from fastapi import APIRouter, Request, Response
from pydantic import Field
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.contract_edit import edit_terms
from api.contract_commands import API, PATH, Writer, Writing
from api.contract_form import LABELS, choices_for
from api.dependencies import ReadSession, need
from api.forms import Amount, Day, Submitted, Terminal, blank, submitted
from api.inputs import Input
from api.language import N_
from api.rendering import page, redirect
from models.billing_groups import groups_of
from models.contract_changes import check_version
from models.contracts import Contract, read_contract
from models.people import Deed
from rules.contract_edit import EditedTerms
from rules.contracts import BillingMethod, PaymentMethod, RenewalForm, RenewalPrice
from rules.price_indices import Method, NegativePolicy

router = APIRouter(tags=["contracts"])
pages = APIRouter(include_in_schema=False)

TERMS = tuple(field.name for field in fields(EditedTerms))
ACT = need("contracts:see", "contracts:act")


#: What a program that leaves it out does not change; the other terms are emptied.
STAY = frozenset({
    "adhesion_date", "signed_on", "setup_fee", "setup_instalments", "setup_account_id",
    "setup_composition",
    "billing_method", "review_charges", "phone_terminal", "ends_on", "minimum_term_months",
    "minimum_term_fee", "minimum_term_from", "renewal_form", "price_index_id",
    "readjustment_method", "readjustment_decimals", "readjustment_lag_months",
    "negative_readjustment", "kept_price_resets_base", "data_base_month",
})  # fmt: skip


class TermsInput(Input):
    """Every term that may change while a contract runs. What is left out is emptied, but for
    what was signed, billing method, end, minimum term, renewal form, terminal and readjustment,
    which stay."""

    adhesion_date: Day | None = None
    signed_on: Day | None = None
    setup_fee: Amount = Field(default=Decimal(0), ge=0)
    setup_instalments: int = Field(default=1, ge=1, le=60)
    setup_account_id: int | None = None
    setup_composition: str = Field(default="", max_length=60)
    due_day_rule_id: int | None = None
    billing_method: BillingMethod = BillingMethod.GROUPED
    review_charges: bool = False
    billing_group_id: int | None = None
    payment_method: PaymentMethod = PaymentMethod.BOLETO_PIX
    payment_profile_id: int | None = None
    discount_table_id: int | None = None
    inactivity_discount: bool = False
    ladder_id: int | None = None
    sla_table_id: int | None = None
    phone_terminal: Terminal | None = Field(default=None, max_length=20)
    consultant_id: int | None = None
    ledger_account_id: int | None = None
    ends_on: Day | None = None
    minimum_term_months: int = Field(default=0, ge=0, le=60)
    minimum_term_fee: Amount = Field(default=Decimal(0), ge=0)
    minimum_term_from: Day | None = None
    renewal_form: RenewalForm = RenewalForm.EXTENSION
    renewal_price: RenewalPrice = RenewalPrice.BY_PLAN
    suggested_amount: Amount | None = Field(default=None, ge=0)
    ignore_automatic_renewal: bool = False
    price_index_id: int | None = None
    readjustment_method: Method = Method.NUMBER_INDICES
    readjustment_decimals: int | None = Field(default=None, ge=0, le=8)
    readjustment_lag_months: int = Field(default=1, ge=1, le=3)
    negative_readjustment: NegativePolicy = NegativePolicy.ASK
    kept_price_resets_base: bool = False
    data_base_month: int | None = Field(default=None, ge=1, le=12)
    fiscal_document: bool = False
    fiscal_note: str = Field(default="", max_length=300)
    notes: str = Field(default="", max_length=2000)
    version: int | None = None


@pages.get(PATH + "/condicoes", dependencies=[ACT])
async def terms_page(request: Request, contract_id: int, session: ReadSession) -> Response:
    """The form of a contract's terms."""
    contract = await read_contract(session, contract_id)
    known = {name: getattr(contract, name) for name in TERMS}
    form = blank(TermsInput, **known, version=contract.version)
    return await _page(request, session, contract, form)


@pages.post(PATH + "/condicoes")
async def edit_on_page(request: Request, contract_id: int, writer: Writer) -> Response:
    """Change the terms."""
    form = await submitted(request, TermsInput)
    if form.value:
        with form.refusals():
            await _edit(writer, contract_id, form.value, said=frozenset(TERMS))
            return redirect(request, f"/contratos/{contract_id}", N_("Condições alteradas."))
    async with writer.database.read() as session:
        return await _page(request, session, await read_contract(session, contract_id), form)


@router.put(API + "/terms")
async def edit(contract_id: int, body: TermsInput, writer: Writer) -> dict[str, Any]:
    """Changes the terms of a contract in service; charges without an invoice follow."""
    return await _edit(writer, contract_id, body, said=frozenset(body.model_fields_set))


async def _edit(
    writer: Writing, contract_id: int, asked: TermsInput, *, said: frozenset[str]
) -> dict[str, Any]:
    async def work(session: AsyncSession, contract: Contract, deed: Deed) -> dict[str, Any]:
        await check_version(session, contract, asked.version)
        staying = STAY - said
        terms = EditedTerms(
            **{name: getattr(contract if name in staying else asked, name) for name in TERMS}
        )
        changed = await edit_terms(session, contract, terms, by=deed.by, at=deed.at)
        return {"contract_id": contract.id, "changed": changed}

    told = asked.model_dump(mode="json", exclude_none=True, exclude=set(STAY - said))
    return await writer.write(contract_id, "edit_terms", work, asked=told)


async def _page(
    request: Request, session: AsyncSession, contract: Contract, form: Submitted[TermsInput]
) -> Response:
    choices = await choices_for(session)
    own = await groups_of(session, contract.customer_id)
    choices["billing_group_id"] = [(str(each.id), each.name) for each in own if each.is_active]
    months, own_term = choices["minimum_term_months"], str(contract.minimum_term_months)
    if own_term not in dict(months):  # of a contract that was made before, or elsewhere
        choices["minimum_term_months"] = [*months, (own_term, own_term)]
    return page(
        request, "pages/contracts/terms.html", status=form.status, form=form, contract=contract,
        choices=choices, labels=LABELS,
    )  # fmt: skip


router.include_router(pages)
