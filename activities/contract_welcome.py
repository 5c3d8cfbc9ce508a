"""What is told to a contract's customer: welcome, renewal, readjustment; and whose words those are.

The words of a welcome are the ones given, else the plan's own, else the house's template.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.messages import write_to_customer
from activities.own_templates import filled_in, save_own
from activities.templates import MessageNotRendered, Rendered, save_template, template_for
from models.contracts import Contract
from models.customers import Customer
from models.message_templates import MessageTemplate, newest
from models.people import Deed
from models.plans import Plan
from models.sender_accounts import sender_of_contract
from rules.contract_welcome import Welcome, WelcomeKeep, WelcomeMayNotBeKept
from rules.messages import Channel
from rules.permissions import is_permitted

PURPOSE = "contract_welcome"


async def welcome_customer(
    session: AsyncSession,
    customer: Customer,
    contract: Contract,
    welcome: Welcome,
    *,
    at: datetime,
) -> None:
    """This will send the welcome message once, in the words given, or else the defaults."""
    addressed = Customer.model_validate({**customer.model_dump(), "email": welcome.to.strip()})
    written = await write_to_customer(
        session, case=None, customer=addressed, purpose=PURPOSE, at=at,
        key=f"contract/{contract.key}/welcome", channels=(Channel.EMAIL,),
        values=contract_values(contract),
    )  # fmt: skip
    sender_id = welcome.sender_id or await sender_of_contract(session, contract)
    own = await _of_plan(session, contract, customer, at=at)
    for message in written:
        message.sender_account_id = sender_id
        message.subject = welcome.subject.strip() or own.subject or message.subject
        if text := welcome.text.strip() or own.text:
            message.text, message.html = text, ""
        session.add(message)


async def keep_welcome(
    session: AsyncSession, contract: Contract, welcome: Welcome, *, deed: Deed
) -> None:
    """This will keep the words of a welcome as a template, or as the default of the plan or of all.

    Refuses who may not edit registries (WelcomeMayNotBeKept), and what is no template.
    """
    if welcome.keep is WelcomeKeep.NOT:
        return
    if not is_permitted("registries:edit", granted=deed.permissions):
        raise WelcomeMayNotBeKept
    default = await template_for(session, code=PURPOSE, channel=Channel.EMAIL, at=deed.at)
    subject = welcome.subject.strip() or (default.subject if default else contract.description)
    if welcome.keep is WelcomeKeep.ALL:
        everybodys = MessageTemplate(
            code=PURPOSE, channel=Channel.EMAIL, name=default.name if default else PURPOSE,
            subject=subject, text=welcome.text.strip(),
        )  # type: ignore[call-arg]  # add_version says who saved it and when  # fmt: skip
        await save_template(session, everybodys, by=deed.by, at=deed.at)
        return
    saved = await save_own(
        session, name=f"Boas-vindas {contract.description} {contract.code}"[:120],
        channel=Channel.EMAIL, subject=subject, text=welcome.text.strip(), deed=deed,
    )  # fmt: skip
    if welcome.keep is WelcomeKeep.PLAN:
        plan = await session.get_one(Plan, contract.plan_id)
        plan.welcome_template = saved.code
        session.add(plan)


async def _of_plan(
    session: AsyncSession, contract: Contract, customer: Customer, *, at: datetime
) -> Rendered:
    """The plan's own words; none while it has none, or they were switched off."""
    plan = await session.get(Plan, contract.plan_id or 0)
    code = plan.welcome_template if plan else ""
    kept = await newest(session, code=code, channel=Channel.EMAIL) if code else None
    if kept is None or not kept.is_active:
        return Rendered("", "", "")
    deed = Deed("system", at, "", frozenset())
    try:
        return await filled_in(session, code, customer, channel=Channel.EMAIL, deed=deed)
    except MessageNotRendered:
        return Rendered("", "", "")  # no contract waits for a letter


def contract_values(contract: Contract, **more: Any) -> dict[str, Any]:
    """What a message about a contract may mention."""
    return {
        "contract": {
            "number": contract.code,
            "plan": contract.description,
            "amount": contract.monthly_amount,
            "starts_on": contract.starts_on or contract.signed_on,
            **more,
        }
    }
