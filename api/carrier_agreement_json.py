"""Agreements with carriers for programs: made, their audit rules, others tried on past invoices."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.carrier_agreements import change_rules
from activities.rule_trials import Found, try_rules
from api.carrier_agreements import AgreementInput, change_agreement, make_agreement
from api.dependencies import Db, Ip, Now, Principal, ReadSession, need
from api.forms import Amount
from api.inputs import Input
from api.once import NamedRequest
from models.carrier_agreements import (
    agreement_of,
    agreements_after,
    settings_of,
)
from rules.audit_rules import Rule
from rules.carrier_terms import RuleSetting

router = APIRouter(tags=["carriers"])

Act = Annotated[Principal, need("carriers:act")]
ONE = "/api/carrier-agreements/{agreement_id}"
MOST = 500


class RuleInput(Input):
    """A rule's switch, and up to which difference of a charge, in reais, it says nothing."""

    is_on: bool = True
    tolerance: Amount = Field(default=Decimal(0), ge=0, le=1_000_000, decimal_places=2)


class RulesInput(Input):
    """Settings by rule."""

    rules: dict[Rule, RuleInput] = Field(max_length=len(Rule))

    def settings(self) -> dict[Rule, RuleSetting]:
        """The rules that were named."""
        return {rule: RuleSetting(said.is_on, said.tolerance) for rule, said in self.rules.items()}


class RuleView(BaseModel):
    """A rule of an agreement as it is in force."""

    rule: Rule
    is_on: bool
    tolerance: Decimal


class AgreementView(BaseModel):
    """An agreement with a carrier."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    code: str
    name: str
    max_age_days: int
    late_call_days: int
    fine_percent: Decimal
    interest_percent: Decimal
    is_active: bool


class FoundView(BaseModel):
    """How many findings of overcharges, and what they come to."""

    count: int
    amount: Decimal


class RuleTrialView(BaseModel):
    """What a rule finds by the settings in force (`now`), and by those that were tried."""

    rule: Rule
    now: FoundView
    then: FoundView


class TriedInvoice(BaseModel):
    """An invoice that the trial looked at."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    number: str
    issue_date: date
    total: Decimal


class TrialView(BaseModel):
    """The invoices that were looked at, and the rules that find anything either way."""

    invoices: list[TriedInvoice]
    rules: list[RuleTrialView]


@router.get("/api/carrier-agreements", dependencies=[need("carriers:see")])
async def list_agreements(
    session: ReadSession,
    after: Annotated[int, Query(ge=0, description="the id of the last one read")] = 0,
    limit: Annotated[int, Query(ge=1, le=MOST)] = MOST,
) -> list[AgreementView]:
    """Agreements in the order in which they were made, so many at a time."""
    found = await agreements_after(session, after, limit=limit)
    return [AgreementView.model_validate(each) for each in found]


@router.post("/api/carrier-agreements", status_code=201)
async def create_agreement(
    body: AgreementInput, by: Act, database: Db, now: Now, ip: Ip, once: NamedRequest
) -> dict[str, int]:
    """Make an agreement; refused as its form refuses it."""
    deed = by.deed(at=now, ip=ip)

    async def make(session: AsyncSession) -> dict[str, int]:
        return {"id": await make_agreement(session, body, deed=deed)}

    return await once.do(database, deed, make)


@router.put(ONE)
async def write_agreement(
    agreement_id: int, body: AgreementInput, by: Act, database: Db, now: Now, ip: Ip
) -> dict[str, int]:
    """Change an agreement but for its rules and tariffs. Refuses CarrierAgreementNotFound."""
    async with database.write() as session:
        deed = by.deed(at=now, ip=ip)
        return {"id": await change_agreement(session, agreement_id, body, deed=deed)}


@router.get(f"{ONE}/rules", dependencies=[need("carriers:see")])
async def read_rules(agreement_id: int, session: ReadSession) -> list[RuleView]:
    """Every audit rule with its switch and tolerance. Refuses CarrierAgreementNotFound."""
    await agreement_of(session, agreement_id)
    found = await settings_of(session, agreement_id)
    return [_view(rule, found.get(rule, RuleSetting())) for rule in Rule]


@router.put(f"{ONE}/rules")
async def write_rules(
    agreement_id: int, body: RulesInput, by: Act, database: Db, now: Now, ip: Ip
) -> list[RuleView]:
    """Set the rules anew; one that is left out is on and tolerates nothing."""
    settings = {rule: RuleSetting() for rule in Rule} | body.settings()
    async with database.write() as session:
        await change_rules(session, agreement_id, settings, deed=by.deed(at=now, ip=ip))
    return [_view(rule, settings[rule]) for rule in Rule]


@router.post(f"{ONE}/rule-trials", dependencies=[need("carriers:see")])
async def try_other_rules(agreement_id: int, body: RulesInput, database: Db) -> TrialView:
    """What the newest invoices would give by these rules, beside those in force; nothing is saved.

    A rule that is left out is tried as it is in force.
    """
    settings = body.settings()
    async with database.read() as session:
        await agreement_of(session, agreement_id)
        in_force = await settings_of(session, agreement_id)
    trial = await try_rules(database, agreement_id, {**in_force, **settings})
    return TrialView(
        invoices=[TriedInvoice.model_validate(each) for each in trial.invoices],
        rules=[
            RuleTrialView(rule=each.rule, now=_found(each.now), then=_found(each.then))
            for each in trial.rules
        ],
    )


def _view(rule: Rule, setting: RuleSetting) -> RuleView:
    return RuleView(rule=rule, is_on=setting.is_on, tolerance=setting.tolerance)


def _found(found: Found) -> FoundView:
    return FoundView(count=found.count, amount=found.amount)
