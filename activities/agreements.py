"""Making an agreement: all is judged again in the transaction that makes it, or nothing done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal

from sqlmodel import SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.agreement_letters import tell_customer
from activities.agreement_limits import Preview, excesses_of
from activities.agreement_moves import schedule
from activities.cases import Answer
from activities.instalments import replace_originals
from activities.promises import let_promises_go
from models import agreement_lists, agreements, cases, outbox
from models.agreements import Agreement, Role
from models.bureau import tell_records_of
from models.cases import Case
from models.contested import contested
from models.invoices import Invoice, put_in_stage
from models.policies import load_policy
from models.registries import AgreementCategory, LedgerAccount, PaymentProfile
from models.webhooks import announce_case
from rules import agreement_terms as terms
from rules.agreement_terms import MakeAgreement
from rules.agreements import AgreementPolicy, AgreementReason, AgreementStatus
from rules.business_days import local_date
from rules.cases import OUTSIDE, Process
from rules.collection_stages import CollectionStage
from rules.contested import check_uncontested
from rules.money import ZERO
from rules.proposals import (
    Components,
    NotAuthorised,
    Quote,
    check_components,
    check_tolerance,
    quote,
    refusal_of,
)
from rules.refusals import Refusal


@dataclass(frozen=True)
class PickedInvoice:
    """An invoice of the wizard's first step; `refusal` is why it may not enter, None: it may."""

    invoice: Invoice
    refusal: NotAuthorised | None


async def pick_invoices(
    session: AsyncSession, *, customer_id: int, invoice_ids: Sequence[int]
) -> list[PickedInvoice]:
    """This will give the picked invoices, the oldest first, each with its authorisation.

    Refuses none at all (NoInvoicePicked) and one that is not the customer's (InvoiceNotOfAccount).
    """
    if not invoice_ids:
        raise terms.NoInvoicePicked
    invoices = await agreements.invoices_of_customer(
        session, customer_id=customer_id, invoice_ids=invoice_ids
    )
    for unknown in set(invoice_ids) - {invoice.key for invoice in invoices}:
        raise terms.InvoiceNotOfAccount(invoice=unknown)
    policy = await load_policy(session, AgreementPolicy())
    facts = await agreements.facts_of(session, invoices)
    return [
        PickedInvoice(invoice, refusal_of(facts[invoice.key], settings=policy.special_processes))
        for invoice in invoices
    ]


async def preview(session: AsyncSession, form: MakeAgreement, *, customer_id: int) -> Preview:
    """This will price an agreement as far as its form is filled in, and change nothing.

    Refuses invoices that are not the customer's, and instalments that cannot be planned; an
    unfinished form is priced as it is, also when its rows do not add up.
    """
    picked = await pick_invoices(session, customer_id=customer_id, invoice_ids=form.invoice_ids)
    if form.first_due is None and not form.rows:
        return Preview(_quoted(form, _invoices(picked)), ())
    policy = await load_policy(session, AgreementPolicy())
    return priced_as(form, _invoices(picked), policy)


async def make_agreement(
    session: AsyncSession, case: Case, command: MakeAgreement, at: datetime
) -> Answer:
    """This will make the agreement, its new invoices and its journey.

    `case` is the customer's collections. Raises every refusal of rules.agreement_terms and
    rules.proposals, before anything has changed. The caller refreshes the standings.
    """
    policy = await load_policy(session, AgreementPolicy())
    await agreements.lock_invoices(session, command.invoice_ids)
    picked = await pick_invoices(
        session, customer_id=case.subject_id, invoice_ids=command.invoice_ids
    )
    priced = await judge(session, command, picked, policy, at)
    if not command.approved_by:
        for beyond in await excesses_of(
            session, command.by, _invoices(picked), priced, today=local_date(at)
        ):
            raise beyond
    agreement = await _stored(session, case, command, priced.quote, at)
    await _take_in(session, agreement, _invoices(picked), at=at)
    await let_promises_go(
        session, case.subject_id, command.invoice_ids, by=agreement.made_by, at=at
    )  # fmt: skip
    if command.is_proposal:
        await replace_originals(
            session, agreement, _invoices(picked), priced.rows,
            command=command, policy=policy,
        )  # fmt: skip
    return await _begin(session, case, agreement, at=at)


def priced_as(form: MakeAgreement, invoices: Sequence[Invoice], policy: AgreementPolicy) -> Preview:
    """This will price an agreement on invoices already read. Refuses what cannot be planned."""
    quoted = _quoted(form, invoices)
    if not form.is_proposal:
        return Preview(quoted, ())
    return Preview(
        quoted, tuple(terms.plan_rows(quoted, command=form, most=policy.most_instalments))
    )


def _quoted(form: MakeAgreement, invoices: Sequence[Invoice]) -> Quote:
    principal = sum((each.open_amount for each in invoices), ZERO)
    return quote(principal, components=form.components if form.is_proposal else Components())


def _invoices(picked: Sequence[PickedInvoice]) -> list[Invoice]:
    return [each.invoice for each in picked]


async def judge(
    session: AsyncSession,
    command: MakeAgreement,
    picked: Sequence[PickedInvoice],
    policy: AgreementPolicy,
    at: datetime,
) -> Preview:
    """The priced agreement, once nothing but its author's limit stands against it."""
    terms.check_description(command.description)
    disputed = await contested(session, [each.invoice.key for each in picked])
    check_uncontested(each.invoice.code for each in picked if each.invoice.key in disputed)
    for each in picked:
        negotiating = each.invoice.collection_stage == CollectionStage.NEGOTIATING
        terms.check_picked(code=each.invoice.code, refusal=each.refusal, is_negotiating=negotiating)
    if command.is_proposal:
        principal = sum((each.invoice.open_amount for each in picked), ZERO)
        terms.check_choices(command, suspends_originals=policy.suspend_originals)
        check_components(command.components, principal=principal)
    priced, today = priced_as(command, _invoices(picked), policy), local_date(at)
    if command.is_proposal:
        terms.check_rows(priced.rows, total=priced.quote.total, today=today)
    last_due = max((row.due_date for row in priced.rows), default=None)
    check_tolerance(command.tolerance_date, today=today, last_due=last_due)
    await _check_registries(session, command)
    return priced


async def _check_registries(session: AsyncSession, command: MakeAgreement) -> None:
    """Whatever the agreement names must be there and in use."""
    await _check_active(
        session, AgreementCategory, command.category_id, terms.AgreementCategoryNotActive()
    )
    if not command.is_proposal:
        return
    if command.payment_profile_id is not None:
        await check_payment_profile(session, command.payment_profile_id)
    for field, account_id in terms.accounts_used(command.components).items():
        await _check_active(
            session, LedgerAccount, account_id, terms.LedgerAccountNotActive(field=field)
        )


async def check_payment_profile(session: AsyncSession, profile_id: int | None) -> None:
    """This will refuse a payment profile that is not in use (PaymentProfileNotActive)."""
    await _check_active(session, PaymentProfile, profile_id, terms.PaymentProfileNotActive())


async def _check_active(
    session: AsyncSession, registry: type[SQLModel], key: int | None, refusal: Refusal
) -> None:
    entry = None if key is None else await session.get(registry, key)
    if entry is None or not getattr(entry, "is_active"):  # noqa: B009 - registries share the name
        raise refusal


async def _stored(
    session: AsyncSession, case: Case, command: MakeAgreement, quoted: Quote, at: datetime
) -> Agreement:
    agreement = Agreement(
        customer_id=case.subject_id,
        kind=command.agreement_kind,
        status=AgreementStatus.IN_PROGRESS,
        category_id=command.category_id or 0,
        tolerance_date=command.tolerance_date,
        principal=quoted.principal,
        total=quoted.total,
        components={name: _plain(value) for name, value in asdict(command.components).items()},
        keeps_discount=command.is_proposal and command.keeps_discount,
        description=command.description,
        made_at=at,
        made_by=command.by,
        approved_by=command.approved_by,
        reminded_until=local_date(at),
    )
    session.add(agreement)
    await session.flush()
    return agreement


def _plain(value: Decimal | int | None) -> str | int | None:
    return str(value) if isinstance(value, Decimal) else value


async def _take_in(
    session: AsyncSession, agreement: Agreement, invoices: Sequence[Invoice], *, at: datetime
) -> None:
    for ordinal, invoice in enumerate(invoices, start=1):
        agreements.add_link(
            session, agreement, invoice, role=Role.ORIGINAL, ordinal=ordinal,
            parts={"open_amount": str(invoice.open_amount)},
        )  # fmt: skip
        if agreement.kept_by == Role.ORIGINAL:
            put_in_stage(
                session, invoice, CollectionStage.IN_AGREEMENT, by=agreement.made_by, at=at,
                reason=AgreementReason.MADE,
            )  # fmt: skip


async def _begin(
    session: AsyncSession, case: Case, agreement: Agreement, *, at: datetime
) -> Answer:
    """The agreement's own case and workflow, and the line in the account's history."""
    by = agreement.made_by
    own = await cases.open_case(
        session, process=Process.AGREEMENTS, subject_id=agreement.number,
        customer_id=agreement.customer_id, stage=agreement.status, by=by, at=at,
    )  # fmt: skip
    own.owner, own.team_id = (case.owner if by in OUTSIDE else by), case.team_id
    cases.record_event(
        session, case, kind=AgreementReason.MADE, by=by, at=at, agreement_id=agreement.number,
        agreement_kind=agreement.kind, total=str(agreement.total),
        tolerance_date=agreement.tolerance_date.isoformat(),
    )  # fmt: skip
    await schedule(session, own, agreement)
    await tell_customer(session, own, agreement, AgreementReason.MADE, at=at)
    outbox.start_case(session, own, at=at)
    await announce_case(session, own, at=at)
    await tell_records_of(
        session, agreement.number, news_id=f"agreement/{agreement.number}/made", at=at
    )
    await agreement_lists.drop_draft(session, customer_id=agreement.customer_id, by=by)
    return {"agreement_id": agreement.number, "case_id": own.number}
