"""Proof that a notice before a bureau record reached the customer by other means than ours."""

from __future__ import annotations

from datetime import date

from sqlmodel.ext.asyncio.session import AsyncSession

from models import bureau, cases, outbox
from models.bureau import BureauRecord
from models.invoices import Invoice, record_invoice_event
from models.people import Deed, record
from rules.bureau_notices import check_proof
from rules.business_days import local_date
from rules.cases import Process


async def prove_notice(
    session: AsyncSession, record_id: int, *, proven_on: date, proof: str, deed: Deed
) -> BureauRecord:
    """This will write down how and when the notice was delivered; its period runs from that day.

    Refuses BureauRecordNotFound and as rules.bureau_notices.check_proof. The same again: nothing
    more.
    """
    kept = await bureau.record_of(session, record_id)
    check_proof(
        kept.stage, proven_on=proven_on, proof=proof, noticed_on=local_date(kept.noticed_at),
        today=local_date(deed.at),
    )  # fmt: skip
    if (kept.proven_on, kept.proof) == (proven_on, proof.strip()):
        return kept
    kept.proven_on, kept.proof = proven_on, proof.strip()
    session.add(kept)
    told = {"proven_on": proven_on.isoformat(), "proof": kept.proof}
    invoice = await session.get_one(Invoice, kept.invoice_id)
    record_invoice_event(session, invoice, kind="bureau_proven", by=deed.by, at=deed.at, **told)
    case = await cases.case_of(session, process=Process.BUREAU, subject_id=record_id)
    if case is not None:
        news_id = f"notice/{record_id}/{deed.at.timestamp():.0f}"
        outbox.tell_case(session, case, news_id=news_id, at=deed.at)
    record(session, deed, "bureau.prove", subject=f"invoice/{invoice.key}", **told)
    return kept
