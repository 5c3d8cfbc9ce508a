"""The terms of a contract, edited: the form, and the same for programs."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.contract_edit import edit_terms
from api.contract_commands import API, PATH, Writer, Writing
from api.contract_form import LABELS, choices_for
from api.dependencies import ReadSession, need
from api.forms import Amount, Submitted, blank, submitted
from api.language import N_
from api.rendering import page, redirect
from models.billing_groups import groups_of
from models.contract_changes import check_version
from models.contracts import Contract, read_contract
from models.people import Deed
from rules.contract_edit import EditedTerms
from rules.contracts import BillingMethod, PaymentMethod, RenewalPrice

router = APIRouter(tags=["contracts"])
pages = APIRouter(include_in_schema=False)

TERMS = tuple(field.name for field in fields(EditedTerms))
ACT = need("contracts:see", "contracts:act")


class TermsInput(BaseModel):
    """Every term that may change while a contract runs; what is left out is emptied."""

    due_day_rule_id: int | None = None
    billing_group_id: int | None = None
    payment_method: PaymentMethod = PaymentMethod.BOLETO_PIX
    payment_profile_id: int | None = None
    discount_table_id: int | None = None
    inactivity_discount: bool = False
    ladder_id: int | None = None
    sla_table_id: int | None = None
    consultant_id: int | None = None
    ledger_account_id: int | None = None
    renewal_price: RenewalPrice = RenewalPrice.BY_PLAN
    suggested_amount: Amount | None = Field(default=None, ge=0)
    ignore_automatic_renewal: bool = False
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
            await _edit(writer, contract_id, form.value)
            return redirect(request, f"/contratos/{contract_id}", N_("Condições alteradas."))
    async with writer.database.read() as session:
        return await _page(request, session, await read_contract(session, contract_id), form)


@router.put(API + "/terms")
async def edit(contract_id: int, body: TermsInput, writer: Writer) -> dict[str, Any]:
    """Changes the terms of a contract in service; charges without an invoice follow."""
    return await _edit(writer, contract_id, body)


async def _edit(writer: Writing, contract_id: int, asked: TermsInput) -> dict[str, Any]:
    terms = EditedTerms(**{name: getattr(asked, name) for name in TERMS})

    async def work(session: AsyncSession, contract: Contract, deed: Deed) -> dict[str, Any]:
        await check_version(session, contract, asked.version)
        changed = await edit_terms(session, contract, terms, by=deed.by, at=deed.at)
        return {"contract_id": contract.id, "changed": changed}

    told = asked.model_dump(mode="json", exclude_none=True)
    return await writer.write(contract_id, "edit_terms", work, asked=told)


async def _page(
    request: Request, session: AsyncSession, contract: Contract, form: Submitted[TermsInput]
) -> Response:
    choices = await choices_for(session)
    own = await groups_of(session, contract.customer_id)
    choices["billing_group_id"] = [(str(each.id), each.name) for each in own if each.is_active]
    return page(
        request, "pages/contracts/terms.html", status=form.status, form=form, contract=contract,
        choices=choices, labels=LABELS, is_grouped=contract.billing_method == BillingMethod.GROUPED,
    )  # fmt: skip


router.include_router(pages)
