"""Agreements with carriers: their audit rules set, and told on the trail."""

from __future__ import annotations

from sqlmodel.ext.asyncio.session import AsyncSession

from models.carrier_agreements import agreement_of, set_rules
from models.people import Deed, record
from rules.audit_rules import Rule
from rules.carrier_terms import RuleSetting


async def change_rules(
    session: AsyncSession, agreement_id: int, settings: dict[Rule, RuleSetting], *, deed: Deed
) -> None:
    """This will set an agreement's audit rules anew. Refuses CarrierAgreementNotFound."""
    await agreement_of(session, agreement_id)
    await set_rules(session, agreement_id, settings)
    off = [str(rule) for rule, setting in settings.items() if not setting.is_on]
    subject = f"carrier_agreements/{agreement_id}"
    record(session, deed, "carrier_agreement.rules", subject=subject, off=off)
