"""History for people, newest first: of cases, a contract, invoices, as the address asks for it.

A page that shows one calls `history_of_cases` or `history_of_invoices` and includes
templates/pages/cases/_history.html.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import Request
from sqlmodel.ext.asyncio.session import AsyncSession

from api.history_lines import Event, HistoryLine, line_of
from api.language import N_, gettext
from models import colleagues, history
from models.cases import CaseEvent
from models.contract_lists import contract_events
from rules import words
from rules.history import CONTRACTS, INVOICES
from rules.history_words.entries import Part

SIZE = 50
PART_PARAMETER = "historico"
OLDER_PARAMETER = "antes"
PART_LABELS = {
    Part.PEOPLE: N_("Pessoas"),
    Part.SYSTEM: N_("Sistema"),
    Part.MESSAGES: N_("Mensagens"),
    Part.MONEY: N_("Dinheiro"),
}


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


async def history_of_cases(
    request: Request, session: AsyncSession, case_ids: Collection[int]
) -> History:
    """This will read the history of one or more cases as the address asks for it.

    `?historico=people|system|messages|money` narrows it, `?antes=<id>` goes on from there.
    """

    async def read(before: int | None) -> Sequence[Event]:
        found = await history.case_events(session, case_ids, before=before, limit=SIZE * 2)
        is_one = len(case_ids) == 1
        return [_case_event(event, case, is_one=is_one) for event, case in found]

    return await _history(request, session, read)


async def history_of_contract(
    request: Request, session: AsyncSession, *, contract_id: int
) -> History:
    """This will read the history of a contract, narrowed like that of cases."""

    async def read(before: int | None) -> Sequence[Event]:
        found = await contract_events(session, contract_id, before=before, limit=SIZE * 2)
        return [Event(event, CONTRACTS) for event in found]

    return await _history(request, session, read)


async def history_of_invoice(
    request: Request, session: AsyncSession, *, customer_id: int, invoice_id: int
) -> History:
    """This will read the history of one invoice, narrowed like that of cases."""

    async def read(before: int | None) -> Sequence[Event]:
        found = await history.invoice_events(
            session, customer_id=customer_id, invoice_id=invoice_id, before=before, limit=SIZE * 2
        )
        return [Event(event, INVOICES) for event, _ in found]

    return await _history(request, session, read)


async def history_of_invoices(
    request: Request, session: AsyncSession, *, customer_id: int
) -> History:
    """This will read the history of a customer's invoices, narrowed like that of cases.

    `?fatura=<id>` is the history of one of them.
    """
    invoice_id = _number(request, "fatura")

    async def read(before: int | None) -> Sequence[Event]:
        found = await history.invoice_events(
            session,
            customer_id=customer_id,
            invoice_id=invoice_id,
            before=before,
            limit=SIZE * 2,
        )
        return [Event(event, INVOICES, invoice.number or invoice.code) for event, invoice in found]

    return await _history(request, session, read)


def _case_event(event: CaseEvent, case: Any, *, is_one: bool) -> Event:
    """Of several cases, each line says which it is of."""
    if event.kind == "mail_received":
        place = f"/casos/{case.id}/emails/{event.parameters['mail_id']}"
        return Event(event, case.process, gettext(N_("Ler o e-mail")), place)
    if is_one:
        return Event(event, case.process)
    about = f"{gettext(words.PROCESSES[case.process])} {case.subject_id}"
    return Event(event, case.process, about, f"/casos/{case.id}")


async def _history(
    request: Request,
    session: AsyncSession,
    read: Callable[[int | None], Awaitable[Sequence[Event]]],
) -> History:
    wanted = request.query_params.get(PART_PARAMETER, "")
    names = await colleagues.names_by_login(session)
    lines: list[HistoryLine] = []
    place = _number(request, OLDER_PARAMETER)
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


def _number(request: Request, name: str) -> int | None:
    """A number in the address; None for anything that no row can have."""
    asked = request.query_params.get(name, "")
    return int(asked) if asked.isdecimal() and len(asked) < 19 else None


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
