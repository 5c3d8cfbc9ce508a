"""Whose words a welcome goes out in, and what they may be kept as."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.contract_welcome import keep_welcome
from models.contracts import Contract
from models.message_templates import own_templates
from models.messages import Message
from models.people import Deed
from models.plans import Plan
from models.sender_accounts import SenderAccount
from rules.contract_checks import RegistryNotActive
from rules.contract_welcome import (
    Welcome,
    WelcomeKeep,
    WelcomeMayNotBeKept,
    WelcomeTextRequired,
    check_welcome,
)
from tests.builders import AT, a_payment_profile, stored
from tests.contracts import a_plan, made

PLAIN = Welcome(to="casa@exemplo.test")
EDITOR = Deed("ana", AT, "", frozenset({"registries:edit"}))


@pytest.fixture
async def session(database):
    async with database.write() as session:
        yield session


def saying(keep: WelcomeKeep) -> Welcome:
    return Welcome(
        to="casa@exemplo.test", subject="Oi, {{ customer.first_name }}", text="Que bom!", keep=keep
    )


async def keep(session: AsyncSession, plan: Plan, how: WelcomeKeep) -> Contract:
    contract = await made(session, plan)
    await keep_welcome(session, contract, saying(how), deed=EDITOR)
    return contract


async def said(session: AsyncSession, plan: Plan) -> tuple[str, str]:
    """What the next customer of the plan is told, when nothing is written for them."""
    await made(session, plan, welcome=PLAIN)
    newest = select(Message).order_by(col(Message.id).desc())
    message = (await session.exec(newest)).first()
    return message.subject, message.text


async def test_words_kept_for_a_plan_are_said_to_its_next_customers_alone(session):
    plan, other = await a_plan(session), await a_plan(session)

    await keep(session, plan, WelcomeKeep.PLAN)

    assert await said(session, plan) == ("Oi, Ana", "Que bom!")
    assert (await said(session, other))[1] != "Que bom!"


async def test_words_kept_for_all_are_said_to_everybody_whose_plan_has_none(session):
    plan, other = await a_plan(session), await a_plan(session)

    await keep(session, plan, WelcomeKeep.ALL)

    assert await said(session, other) == ("Oi, Ana", "Que bom!")


async def test_words_kept_as_a_template_are_there_to_write_with(session):
    plan = await a_plan(session)

    await keep(session, plan, WelcomeKeep.TEMPLATE)

    [template] = await own_templates(session, channel="email")
    assert (template.subject, template.text) == ("Oi, {{ customer.first_name }}", "Que bom!")
    assert (await said(session, plan))[1] != "Que bom!"


async def test_who_may_not_edit_registries_keeps_nothing(session):
    contract = await made(session, await a_plan(session))
    deed = Deed("rui", AT, "", frozenset({"contracts:act"}))

    with pytest.raises(WelcomeMayNotBeKept):
        await keep_welcome(session, contract, saying(WelcomeKeep.ALL), deed=deed)


def test_nothing_is_kept_that_was_not_written():
    with pytest.raises(WelcomeTextRequired):
        check_welcome(Welcome(to="a@b.test", keep=WelcomeKeep.PLAN))


@pytest.mark.parametrize(("asked", "found"), [("vendas", "vendas"), (None, "cobranca")])
async def test_a_welcome_comes_from_whom_was_chosen_or_from_the_profiles_sender(
    session, asked, found
):
    senders = {
        code: await stored(session, SenderAccount(code=code, name=code, address=f"{code}@a.test"))
        for code in ("vendas", "cobranca")
    }
    profile = await a_payment_profile(session, sender_account_id=senders["cobranca"].id)
    welcome = replace(PLAIN, sender_id=senders[asked].id if asked else None)

    plan = await a_plan(session, payment_profile_id=profile.id)
    await made(session, plan, welcome=welcome)

    message = (await session.exec(select(Message))).one()
    assert message.sender_account_id == senders[found].id


async def test_a_sender_out_of_use_is_refused(session):
    sender = SenderAccount(code="x", name="x", address="x@a.test", is_active=False)
    gone = await stored(session, sender)

    with pytest.raises(RegistryNotActive) as refused:
        await made(session, await a_plan(session), welcome=replace(PLAIN, sender_id=gone.id))

    assert refused.value.field == "welcome_sender_id"
