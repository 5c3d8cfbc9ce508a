"""The managers' charts: what each counts, in which month, for whom, and where a figure leads."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from sqlmodel.ext.asyncio.session import AsyncSession

from api.chart_figures import CHARTS
from models.agreements import Agreement
from models.bureau import BureauRecord
from models.cases import open_case, record_event
from models.collections import CollectionAccount, Contact
from models.messages import Message
from rules.cases import Process
from tests.builders import (
    a_category,
    a_collections_case,
    a_contact_category,
    a_customer,
    a_user,
    an_invoice,
)
from tests.support.web import NOW, Web

SEES = "collections.charts:see"
TODAY = date(2026, 11, 19)
BRASILIA = ZoneInfo("America/Sao_Paulo")
DAY = timedelta(days=1)


def local(year: int, month: int, day: int, hour: int = 12) -> datetime:
    return datetime(year, month, day, hour, tzinfo=BRASILIA)


async def an_agreement(
    session: AsyncSession, *, city: str = "Betim", by: str = "ana", status: str = "in_progress",
    made_at: datetime = NOW, tolerance: date = TODAY, ended_at: datetime | None = None,
) -> None:  # fmt: skip
    category = await a_category(session)
    customer = await a_customer(session, city=city)
    session.add(
        Agreement(
            customer_id=customer.id, kind="unchanged", status=status, category_id=category.id,
            tolerance_date=tolerance, principal=Decimal(1), total=Decimal(1), made_at=made_at,
            made_by=by, ended_at=ended_at,
        )
    )  # fmt: skip


async def figures(web: Web, key: str) -> dict[str, dict[str, int]]:
    """The chart's figures by series and label, those of nothing left out."""
    async with await web.program(SEES) as program:
        chart = (await program.get(f"/api/collections/charts/{key}")).json()
    return {
        series["name"]: {
            label: number
            for label, number in zip(chart["labels"], series["data"], strict=True)
            if number
        }
        for series in chart["series"]
    }


@pytest.mark.parametrize(
    "path", ["/cobrancas/graficos", "/cobrancas/graficos/spc.csv", "/api/collections/charts"]
)
async def test_only_who_may_see_them_gets_them(web: Web, path: str) -> None:
    visit = web.program if path.startswith("/api/") else web.browser
    without = await visit("collections.broken:see", login="without")
    sees = await visit(SEES, login="sees")

    assert (await without.get(path)).status_code == 403
    assert (await sees.get(path)).status_code == 200


async def test_an_unknown_chart_is_not_found(web: Web) -> None:
    program = await web.program(SEES)

    assert (await program.get("/api/collections/charts/nenhum")).status_code == 404


async def test_interactions_fall_into_the_months_of_brasilia(web: Web) -> None:
    async with web.database.write() as session:
        customer = await a_customer(session)
        await a_collections_case(session, customer)
        category = await a_contact_category(session)
        for number, (channel, at, customer_id) in enumerate(
            (
                ("email", local(2026, 10, 31, 23), customer.id),
                ("email", local(2026, 11, 1, 0), customer.id),
                ("sms", local(2025, 12, 1, 0), customer.id),
                ("sms", local(2025, 11, 30, 23), customer.id),
                ("email", local(2026, 11, 2), None),
                ("email", None, customer.id),
            )
        ):
            session.add(
                Message(
                    key=f"m{number}", customer_id=customer_id, channel=channel, purpose="x",
                    to_address="x", not_before=NOW, created_at=NOW, created_by="ana", sent_at=at,
                )
            )  # fmt: skip
        account = await session.get(CollectionAccount, 1)
        session.add(
            Contact(
                account_id=account.id, kind="active", channel="phone", category_id=category.id,
                subject="x", text="x", at=local(2026, 10, 31, 22), by="ana",
            )
        )  # fmt: skip

    assert await figures(web, "interacoes") == {
        "E-mail": {"out/26": 1, "nov/26": 1},
        "SMS": {"dez/25": 1},
        "Aplicativo": {},
        "Comentário ou contato": {"out/26": 1},
    }


async def test_agreements_are_counted_by_city_the_most_first(web: Web) -> None:
    async with web.database.write() as session:
        for city in ("Betim", "Olinda", "Olinda"):
            await an_agreement(session, city=city)
        await an_agreement(session, city="Betim", made_at=NOW - 90 * DAY)
        await an_agreement(session, city="Betim", made_at=NOW - 91 * DAY)
        for number in range(25):
            await an_agreement(session, city=f"Cidade {number:02}")

    found = (await figures(web, "cidades"))["Acordos"]

    assert list(found.items())[:3] == [("Betim", 2), ("Olinda", 2), ("Cidade 00", 1)]
    assert len(found) == 20


async def test_outcomes_stand_in_the_month_in_which_the_agreement_was_made(web: Web) -> None:
    async with web.database.write() as session:
        for status in (
            "in_progress", "fulfilled", "fulfilled_late", "broken", "renegotiated", "restored",
            "cancelled",
        ):  # fmt: skip
            await an_agreement(session, status=status, made_at=local(2026, 3, 10))

    assert await figures(web, "resultado") == {
        "Efetivados": {"mar/26": 2}, "Não cumpridos": {"mar/26": 3}, "Pendentes": {"mar/26": 1},
    }  # fmt: skip


async def test_lateness_is_counted_from_the_tolerance_date(web: Web) -> None:
    async with web.database.write() as session:
        for late in (0, 1, 30, 31):
            await an_agreement(session, status="broken", tolerance=TODAY - late * DAY)
        await an_agreement(session, status="fulfilled", tolerance=TODAY - DAY)

    assert await figures(web, "tolerancia") == {
        "Até 30 dias": {"ana": 2}, "Mais de 30 dias": {"ana": 1},
    }  # fmt: skip


async def test_only_what_was_kept_lately_counts_for_its_operator(web: Web) -> None:
    async with web.database.write() as session:
        await an_agreement(session, status="fulfilled", ended_at=NOW, by="bia")
        await an_agreement(session, status="fulfilled_late", ended_at=NOW - 180 * DAY, by="bia")
        await an_agreement(session, status="fulfilled", ended_at=NOW - 182 * DAY, by="bia")
        await an_agreement(session, status="cancelled", ended_at=NOW, by="bia")

    assert await figures(web, "efetivados") == {"Efetivados": {"bia": 2}}


async def test_records_that_never_reached_the_bureau_are_not_removals(web: Web) -> None:
    async with web.database.write() as session:
        customer = await a_customer(session)
        invoice = await an_invoice(session, customer)
        for registered, removed in (
            (local(2026, 9, 1), local(2026, 10, 1)),
            (None, local(2026, 10, 1)),
            (local(2026, 9, 30, 23), None),
        ):
            session.add(
                BureauRecord(
                    invoice_id=invoice.key, customer_id=customer.id, stage="removed",
                    added_by="ana", noticed_at=NOW, expires_on=TODAY, registered_at=registered,
                    removed_at=removed,
                )
            )  # fmt: skip

    assert await figures(web, "spc") == {"Incluídos": {"set/26": 2}, "Removidos": {"out/26": 1}}


async def test_the_systems_own_work_is_nobodys(web: Web) -> None:
    async with web.database.write() as session:
        customer = await a_customer(session)
        case = await a_collections_case(session, customer, at=NOW - 200 * DAY)
        for by, at in (("ana", NOW), ("system", NOW), ("zeca", NOW), ("ana", NOW - 92 * DAY)):
            record_event(session, case, kind="started", by=by, at=at)

    assert (await figures(web, "operadores"))["Eventos"] == {"ana": 1, "zeca": 1}


@pytest.mark.parametrize(
    ("key", "counted"),
    [
        ("operadores", {"Eventos": {"ana": 1}, "Interações": {"ana": 1}}),
        ("interacoes", {
            "E-mail": {"nov/26": 1}, "SMS": {}, "Aplicativo": {}, "Comentário ou contato": {},
        }),
    ],
)  # fmt: skip
async def test_the_work_of_other_desks_is_not_collecting(
    web: Web, key: str, counted: dict[str, dict[str, int]]
) -> None:
    async with web.database.write() as session:
        customer = await a_customer(session)
        ours = await a_collections_case(session, customer, at=NOW - 200 * DAY)
        theirs = await open_case(
            session, process=Process.TICKETS, subject_id=1, customer_id=customer.id, stage="open",
            by="ana", at=NOW,
        )  # fmt: skip
        for number, case in enumerate((ours, theirs, theirs)):
            record_event(session, case, kind="x", by="ana", at=NOW)
            session.add(
                Message(
                    key=f"m{number}", customer_id=customer.id, case_id=case.id, channel="email",
                    purpose="x", to_address="x", not_before=NOW, created_at=NOW, created_by="ana",
                    sent_at=NOW,
                )
            )  # fmt: skip

    assert await figures(web, key) == counted


async def test_every_figure_leads_to_the_list_that_it_counts(web: Web) -> None:
    async with web.database.write() as session:
        await an_agreement(session, made_at=local(2026, 3, 31, 23), city="São José")
        await an_agreement(session, city="São José dos Campos", tolerance=TODAY - DAY)
        (await a_user(session, "rui")).is_active = False  # who left is still found
        await an_agreement(session, by="rui", status="broken", tolerance=TODAY - 31 * DAY)
        for status in ("fulfilled", "fulfilled_late", "restored", "cancelled"):
            await an_agreement(session, status=status, ended_at=NOW - DAY)
        await an_agreement(session, status="fulfilled", ended_at=NOW - 190 * DAY)
    browser, program = await web.browser(SEES, "agreements:see"), await web.program(SEES)

    charts = (await program.get("/api/collections/charts")).json()

    links = [
        (link, number)
        for chart in charts
        for series in chart["series"]
        for link, number in zip(series["links"], series["data"], strict=True)
        if link
    ]
    assert len(links) >= 8
    for link, number in links:
        listed = (await browser.get(link)).text
        assert re.search(r"(\d+) registros?<", listed).group(1) == str(number), link


async def test_programs_list_agreements_by_what_became_of_them(web: Web) -> None:
    async with web.database.write() as session:
        for status in ("in_progress", "broken", "fulfilled_late"):
            await an_agreement(session, status=status)
    program = await web.program("agreements:see")

    found = {
        outcome: (await program.get("/api/agreements", params={"outcome": outcome})).json()
        for outcome in ("live", "fulfilled", "cancelled")
    }
    wrong = await program.get("/api/agreements", params={"outcome": "all"})

    kept = {name: [each["status"] for each in page["items"]] for name, page in found.items()}
    assert kept == {
        "live": ["broken", "in_progress"], "fulfilled": ["fulfilled_late"], "cancelled": [],
    }  # fmt: skip
    assert wrong.status_code == 422


async def test_figures_come_as_csv(web: Web) -> None:
    async with web.database.write() as session:
        await an_agreement(session, city="=1+1")
    browser = await web.browser(SEES)

    answer = await browser.get("/cobrancas/graficos/cidades.csv")

    assert answer.text.splitlines() == ["\ufeffCidade;Acordos", "'=1+1;1"]


async def test_nothing_to_show_is_said(web: Web) -> None:
    browser = await web.browser(SEES)

    page = (await browser.get("/cobrancas/graficos")).text

    assert page.count("Nada a mostrar neste período.") == len(CHARTS)
