"""Making contestations: findings become the items of one contestation for each invoice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.contestation_schedule import enter, schedule
from models import cases, outbox
from models.carrier_invoices import CarrierInvoice, invoice_of
from models.carriers import account_of
from models.cases import Case
from models.contestations import Contestation, ContestationItem
from models.findings import Finding
from models.policies import load_policy
from models.webhooks import announce_case
from rules.business_days import local_date
from rules.cases import Process
from rules.contestation import ContestationPolicy, ContestationStage, last_day_to_contest
from rules.findings import FindingStatus
from rules.money import ZERO
from rules.refusals import Refusal, written_date

#: What may be contested: refused before, a finding may be taken up again.
CONTESTABLE = (FindingStatus.OPEN, FindingStatus.PICKED, FindingStatus.REFUSED)


class NothingToContest(Refusal):
    message = "Nenhuma das divergências escolhidas pode ser contestada."


class ContestationTooLate(Refusal):
    message = "O prazo para contestar a fatura de %(issued)s acabou em %(last)s."


async def contest_findings(
    session: AsyncSession, finding_ids: Sequence[int], *, by: str, at: datetime
) -> list[Contestation]:
    """This will make a draft for each invoice of these findings; others' findings stay as they are.

    What was charged too low, or is under dispute, is left out. Refuses when nothing is left
    (NothingToContest), and an invoice older than the law allows (ContestationTooLate).
    """
    statement = select(Finding).where(col(Finding.id).in_(finding_ids))
    return await _contest(session, statement, by=by, at=at)


async def contest_invoice(
    session: AsyncSession, invoice_id: int, *, minimum: Decimal, by: str, at: datetime
) -> Contestation:
    """This will make one draft of all findings of an invoice from this difference on.

    Refuses as contest_findings does, and an invoice that does not exist.
    """
    await invoice_of(session, invoice_id)
    statement = select(Finding).where(
        Finding.invoice_id == invoice_id,
        col(Finding.difference) >= minimum,
        col(Finding.status).in_((FindingStatus.OPEN, FindingStatus.PICKED)),
    )
    [made] = await _contest(session, statement, by=by, at=at)
    return made


async def _contest(
    session: AsyncSession, statement: object, *, by: str, at: datetime
) -> list[Contestation]:
    chosen = statement.where(  # type: ignore[attr-defined]
        col(Finding.status).in_(CONTESTABLE), col(Finding.difference) > 0
    ).with_for_update()
    by_invoice: dict[int, list[Finding]] = {}
    for finding in (await session.exec(chosen)).all():
        by_invoice.setdefault(finding.invoice_id, []).append(finding)
    if not by_invoice:
        raise NothingToContest
    return [
        await _make(session, await invoice_of(session, invoice_id), found, by=by, at=at)
        for invoice_id, found in sorted(by_invoice.items())
    ]


async def _make(
    session: AsyncSession,
    invoice: CarrierInvoice,
    findings: Sequence[Finding],
    *,
    by: str,
    at: datetime,
) -> Contestation:
    policy, today = await load_policy(session, ContestationPolicy()), local_date(at)
    last = last_day_to_contest(invoice.issue_date, years=policy.window_years)
    if today > last:
        raise ContestationTooLate(issued=written_date(invoice.issue_date), last=written_date(last))
    account = await account_of(session, invoice.account_id)
    made = Contestation(
        stage=ContestationStage.DRAFT, stage_on=today, customer_id=account.customer_id,
        carrier_id=account.carrier_id, account_id=account.key, invoice_id=invoice.key,
        is_preview=invoice.is_preview, closing_on=_closing(invoice),
        claimed=sum((each.difference for each in findings), ZERO), made_at=at, made_by=by,
    )  # fmt: skip
    session.add(made)
    await session.flush()
    await _take_in(session, made, findings, at=at)
    await _open(session, made, policy=policy, by=by, at=at)
    return made


def _closing(invoice: CarrierInvoice) -> date | None:
    """A preview is closed by its period's last day, or else when it says it is issued."""
    return (invoice.period_end or invoice.issue_date) if invoice.is_preview else None


async def _take_in(
    session: AsyncSession, made: Contestation, findings: Sequence[Finding], *, at: datetime
) -> None:
    ids = [finding.id for finding in findings]
    earlier = select(ContestationItem).where(col(ContestationItem.finding_id).in_(ids))
    for item in (await session.exec(earlier)).all():
        item.is_current = False
        session.add(item)
    for finding in findings:
        finding.status, finding.status_since = FindingStatus.CONTESTED, at
        session.add(finding)
        session.add(
            ContestationItem(
                contestation_id=made.number, finding_id=finding.id or 0, claimed=finding.difference
            )
        )


async def _open(
    session: AsyncSession,
    made: Contestation,
    *,
    policy: ContestationPolicy,
    by: str,
    at: datetime,
) -> Case:
    case = await cases.open_case(
        session, process=Process.CONTESTATION, subject_id=made.number,
        customer_id=made.customer_id, stage=made.stage, by=by, at=at,
    )  # fmt: skip
    case.owner = by if by != "system" else None
    await enter(session, case, made, ContestationStage(made.stage), by=by, at=at)
    await schedule(session, case, made, policy=policy)
    outbox.start_case(session, case, at=at)
    await announce_case(session, case, at=at)
    return case
