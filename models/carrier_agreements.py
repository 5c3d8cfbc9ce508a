"""Agreements with carriers: tariffs with their validity, and the switch of each audit rule."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Numeric, Select, func
from sqlalchemy import select as select_columns
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.base import identity, money, reference, tariff
from rules.audit_rules import Rule
from rules.carrier_tariffs import TariffIdentity, identity_of
from rules.carrier_terms import (
    Crossing,
    RuleSetting,
    Sharing,
    Tariff,
    TariffKind,
    TariffUnit,
    Terms,
)
from rules.refusals import Refusal


class CarrierAgreementNotFound(Refusal):
    message = "Este contrato com a operadora não existe."


class CarrierTariffNotFound(Refusal):
    message = "Esta tarifa não existe."


class CarrierAgreement(SQLModel, table=True):
    """What a company settled on with a carrier; accounts name the one they are audited by."""

    __tablename__ = "carrier_agreements"

    id: int | None = identity()
    code: str = Field(unique=True, min_length=1, max_length=40)
    name: str = Field(min_length=1, max_length=120)
    max_age_days: int = Field(default=60, ge=1, le=3650)
    late_call_days: int = Field(default=0, ge=0, le=3650)
    fine_percent: Decimal = Field(default=Decimal(2), ge=0, le=10, sa_type=Numeric(5, 2))
    interest_percent: Decimal = Field(default=Decimal(1), ge=0, le=10, sa_type=Numeric(5, 2))
    is_active: bool = True


class CarrierAgreementRule(SQLModel, table=True):
    """A rule that is off, or that tolerates a difference; without a row it is on and exact."""

    __tablename__ = "carrier_agreement_rules"

    agreement_id: int = Field(foreign_key="carrier_agreements.id", primary_key=True)
    rule: str = Field(primary_key=True, max_length=40)
    is_on: bool = True
    tolerance: Decimal = money(Decimal(0))


class CarrierTariff(SQLModel, table=True):
    """One price, discount, allowance, tax rate or number of instalments of an agreement.

    `number`: of that line alone; empty: of every line.
    """

    __tablename__ = "carrier_tariffs"

    id: int | None = identity()
    agreement_id: int = reference("carrier_agreements.id")
    kind: str = Field(max_length=12)
    code: str = Field(min_length=1, max_length=60)
    description: str = Field(default="", max_length=160)
    price: Decimal = tariff(Decimal(0))
    percent: Decimal = Field(default=Decimal(0), ge=0, le=100, sa_type=Numeric(5, 2))
    quantity: int = Field(default=0, ge=0)
    unit: str = Field(default=TariffUnit.EACH, max_length=10)
    base_code: str = Field(default="", max_length=60)
    minimum_seconds: int = Field(default=30, ge=0, le=3600)
    step_seconds: int = Field(default=6, ge=1, le=3600)
    valid_from: date = date(2000, 1, 1)
    valid_until: date | None = None
    number: str = Field(default="", max_length=25)
    sharing: str = Field(default=Sharing.LINE, max_length=10)
    crossing: str = Field(default=Crossing.WHOLE, max_length=10)

    def as_told(self) -> Tariff:
        """As the audit asks for it."""
        return Tariff(
            TariffKind(self.kind), self.code, self.price, self.percent, self.quantity,
            TariffUnit(self.unit), self.base_code, self.minimum_seconds, self.step_seconds,
            self.valid_from, self.valid_until, self.number, Sharing(self.sharing),
            Crossing(self.crossing),
        )  # fmt: skip


async def agreement_of(session: AsyncSession, agreement_id: int) -> CarrierAgreement:
    """This will read an agreement. Refuses CarrierAgreementNotFound."""
    agreement = await session.get(CarrierAgreement, agreement_id)
    if agreement is None:
        raise CarrierAgreementNotFound
    return agreement


async def tariff_of(session: AsyncSession, agreement_id: int, tariff_id: int) -> CarrierTariff:
    """This will read a tariff of an agreement. Refuses CarrierTariffNotFound."""
    found = await session.get(CarrierTariff, tariff_id)
    if found is None or found.agreement_id != agreement_id:
        raise CarrierTariffNotFound
    return found


async def terms_of(session: AsyncSession, agreement_id: int | None) -> Terms:
    """The terms to audit by; without an agreement only what needs no price is judged."""
    if agreement_id is None:
        return Terms()
    agreement = await agreement_of(session, agreement_id)
    statement = (
        select(CarrierTariff)
        .where(CarrierTariff.agreement_id == agreement_id)
        .order_by(col(CarrierTariff.valid_from), col(CarrierTariff.id))
    )
    return Terms(
        tariffs=tuple(each.as_told() for each in await session.exec(statement)),
        settings=await settings_of(session, agreement_id),
        max_age_days=agreement.max_age_days,
        late_call_days=agreement.late_call_days,
        fine_percent=agreement.fine_percent,
        interest_percent=agreement.interest_percent,
    )


async def settings_of(session: AsyncSession, agreement_id: int) -> dict[Rule, RuleSetting]:
    """The switch and tolerance of each rule that differs from on and exact."""
    statement = select(CarrierAgreementRule).where(
        CarrierAgreementRule.agreement_id == agreement_id
    )
    rows = await session.exec(statement)
    return {Rule(row.rule): RuleSetting(row.is_on, row.tolerance) for row in rows}


async def set_rules(
    session: AsyncSession, agreement_id: int, settings: dict[Rule, RuleSetting]
) -> None:
    """This will put the rules of an agreement as they are given."""
    for rule, setting in settings.items():
        row = await session.get(CarrierAgreementRule, (agreement_id, rule))
        row = row or CarrierAgreementRule(agreement_id=agreement_id, rule=rule)
        row.is_on, row.tolerance = setting.is_on, setting.tolerance
        session.add(row)


async def agreement_choices(session: AsyncSession) -> list[tuple[str, str]]:
    """The agreements in use, as (id, name)."""
    statement = select(CarrierAgreement.id, CarrierAgreement.name).where(CarrierAgreement.is_active)
    found = await session.exec(statement.order_by(CarrierAgreement.name))
    return [(str(number), name) for number, name in found]


async def agreements_after(
    session: AsyncSession, last: int, *, limit: int
) -> list[CarrierAgreement]:
    """The agreements that follow one, in the order in which they were made."""
    statement = select(CarrierAgreement).where(col(CarrierAgreement.id) > last)
    return list(await session.exec(statement.order_by(col(CarrierAgreement.id)).limit(limit)))


def select_agreements() -> Select[Any]:
    """Every agreement, and how many tariffs it has."""
    tariffs = (
        select_columns(func.count())
        .where(col(CarrierTariff.agreement_id) == col(CarrierAgreement.id))
        .scalar_subquery()
    )
    columns: tuple[Any, ...] = (
        col(CarrierAgreement.id).label("id"),
        col(CarrierAgreement.code).label("code"),
        col(CarrierAgreement.name).label("name"),
        col(CarrierAgreement.is_active).label("is_active"),
        tariffs.label("tariffs"),
    )
    return select_columns(*columns)


def select_tariffs(agreement_id: int) -> Select[Any]:
    """The tariffs of an agreement."""
    names = (
        "id", "kind", "code", "description", "price", "percent", "quantity", "unit", "base_code",
        "valid_from", "valid_until", "number", "sharing",
        "crossing",
    )  # fmt: skip
    columns = [getattr(CarrierTariff, name) for name in names]
    return select_columns(*columns).where(col(CarrierTariff.agreement_id) == agreement_id)


async def tariffs_by_identity(
    session: AsyncSession, agreement_id: int
) -> dict[TariffIdentity, CarrierTariff]:
    """The tariffs of an agreement by what tells one from another; of two alike the newer one."""
    statement = select(CarrierTariff).where(CarrierTariff.agreement_id == agreement_id)
    found = await session.exec(statement.order_by(col(CarrierTariff.id)))
    return {identity_of(each.model_dump()): each for each in found}
