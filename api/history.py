"""History for people: stored events as sentences in the reader's language, newest first.

A page that shows one calls `history_of_cases` or `history_of_invoices` and includes
templates/pages/cases/_history.html.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from fastapi import Request
from sqlmodel.ext.asyncio.session import AsyncSession

from api import language
from api.language import N_, gettext
from models import colleagues, history
from models.cases import CaseEvent
from models.contract_lists import contract_events
from models.contracts import ContractEvent
from models.invoices import InvoiceEvent
from rules import (
    contestation_words,
    contract_words,
    customer_marks,
    ladder_words,
    service_words,
    words,
)
from rules.audit_words import RULES
from rules.cases import CUSTOMER, SYSTEM
from rules.coming import REACHING
from rules.history import CONTRACTS, INVOICES, part_of, sentence_of
from rules.history_words.entries import Part
from rules.message_templates import BY_CODE

SIZE = 50
PART_PARAMETER = "historico"
OLDER_PARAMETER = "antes"

PART_LABELS = {
    Part.PEOPLE: N_("Pessoas"),
    Part.SYSTEM: N_("Sistema"),
    Part.MESSAGES: N_("Mensagens"),
    Part.MONEY: N_("Dinheiro"),
}
ICONS = {
    Part.PEOPLE: "user",
    Part.SYSTEM: "settings",
    Part.MESSAGES: "mail",
    Part.MONEY: "coin",
}
OUTSIDERS = {SYSTEM: N_("Sistema"), CUSTOMER: N_("Cliente")}
AMOUNTS = {
    *("amount", "total", "left", "excess", "correction"),
    *("applied", "paid", "discount", "charges", "waived"),
}
#: Both ends of a due date that was moved, which other kinds of event use for stages and people.
DAYS = {"was", "now", "since"}
INSTANTS = {"until", "due_at"}
PEOPLE = {"to", "was", "told", "instead_of"}
PURPOSES = {code: purpose.label for code, purpose in BY_CODE.items()}
WORDS: dict[str, Mapping[str, str]] = {
    "channel": words.CHANNELS,
    "clock": service_words.CLOCKS,
    "direction": words.DIRECTIONS,
    "reason": {**ladder_words.REASONS, **words.REASONS},
    "purpose": PURPOSES,
    "reminder": PURPOSES,
    "change": contract_words.CHANGES,
    "method": contract_words.BILLING,
    "method_was": contract_words.BILLING,
    "contestation_level": contestation_words.LEVEL_NAMES,
    "protocol_channel": contestation_words.CHANNELS,
    "audit_rule": RULES,
    "carries": ladder_words.CONNECTION_KINDS,
    "state_was": ladder_words.CONNECTION_STATES,
    "state_now": ladder_words.CONNECTION_STATES,
    "because": ladder_words.REASONS,
    "pause": ladder_words.PAUSES,
    "mark": customer_marks.NAMES,
    "refund_channel": contestation_words.REFUND_CHANNELS,
    "step": {kind: words.NEXT_STEPS[process][kind][0] for process, kind in REACHING.items()},
}


@dataclass(frozen=True)
class HistoryLine:
    """One event as people read it, and behind it what was stored."""

    id: int
    at: datetime
    by: str
    who: str
    sentence: str
    part: str
    icon: str
    kind: str
    about: str
    href: str
    facts: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class PartLink:
    """One of the filters above a history."""

    label: str
    href: str
    is_current: bool


@dataclass(frozen=True)
class History:
    """A stretch of history; `older` leads on, None at its beginning."""

    lines: tuple[HistoryLine, ...]
    parts: tuple[PartLink, ...]
    older: str | None


@dataclass(frozen=True)
class _Event:
    """An event of a case or an invoice, and what it is about."""

    stored: CaseEvent | InvoiceEvent | ContractEvent
    process: str
    about: str = ""
    href: str = ""


async def history_of_cases(
    request: Request, session: AsyncSession, case_ids: Collection[int]
) -> History:
    """This will read the history of one or more cases as the address asks for it.

    `?historico=people|system|messages|money` narrows it, `?antes=<id>` goes on from there.
    """

    async def read(before: int | None) -> Sequence[_Event]:
        found = await history.case_events(session, case_ids, before=before, limit=SIZE * 2)
        return [_case_event(event, case, len(case_ids) > 1) for event, case in found]

    return await _history(request, session, read)


async def history_of_contract(
    request: Request, session: AsyncSession, *, contract_id: int
) -> History:
    """This will read the history of a contract, narrowed like that of cases."""

    async def read(before: int | None) -> Sequence[_Event]:
        found = await contract_events(session, contract_id, before=before, limit=SIZE * 2)
        return [_Event(event, CONTRACTS) for event in found]

    return await _history(request, session, read)


async def history_of_invoice(
    request: Request, session: AsyncSession, *, customer_id: int, invoice_id: int
) -> History:
    """This will read the history of one invoice, narrowed like that of cases."""

    async def read(before: int | None) -> Sequence[_Event]:
        found = await history.invoice_events(
            session, customer_id=customer_id, invoice_id=invoice_id, before=before, limit=SIZE * 2
        )
        return [_Event(event, INVOICES) for event, _ in found]

    return await _history(request, session, read)


async def history_of_invoices(
    request: Request, session: AsyncSession, *, customer_id: int
) -> History:
    """This will read the history of a customer's invoices, narrowed like that of cases.

    `?fatura=<id>` is the history of one of them.
    """
    asked = request.query_params.get("fatura", "")
    invoice_id = int(asked) if asked.isdecimal() and len(asked) < 19 else None

    async def read(before: int | None) -> Sequence[_Event]:
        found = await history.invoice_events(
            session,
            customer_id=customer_id,
            invoice_id=invoice_id,
            before=before,
            limit=SIZE * 2,
        )
        return [_Event(event, INVOICES, invoice.number or invoice.code) for event, invoice in found]

    return await _history(request, session, read)


def _case_event(event: CaseEvent, case: Any, names_case: bool) -> _Event:  # noqa: FBT001
    if event.kind == "mail_received":
        place = f"/casos/{case.id}/emails/{event.parameters['mail_id']}"
        return _Event(event, case.process, gettext(N_("Ler o e-mail")), place)
    about = f"{gettext(words.PROCESSES[case.process])} {case.subject_id}" if names_case else ""
    return _Event(event, case.process, about, f"/casos/{case.id}" if names_case else "")


async def _history(
    request: Request,
    session: AsyncSession,
    read: Callable[[int | None], Awaitable[Sequence[_Event]]],
) -> History:
    wanted = request.query_params.get(PART_PARAMETER, "")
    before = request.query_params.get(OLDER_PARAMETER, "")
    names = await colleagues.names_by_login(session)
    lines: list[HistoryLine] = []
    place = int(before) if before.isdecimal() else None
    while len(lines) <= SIZE:
        events = await read(place)
        told = (line_of(event, names) for event in events)
        lines += [line for line in told if wanted in {"", line.part}]
        if len(events) < SIZE * 2:
            break
        place = events[-1].stored.id
    shown = tuple(lines[:SIZE])
    older = str(shown[-1].id) if len(lines) > SIZE else None
    return History(
        shown,
        _part_links(request, wanted),
        older and _address(request, **{OLDER_PARAMETER: older}),
    )


def _part_links(request: Request, wanted: str) -> tuple[PartLink, ...]:
    every = [("", gettext(N_("Tudo"))), *((p.value, gettext(t)) for p, t in PART_LABELS.items())]
    return tuple(
        PartLink(
            label,
            _address(request, **{PART_PARAMETER: part or None, OLDER_PARAMETER: None}),
            part == wanted,
        )
        for part, label in every
    )


def _address(request: Request, **changes: str | None) -> str:
    url = request.url.remove_query_params(list(changes))
    url = url.include_query_params(**{k: v for k, v in changes.items() if v is not None})
    return f"{url.path}{'?' + url.query if url.query else ''}"


def line_of(event: _Event, names: Mapping[str, str]) -> HistoryLine:
    """This will tell one event in the reader's language."""
    stored = event.stored
    told = {k: _shown(k, v, event, names) for k, v in stored.parameters.items()}
    if "after" in stored.parameters:
        changed = (gettext(words.TASK_FIELDS.get(k, k)) for k in stored.parameters["after"])
        told["fields"] = ", ".join(changed)
    sentence = sentence_of(event.process, stored.kind, told)
    part = part_of(event.process, stored.kind, by=stored.by)
    return HistoryLine(
        id=stored.id or 0,
        at=stored.at,
        by=stored.by,
        who=who_of(stored.by, names),
        sentence=gettext(sentence, **{**told, "kind": stored.kind}),
        part=part,
        icon=ICONS[part],
        kind=stored.kind,
        about=event.about,
        href=event.href,
        facts=tuple((name, str(value)) for name, value in sorted(told.items())),
    )


def who_of(by: str, names: Mapping[str, str]) -> str:
    """Who acted, as people call them; whoever is not of the house by what they are."""
    return gettext(OUTSIDERS[by]) if by in OUTSIDERS else names.get(by, by)


def tell(process: str, event: CaseEvent | InvoiceEvent, names: Mapping[str, str]) -> HistoryLine:
    """This will tell a stored event of a process."""
    return line_of(_Event(event, process), names)


def _shown(name: str, value: Any, event: _Event, names: Mapping[str, str]) -> Any:
    """A stored value as people write it; what is not known is shown as it is."""
    if isinstance(value, list):
        fields = contract_words.LABELS if name == "terms" else names if name in PEOPLE else {}
        return ", ".join(gettext(fields.get(str(each), str(each))) for each in value)
    if not isinstance(value, str):
        return value
    if name in {"stage", "now"} or (name == "was" and event.stored.kind == "stage"):
        stage = _stage(value, event.process)
        return _measured(name, value) if stage == value else stage
    if name in PEOPLE and value in names:
        return names[value]
    if name in WORDS:
        return gettext(WORDS[name].get(value, value))
    return _measured(name, value)


def _measured(name: str, value: str) -> str:
    """Amounts, days and instants; anything else as it is."""
    try:
        if name in AMOUNTS:
            return language.brl(Decimal(value))
        if name.endswith(("_on", "_date")) or name in DAYS:
            return language.day(date.fromisoformat(value))
        if name in INSTANTS:
            return language.moment(datetime.fromisoformat(value))
    except (ValueError, ArithmeticError):  # written by an older version: shown, not hidden
        return value
    return value


def _stage(stage: str, process: str) -> str:
    if process == CONTRACTS:
        return gettext(contract_words.CONTRACT_STAGES.get(stage, stage))
    if process == INVOICES:
        return gettext(words.INVOICE_STAGES.get(stage, stage))
    return gettext(words.stage_label(process, stage))
