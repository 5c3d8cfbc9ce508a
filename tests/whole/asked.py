"""What a program asks of every process at once, again and again until it is answered."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import httpx2

from api.dependencies import clock
from models.carrier_invoices import CarrierInvoice
from models.database import Database
from rules.carrier_samples import Sample, file_of
from tests.support.contestations import V3, bill_after, credits_of
from tests.support.insisting import insist
from tests.support.running import Running
from tests.whole.sold import TWINS, rows_of

IMPORTED = 400
#: After so many answers, this is killed.
KILLS = {25: "worker", 60: "api", 95: "engine", 130: "worker", 160: "engine"}


@dataclass
class House:
    """The running house, a program that asks it, and what was sold before it came up."""

    running: Running
    database: Database
    http: httpx2.AsyncClient
    rows: dict[str, Any]
    answered: int = 0
    left: dict[int, str] = field(default_factory=lambda: dict(KILLS))

    async def ask(self, method: str, path: str, *, key: str, **content: Any) -> Any:
        """The answer; on the way something may be killed."""
        answer = await insist(self.http, method, path, key=key, **content)
        self.answered += 1
        if part := self.left.pop(self.answered, None):
            await asyncio.to_thread(self.running.kill, part)
        return answer.json()

    async def post(self, path: str, *, key: str, **body: Any) -> Any:
        return await self.ask("POST", path, key=key, json=body)

    async def follow(self, path: str) -> None:
        """Waits until a run has ended well."""
        for number in range(600):
            run = await self.ask("GET", path, key="")
            if run["status"] not in {"waiting", "running"}:
                assert run["status"] == "done", run
                return
            await asyncio.sleep(0.05 * min(number, 20))
        raise AssertionError(f"{path} never ended: {run}")


def everything(house: House) -> Sequence[Any]:
    """Everything at once."""
    numbers = range(TWINS)
    return [
        *(a_contracts_life(house, number) for number in numbers),
        *(a_kickoff(house, number) for number in numbers),
        *(a_ticket(house, number) for number in numbers),
        *(a_renewal(house, number) for number in numbers),
        the_ladder(house), the_billing(house), the_contestation(house), the_import(house),
    ]  # fmt: skip


# --- what is asked for ----------------------------------------------------------------------------


async def a_contracts_life(house: House, number: int) -> None:
    """Made, activated, served, suspended, in service again, on another plan, cancelled."""
    key, rows = f"c{number}", house.rows
    made = await house.post(
        f"/api/customers/{rows['customers'][number]}/contracts", key=key, plan_id=rows["plan"],
        ends_on=str(rows["today"] + timedelta(days=365)), minimum_term_months=12,
        minimum_term_fee="240.00",
    )  # fmt: skip
    path = f"/api/contracts/{made['contract_id']}"
    await house.post(f"{path}/activation", key=key)
    await house.post(f"{path}/services", key=key, description="IP fixo", amount="20.00")
    change = await house.post(f"{path}/changes", key=f"{key}s", kind="suspension")
    await house.post(f"/api/contract-changes/{change['change_id']}/end", key=key)
    await house.post(
        f"{path}/changes", key=f"{key}p", kind="plan_change", plan_id=rows["better_plan"]
    )
    await house.post(f"{path}/changes", key=f"{key}x", kind="cancellation", reason="mudou-se")


async def a_kickoff(house: House, number: int) -> None:
    """From the signature through meeting and check-list into service."""
    key, rows = f"k{number}", house.rows
    await house.post(
        f"/api/customers/{rows['customers'][number]}/contracts", key=key, plan_id=rows["tem_plan"],
        ends_on=str(rows["today"] + timedelta(days=365)), welcome=False,
    )  # fmt: skip
    listed = await house.ask("GET", "/api/kickoffs", key="", params={"is_open": True})
    mine = [
        each["id"] for each in listed["items"] if each["customer_id"] == rows["customers"][number]
    ]
    path, at = f"/api/kickoffs/{mine[0]}", clock()
    await house.post(f"{path}/meeting", key=key, at=(at + timedelta(hours=30)).isoformat())
    await house.post(
        f"{path}/minutes", key=key, held_at=at.isoformat(), minutes="Ata", attendees="Ana e Rui"
    )
    kickoff = await house.ask("GET", path, key="")
    for item in kickoff["items"]:
        await house.post(f"{path}/items/check", key=f"{key}/{item['id']}", item_id=item["id"],
                         is_done=True)  # fmt: skip
    await house.post(f"{path}/installation", key=key)
    await house.post(f"{path}/acceptance", key=key, accepted_by="Rui")


async def a_ticket(house: House, number: int) -> None:
    """Opened, answered, waited for, answered back, resolved."""
    key = f"t{number}"
    opened = await house.post(
        "/api/tickets", key=key, subject="Sem sinal", text="Parou", customer=f"CLI{number}"
    )
    path = f"/api/tickets/{opened['id']}"
    await house.post(f"{path}/replies", key=key, text="Vamos ver")
    await house.post(f"{path}/wait", key=key, text="Qual o modelo?")
    await house.post(f"{path}/customer-answers", key=key, text="X9")
    await house.post(f"{path}/resolution", key=key, text="Trocado")


async def a_renewal(house: House, number: int) -> None:
    """Both notices were given: renewed on command."""
    contract = house.rows["ending"][number]
    await house.post(f"/api/contracts/{contract}/renewal", key=f"r{number}")


async def the_ladder(house: House) -> None:
    """What is overdue is blocked by a run, and restored as each is paid."""
    run = await house.post("/api/ladder-runs", key="ladder")
    await house.follow(f"/api/ladder-runs/{run['id']}")
    for number, code in enumerate(house.rows["overdue"]):
        await house.post(
            "/api/payments", key=f"p{number}", code=f"P{number}", invoice=code, amount="100.00",
            paid_on=str(house.rows["today"]),
        )  # fmt: skip


async def the_billing(house: House) -> None:
    """Two runs, the second while or after the first."""
    for number in range(2):
        run = await house.post("/api/billing/runs", key=f"b{number}")
        await house.follow(f"/api/billing/runs/{run['id']}")


async def the_contestation(house: House) -> None:
    """A carrier's file, its contestation with protocol and answer, and the bill that credits it."""
    sample: Sample = house.rows["sample"]
    await carrier_file(house, sample, key="v1")
    [invoice] = await rows_of(house.database, CarrierInvoice)
    made = await house.post("/api/contestations", key="made", invoice_id=invoice.id)
    path, today = f"/api/contestations/{made['contestation_ids'][0]}", str(house.rows["today"])
    await house.post(f"{path}/filing", key="f")
    await house.post(
        f"{path}/protocols", key="p", contacted_at=clock().isoformat(), channel="phone",
        protocol="2026112255", attendant="Carlos", account="123", request="Contestação",
    )  # fmt: skip
    await house.post(f"{path}/payment", key="paid", paid_on=today)
    await house.post(f"{path}/answer", key="a", answered_on=today, accepts_all=True)
    issued = house.rows["today"] + timedelta(days=30)
    credits = credits_of(house.rows["planted"], paid_on=house.rows["today"], day=issued)
    await carrier_file(house, bill_after(sample, *credits, issued=issued), key="v2")


async def carrier_file(house: House, sample: Sample, *, key: str) -> None:
    files = {"file": (f"{key}.txt", file_of(sample.bill, V3), "text/plain")}
    run = await house.ask("POST", "/api/carrier-files", key=key, files=files)
    await house.follow(f"/api/carrier-files/{run['id']}")


async def the_import(house: House) -> None:
    """Customers with an invoice each, then a payment of every one."""
    numbers, today = range(IMPORTED), house.rows["today"]
    due = f"{today - timedelta(days=40):%d/%m/%Y}"
    files = {
        "clientes": ["codigo;nome;cpf_cnpj;cidade",
                     *(f"IMP{n};Cliente {n};529.982.247-25;Recife" for n in numbers)],
        "faturas": ["codigo;cliente;vencimento;valor",
                    *(f"IF{n};IMP{n};{due};100,00" for n in numbers)],
        "pagamentos": ["codigo;fatura;valor;pago_em",
                       *(f"IP{n};IF{n};100,00;{today:%d/%m/%Y}" for n in numbers)],
    }  # fmt: skip
    for name, lines in files.items():
        sent = {"files": (f"{name}.csv", "\n".join(lines).encode(), "text/csv")}
        run = await house.ask("POST", "/api/imports", key=name, files=sent)
        await house.follow(f"/api/imports/{run['id']}")


@asynccontextmanager
async def program(base_url: str, token: str) -> AsyncIterator[httpx2.AsyncClient]:
    """A client with the program's token."""
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx2.AsyncClient(base_url=base_url, headers=headers) as http:
        yield http
