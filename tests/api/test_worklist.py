"""The worklist of collections: its order, its reasons, and who is out of the way."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from decimal import Decimal

import pytest

from activities.customer_marks import mark_customer
from activities.promises import NewPromise, make_promise
from models.collections import account_of
from models.ladders import LadderException, LadderPause
from models.observed_chances import chances_of, observe_chances
from models.people import Deed
from models.policies import change_value
from models.promises import Promise
from models.worklist_kept import THE_DAY, WorklistDay, reckon_worklist, worklist_amounts
from rules.customer_marks import MarkKind
from rules.ladder import PauseReason
from rules.policies import setting_of
from rules.recovery import LOOK_BACK_DAYS
from rules.worklist import WorklistPolicy
from tests import builders
from tests.support.collections import TODAY
from tests.support.web import Web

SEES = "collections.account:see"


async def an_account(web: Web, name: str, amount: str, *, days_late: int, **case) -> dict:
    async with web.database.write() as session:
        customer = await builders.a_customer(session, name=name)
        made = await builders.a_collections_case(session, customer)
        made.sqlmodel_update(case)
        contract = await builders.a_contract(session, customer)
        invoice = await builders.an_invoice(
            session, customer, amount, due_date=TODAY - timedelta(days=days_late),
            contract_id=contract.id,
        )  # fmt: skip
        return {"customer": customer.id, "invoice": invoice.key, "contract": contract.id}


async def broken_promises(web: Web, customer_id: int, times: int) -> None:
    async with web.database.write() as session:
        session.add_all(
            Promise(
                customer_id=customer_id, amount=Decimal(10), status="broken",
                promised_on=TODAY - timedelta(days=9), made_at=web.now, made_by="ana",
            )
            for _ in range(times)
        )  # fmt: skip


@pytest.fixture
async def queue(web: Web) -> dict[str, dict]:
    """A large old debt, a small new one, and one of the same whose customer broke a promise."""
    made = {
        "Velha": await an_account(web, "Velha Ltda", "900.00", days_late=400),
        "Nova": await an_account(web, "Nova", "100.00", days_late=10),
        "Falha": await an_account(web, "Falha", "100.00", days_late=10),
    }
    await broken_promises(web, made["Falha"]["customer"], 1)
    return made


async def test_those_that_promise_most_come_first_each_with_its_reason(
    web: Web, queue: dict
) -> None:
    program = await web.program(SEES)

    first = (await program.get("/api/collections/worklist", params={"limit": 2})).json()
    rest = (
        await program.get("/api/collections/worklist", params={"limit": 2, "cursor": first["next"]})
    ).json()

    rows = [*first["rows"], *rest["rows"]]
    assert [(row["customer"], row["chance_percent"], row["expected"]) for row in rows] == [
        ("Nova", 65, "65.00"), ("Falha", 39, "39.00"), ("Velha Ltda", 3, "27.00"),
    ]  # fmt: skip
    assert rows[1]["reason"] == "39 % de chance: 1 a 30 dias; 1 promessa não cumprida"
    assert rest["next"] is None


async def test_contested_promised_excepted_and_spoken_to_are_aside(web: Web, queue: dict) -> None:
    new, old, failed = (queue[name] for name in ("Nova", "Velha", "Falha"))
    spoken = await an_account(web, "Falado", "50.00", days_late=3)
    async with web.database.write() as session:
        for each, reason in (
            (new, PauseReason.PROMISE), (new, PauseReason.CONTESTATION),
            (failed, PauseReason.PROMISE),
        ):  # fmt: skip
            session.add(
                LadderPause(
                    invoice_id=each["invoice"], reason=reason, reference="x",
                    since=TODAY, at=web.now, by="ana",
                )
            )  # fmt: skip
        session.add(
            LadderException(
                contract_id=old["contract"], kind="exception", since=TODAY,
                until=TODAY + timedelta(days=1), reason="x", at=web.now, by="ana",
            )
        )  # fmt: skip
        account = await account_of(session, spoken["customer"])
        account.last_contact_at = web.now
    browser = await web.browser(SEES)
    program = await web.program(SEES)

    rows = (await program.get("/api/collections/worklist")).json()["rows"]
    csv = (await browser.get("/cobrancas/fila/fora?formato=csv")).text

    assert rows == []
    told = {line.split(";")[0]: line for line in csv.splitlines()[1:]}
    assert set(told) == {"Nova", "Velha Ltda", "Falha", "Falado"}
    reasons = {
        "Nova": "Contestada", "Falha": "Promessa em vigor", "Velha Ltda": "Contrato em exceção",
        "Falado": "Já contatado hoje",
    }  # fmt: skip
    assert all(why in told[name] for name, why in reasons.items())


async def test_the_next_account_is_nobodys_or_ones_own(web: Web, queue: dict) -> None:
    await an_account(web, "De Bia", "5000.00", days_late=10, owner="bia")
    browser = await web.browser(SEES, login="ana")

    page = (await browser.get("/cobrancas/fila")).text
    opened = await browser.post("/cobrancas/fila/proxima")
    narrowed = await browser.post("/cobrancas/fila/proxima?busca=velha")
    nobody = await browser.post("/cobrancas/fila/proxima?busca=ninguem")

    assert page.index("De Bia") < page.index("Nova") < page.index("Velha Ltda")
    assert opened.headers["location"].endswith(f"/contas/{queue['Nova']['customer']}/comentarios")
    assert str(queue["Velha"]["customer"]) in narrowed.headers["location"]
    assert nobody.headers["location"] == "/cobrancas/fila"


async def test_only_who_sees_accounts_sees_the_worklist(web: Web) -> None:
    stranger = await web.browser("tasks:see", login="rui")
    program = await web.program("tasks:see")

    assert (await stranger.get("/cobrancas/fila")).status_code == 403
    assert (await program.get("/api/collections/worklist")).status_code == 403
    seeing = await web.program(SEES, login="leia")
    wrong = await seeing.get("/api/collections/worklist", params={"amount_from": "abc"})
    assert wrong.status_code == 422


async def told(web: Web, *, to: str) -> tuple[list[dict], str]:
    """The worklist with all it tells, and who is aside."""
    program = await web.program(SEES, login=f"robo-{to}")
    browser = await web.browser(SEES, login=to)
    rows = (await program.get("/api/collections/worklist")).json()["rows"]
    return rows, (await browser.get("/cobrancas/fila/fora?formato=csv")).text


async def test_kept_for_the_day_it_tells_what_the_invoices_say(web: Web, queue: dict) -> None:
    as_invoices_say = await told(web, to="ana")
    async with web.database.write() as session:
        await reckon_worklist(session, WorklistPolicy(), today=TODAY)

    async with web.database.read() as session:
        kept = await worklist_amounts(session, WorklistPolicy(), today=TODAY)

    assert kept.owed.name == "worklist_accounts"
    assert await told(web, to="bia") == as_invoices_say


async def test_what_changes_an_account_changes_what_is_kept_of_it(web: Web, queue: dict) -> None:
    async with web.database.write() as session:
        await reckon_worklist(session, WorklistPolicy(), today=TODAY)
    old, new = queue["Velha"], queue["Nova"]
    deed = Deed("ana", web.now, "", frozenset())
    async with web.database.write() as session:
        await mark_customer(session, old["customer"], MarkKind.FRAUD, reason="x", deed=deed)
        await make_promise(session, new["customer"], NewPromise(TODAY), deed=deed)
    await an_account(web, "Recente", "10.00", days_late=5)

    kept, aside = await told(web, to="ana")
    async with web.database.write() as session:
        await session.delete(await session.get_one(WorklistDay, THE_DAY))

    assert [row["customer"] for row in kept] == ["Falha", "Recente"]
    assert (kept, aside) == await told(web, to="bia")


async def test_until_the_daily_run_yesterdays_is_read_and_nothing_older(
    web: Web, queue: dict
) -> None:
    yesterday, policy = TODAY - timedelta(days=1), WorklistPolicy()
    async with web.database.write() as session:
        await reckon_worklist(session, policy, today=yesterday)
        read = [
            await worklist_amounts(session, policy, today=yesterday + timedelta(days=days))
            for days in (0, 1, 2)
        ]
        other = await worklist_amounts(session, WorklistPolicy(older=4), today=TODAY)
    browser = await web.browser(SEES, login="ana")
    page = (await browser.get("/cobrancas/fila")).text

    assert [each.owed.name for each in read] == ["worklist_accounts", "worklist_accounts", "owed"]
    assert [each.day for each in read] == [yesterday, yesterday, yesterday + timedelta(days=2)]
    assert other.owed.name == "owed"
    assert f"Idades e chances de {yesterday:%d/%m/%Y}" in page


async def test_chances_that_are_changed_change_what_is_kept(web: Web, queue: dict) -> None:
    setting, deed = setting_of("WorklistPolicy.older"), Deed("ana", web.now, "", frozenset())
    async with web.database.write() as session:
        await reckon_worklist(session, WorklistPolicy(), today=TODAY)
        await change_value(session, setting, 50, deed=deed)

    rows, _ = await told(web, to="ana")

    assert (rows[0]["customer"], rows[0]["expected"]) == ("Velha Ltda", "450.00")


async def test_two_who_ask_at_once_get_two_accounts(web: Web, queue: dict) -> None:
    ana, bia = [await web.program(SEES, login=login) for login in ("ana", "bia")]
    path = "/api/collections/worklist/next"

    first, second = await asyncio.gather(*(each.post(path, json={}) for each in (ana, bia)))
    third = (await (await web.program(SEES, login="caio")).post(path, json={})).json()
    nothing_left = (await (await web.program(SEES, login="dora")).post(path, json={})).json()
    rows = (await ana.get("/api/collections/worklist")).json()["rows"]

    got = [each.json()["account"]["customer"] for each in (first, second)]
    assert {*got, third["account"]["customer"]} == {"Nova", "Falha", "Velha Ltda"}
    assert nothing_left == {"account": None}
    assert {row["held_by"] for row in rows} == {"ana", "bia", "caio"}


async def test_a_hold_is_seen_ends_by_itself_and_is_given_back(web: Web, queue: dict) -> None:
    ana = await web.browser(SEES, login="ana")
    bia = await web.program(SEES, login="bia")
    path, account = "/api/collections/worklist/next", queue["Nova"]["customer"]
    await ana.post("/cobrancas/fila/proxima")

    page = (await ana.get("/cobrancas/fila")).text
    mine = (await ana.get(f"/cobrancas/contas/{account}")).text
    others = (await (await web.browser(SEES, login="leo")).get(f"/cobrancas/contas/{account}")).text
    meanwhile = (await bia.post(path, json={})).json()["account"]
    web.now += timedelta(minutes=15)
    expired = (await bia.post(path, json={})).json()["account"]
    released = (await bia.post("/api/collections/worklist/release")).json()
    await ana.post("/cobrancas/fila/proxima")
    back = await ana.post("/cobrancas/fila/devolucao")
    again = (await bia.post(path, json={})).json()["account"]

    assert "Em atendimento" in page
    assert ("Devolver à fila" in mine, "está nesta conta até" in others) == (True, True)
    assert (meanwhile["customer"], expired["customer"]) == ("Falha", "Nova")
    assert (released, back.status_code, again["customer"]) == ({"released": 1}, 303, "Nova")


async def test_enough_cases_make_the_chance_an_observed_one(web: Web, queue: dict) -> None:
    before = TODAY - timedelta(days=LOOK_BACK_DAYS)
    async with web.database.write() as session:
        customer = await builders.a_customer(session, name="Antiga")
        for number in range(4):
            due = before - timedelta(days=10)
            invoice = await builders.an_invoice(
                session, customer, "100.00", due_date=due, collection_stage=None
            )
            if number:
                paid_at = web.now - timedelta(days=LOOK_BACK_DAYS - number)
                await builders.pay(session, invoice, at=paid_at)
        await observe_chances(session, today=TODAY)
        few = await chances_of(session, WorklistPolicy())
        enough = await chances_of(session, WorklistPolicy(least_invoices=4))
        unused = await chances_of(session, WorklistPolicy(least_invoices=4, uses_observed=False))
        deed = Deed("ana", web.now, "", frozenset())
        await change_value(session, setting_of("WorklistPolicy.least_invoices"), 4, deed=deed)

    rows, _ = await told(web, to="ana")

    assert (few.policy.up_to_30_days, few.seen) == (65, {})
    assert (enough.policy.up_to_30_days, list(enough.seen.values())) == (75, [4])
    assert unused.policy.up_to_30_days == 65
    assert rows[0]["reason"] == "75 % de chance: 1 a 30 dias, observada em 4 faturas"
    assert (rows[0]["expected"], rows[0]["chance_rests_on"]) == ("75.00", 4)
