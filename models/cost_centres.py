"""The registered cost centres by what people write, and what was written before one was there."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Update
from sqlalchemy import select as select_columns
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.carriers import CarrierAccount
from models.cost_allocation import AccountAllocation, CostCentre
from models.customers import Customer
from models.folding import fold, folded
from models.lines import Line, LineHolder
from models.registry_rows import table_of
from models.turns import wait_for_turn
from models.usage_limits import LineLimit
from rules.cost_centres import CentreName, KnownCentres, once_each
from rules.refusals import Refusal

#: The turn in which codes of cost centres are given.
TURN = "acerto cost centres"


class CostCentreTaken(Refusal):
    message = (
        "Já existe um centro de custo com o código %(code)s que vale para a empresa: o dela, ou o "
        "de todas."
    )
    field = "code"


async def check_code_free(session: AsyncSession, centre: CostCentre) -> None:
    """Refuses a code by which a company would know two centres (CostCentreTaken).

    Accents and case tell no two apart, as they do not where lines name them. Two who save at once
    are judged one after the other: no index of the table tells everybody's from a company's.
    """
    statement = select(CostCentre.id).where(
        folded(col(CostCentre.code)) == _fold(centre.code), CostCentre.id != (centre.id or 0)
    )
    if centre.company:
        statement = statement.where(col(CostCentre.company).in_(("", centre.company)))
    with session.no_autoflush:
        await wait_for_turn(session, TURN)
        if (await session.exec(statement)).first() is not None:
            raise CostCentreTaken(code=centre.code)


async def known_centres(session: AsyncSession, company: str) -> KnownCentres:
    """The centres in use of a company, or of all where it is empty."""
    statement = select(CostCentre.code, CostCentre.name).where(
        col(CostCentre.is_active), col(CostCentre.company).in_(("", company))
    )
    rows = (await session.exec(statement.order_by(CostCentre.code))).all()
    return KnownCentres((CentreName(*row) for row in rows), fold=_fold)


async def known_centres_of(session: AsyncSession, customer_id: int) -> KnownCentres:
    """The same, of a customer."""
    company = await session.get_one(Customer, customer_id)
    return await known_centres(session, company.code)


async def centre_choices(session: AsyncSession, company: str | None) -> list[tuple[str, str]]:
    """The centres in use of a company, as (code, name); None: of every company, each code once."""
    statement = select(CostCentre.code, CostCentre.name).where(col(CostCentre.is_active))
    if company is not None:
        statement = statement.where(col(CostCentre.company).in_(("", company)))
    return once_each((await session.exec(statement.order_by(CostCentre.code))).all())


async def adopt(session: AsyncSession, centre: CostCentre, *, code_was: str = "") -> None:
    """This will have what was told of a centre in other words name its code: lines and limits.

    What is another centre's code in its company means that one, whatever this one is called.
    `code_was` is the code that it had; the fixed percentages of accounts name it, too.
    """
    words = {_fold(code_was)} - {""}
    words |= {_fold(centre.code), _fold(centre.name)} if centre.is_active else set()
    connection = await session.connection()
    for word in sorted(words):
        others = await _companies_of_another(session, centre, word)
        if "" not in others:
            await connection.execute(_of_lines(centre, word, others))
            await connection.execute(_of_limits(centre, word, others))
    if code_was not in {"", centre.code}:
        await _rename_percents(session, centre, code_was)


async def _companies_of_another(
    session: AsyncSession, centre: CostCentre, word: str
) -> Collection[str]:
    """The companies in which the word is the code of another centre; empty: in all of them."""
    statement = select(CostCentre.company).where(
        folded(col(CostCentre.code)) == word, CostCentre.id != centre.id
    )
    return set((await session.exec(statement)).all())


async def _rename_percents(session: AsyncSession, centre: CostCentre, code_was: str) -> None:
    statement = (
        select(AccountAllocation)
        .join(CarrierAccount, col(CarrierAccount.id) == col(AccountAllocation.account_id))
        .join(Customer, col(Customer.id) == col(CarrierAccount.customer_id))
    )
    if centre.company:
        statement = statement.where(Customer.code == centre.company)
    for each in (await session.exec(statement.order_by(col(AccountAllocation.id)))).all():
        if code_was in each.percents:
            each.percents = {
                centre.code if code == code_was else code: percent
                for code, percent in each.percents.items()
            }
            session.add(each)


def _of_lines(centre: CostCentre, word: str, others: Collection[str]) -> Update:
    lines = select_columns(col(Line.id)).join(Customer, col(Customer.id) == col(Line.customer_id))
    lines = lines.where(col(Customer.code).not_in(others))
    if centre.company:
        lines = lines.where(col(Customer.code) == centre.company)
    holders = table_of(LineHolder)
    return _renamed(holders, centre, word).where(holders.c.line_id.in_(lines))


def _of_limits(centre: CostCentre, word: str, others: Collection[str]) -> Update:
    limits = table_of(LineLimit)
    change = _renamed(limits, centre, word).where(limits.c.company.not_in(others))
    return change.where(limits.c.company == centre.company) if centre.company else change


def _renamed(table: Any, centre: CostCentre, word: str) -> Update:
    told = folded(table.c.cost_centre)
    change: Update = table.update().where(
        table.c.cost_centre != "", table.c.cost_centre != centre.code, told == word
    )
    return change.values(cost_centre=centre.code)


def _fold(text: str) -> str:
    return fold(text) or ""
