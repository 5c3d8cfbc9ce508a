"""Behind each figure of charts 1, 6 and 7 stand the rows that it counts, by page and API."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from models.bureau import BureauRecord
from models.cases import open_case, record_event
from models.collections import CollectionAccount, Contact
from models.messages import Message
from rules.cases import Process
from tests.builders import (
    a_collections_case,
    a_contact_category,
    a_customer,
    a_user,
    an_invoice,
)
from tests.support.web import NOW, Web

RIGHTS = ("collections.charts:see", "collections.account:see")
BRASILIA = ZoneInfo("America/Sao_Paulo")
LISTS = "/cobrancas/graficos/listas"
ROUTES = ("collections/interactions", "collections/events", "bureau/movements")
CHARTS = ("interacoes", "spc", "operadores")


def in_english(link: str) -> str:
    """What a program asks for where a person opens this list."""
    for page, route in (
        (f"{LISTS}/interacoes", "/api/collections/interactions"),
        (f"{LISTS}/eventos", "/api/collections/events"),
        (f"{LISTS}/spc", "/api/bureau/movements"),
        ("canal=", "channel="), ("operador=", "by="), ("registro=", "kind="),
        ("so=cobranca", "is_collecting=true"), ("desde=", "since="), ("ate=", "until="),
    ):  # fmt: skip
        link = link.replace(page, route)
    return link


def local(year: int, month: int, day: int, hour: int = 12) -> datetime:
    return datetime(year, month, day, hour, tzinfo=BRASILIA)


@pytest.fixture
async def worked(web: Web) -> None:
    """A customer to whom several desks wrote, whose invoices went to the bureau and left it."""
    async with web.database.write() as session:
        customer = await a_customer(session, name="Ana Souza")
        await a_user(session, "rui", name="Rui Dias")
        ours = await a_collections_case(session, customer, at=NOW - timedelta(days=200))
        theirs = await open_case(
            session, process=Process.TICKETS, subject_id=1, customer_id=customer.id, stage="open",
            by="ana", at=NOW,
        )  # fmt: skip
        for number, (case, by, channel, at) in enumerate(
            (
                (ours, "rui", "email", local(2026, 10, 31, 23)),
                (ours, "system", "email", local(2026, 11, 1, 0)),
                (None, "rui", "sms", NOW),
                (theirs, "rui", "email", NOW),
                (ours, "rui", "email", None),
                (None, "system", "email", NOW),
            )
        ):
            session.add(
                Message(
                    key=f"m{number}", customer_id=customer.id, case_id=case and case.id,
                    channel=channel, to_address="x",
                    purpose="contract_welcome" if (case, by) == (None, "system") else "x",
                    not_before=NOW, created_at=NOW,
                    created_by=by, sent_at=at,
                )
            )  # fmt: skip
        account = await session.get_one(CollectionAccount, 1)
        category = await a_contact_category(session)
        session.add(
            Contact(
                account_id=account.number, kind="active", channel="phone", subject="Ligação",
                category_id=category.id, text="x", at=NOW, by="rui",
            )
        )  # fmt: skip
        for case, by in ((ours, "rui"), (ours, "system"), (theirs, "rui"), (ours, "rui")):
            record_event(session, case, kind="started", by=by, at=NOW)
        invoice = await an_invoice(session, customer)
        for registered, removed in (
            (local(2026, 9, 1), local(2026, 10, 1)),
            (None, local(2026, 10, 1)),
            (local(2026, 9, 30, 23), None),
        ):
            session.add(
                BureauRecord(
                    invoice_id=invoice.key, customer_id=customer.id, stage="removed",
                    added_by="rui", noticed_at=NOW, expires_on=date(2031, 1, 1),
                    registered_at=registered, removed_at=removed,
                )
            )  # fmt: skip


@pytest.mark.usefixtures("worked")
@pytest.mark.parametrize("key", CHARTS)
async def test_each_figure_opens_the_rows_that_it_counts(web: Web, key: str) -> None:
    browser, program = await web.browser(*RIGHTS), await web.program(*RIGHTS)
    chart = (await program.get(f"/api/collections/charts/{key}")).json()
    figures = [
        (link, number)
        for series in chart["series"]
        for link, number in zip(series["links"], series["data"], strict=True)
        if number
    ]

    assert len(figures) >= 2
    for link, number in figures:
        assert link, "a figure without its list"
        listed = await browser.get(link)
        assert re.search(r"(\d+) registros?<", listed.text).group(1) == str(number), link
        assert "Ana Souza" in listed.text
        told = await browser.get(f"{link}&formato=csv")
        assert len(told.text.splitlines()) == number + 1
        rows = (await program.get(in_english(link))).json()
        assert len(rows["items"]) == number


@pytest.mark.usefixtures("worked")
async def test_what_is_listed_says_who_did_what(web: Web) -> None:
    browser = await web.browser(*RIGHTS)

    interactions = (await browser.get("/cobrancas/graficos/listas/interacoes?operador=rui")).text
    events = (await browser.get("/cobrancas/graficos/listas/eventos?operador=rui")).text
    bureau = (await browser.get("/cobrancas/graficos/listas/spc?registro=removed")).text

    assert "Ligação" in interactions
    assert "Rui Dias" in interactions
    assert "Rui Dias" in events
    assert "Deu início ao processo de cobrança" in events
    assert "01/10/2026" in bureau
    assert "30/09/2026" not in bureau


@pytest.mark.parametrize(
    "path",
    [
        *(f"{LISTS}/{name}?desde=ontem" for name in ("interacoes", "eventos", "spc")),
        *(f"/api/{name}?since=ontem" for name in ROUTES),
    ],
)
async def test_the_lists_are_for_who_sees_charts_and_accounts(web: Web, path: str) -> None:
    visit = web.program if path.startswith("/api/") else web.browser
    half = await visit(RIGHTS[0], login="half")
    whole = await visit(*RIGHTS, login="whole")

    assert (await half.get(path.partition("?")[0])).status_code == 403
    assert (await whole.get(path.partition("?")[0])).status_code == 200
    assert (await whole.get(path)).status_code == 422


async def test_programs_page_through_interactions(web: Web, worked: None) -> None:
    program = await web.program(*RIGHTS)
    path = "/api/collections/interactions"

    first = (await program.get(path, params={"limit": 3})).json()
    rest = (await program.get(path, params={"limit": 3, "cursor": first["next"]})).json()

    found = [(each["kind"], each["id"]) for each in (*first["items"], *rest["items"])]
    assert len(found) == len(set(found)) == 6
    assert rest["next"] is None
    assert (await program.get(path, params={"cursor": "x"})).status_code == 422
