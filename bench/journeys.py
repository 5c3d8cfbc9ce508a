"""Journeys started by the relay, beside bare one-activity workflows on the same engine."""

from __future__ import annotations

import asyncio
import os
import time
from datetime import UTC, datetime, timedelta
from statistics import median

from temporalio.client import Client

from bench.bare import BARE_QUEUE, OneActivity
from bench.house import BenchHouse, bench_house
from models import cases, outbox
from models.customers import Customer
from rules.cases import Step

NUMBER = int(os.environ.get("BENCH_NUMBER", "600"))
ROUNDS = 3


async def main() -> None:
    """This will print journeys a second, bare starts a second, their ratio, and events at rest."""
    async with bench_house() as house:
        pairs = [
            (await ours(house, round_number), await bare(house.bare, round_number))
            for round_number in range(ROUNDS)
        ]
        events = await events_at_rest(house)
    rate, floor = (median(figures) for figures in zip(*pairs, strict=True))
    print("| journeys/s | bare one-activity workflows/s | ratio | events at rest |")
    print("|---|---|---|---|")
    print(f"| {rate:.0f} | {floor:.0f} | {rate / floor:.2f} | {events} |")


async def bare(client: Client, round_number: int) -> float:
    """Bare workflows a second, started forty at once and awaited."""
    gate = asyncio.Semaphore(40)

    async def one(number: int) -> None:
        async with gate:
            await client.execute_workflow(
                OneActivity.run, number, id=f"bare/{round_number}/{number}", task_queue=BARE_QUEUE
            )

    started = time.perf_counter()
    await asyncio.gather(*(one(number) for number in range(NUMBER)))
    return NUMBER / (time.perf_counter() - started)


async def ours(house: BenchHouse, round_number: int) -> float:
    """Journeys a second, from rows and outbox until each has loaded its case and waits."""
    started = time.perf_counter()
    await classify(house, round_number)
    wanted = NUMBER * (round_number + 1)
    while (await house.client.count_workflows("AcertoStage='classified'")).count < wanted:
        await asyncio.sleep(0.05)
    return NUMBER / (time.perf_counter() - started)


async def classify(house: BenchHouse, round_number: int) -> None:
    """What classification leaves behind: customers, cases with a next instant, outbox."""
    at = datetime.now(UTC)
    async with house.database.write() as session:
        customers = [
            Customer(code=f"C{round_number}/{n}", name="Cliente", document="", created_at=at)
            for n in range(NUMBER)
        ]
        session.add_all(customers)
        await session.flush()
        for customer in customers:
            case = await cases.open_case(
                session, process="collections", subject_id=customer.id or 0,
                customer_id=customer.id, stage="classified", by="system", at=at,
            )  # fmt: skip
            cases.schedule(case, Step("start_overdue", at + timedelta(days=2)))
            outbox.start_case(session, case, at=at)


async def events_at_rest(house: BenchHouse) -> int:
    """Events of a classified customer's journey that waits."""
    history = await house.client.get_workflow_handle("collections/1").fetch_history()
    return len(history.events)


if __name__ == "__main__":
    asyncio.run(main())
