"""Reminders: one at once, those that follow within the hour in a single e-mail."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlmodel import select

from activities.task_letters import tell_of_case, tell_of_task
from activities.tasks import NewTask, make_task
from models.cases import open_case
from models.database import Database
from models.messages import Message
from models.policies import PolicyValue
from tests import builders
from tests.builders import AT

MINUTE = timedelta(minutes=1)


async def remind(database: Database, number: int, at: datetime, *, login: str = "ana") -> None:
    async with database.write() as session:
        new = NewTask(
            key=f"t{number}", title=f"Tarefa {number}", due_at=AT + timedelta(days=30 - number),
            process="tasks", consequence="Ninguém liga.",
        )  # fmt: skip
        task = await make_task(session, new, by="system", at=AT)
        await tell_of_task(
            session, task, login=login, purpose="task_reminder", key=f"task/{number}", at=at
        )


async def letters(database: Database) -> list[Message]:
    async with database.read() as session:
        return list(await session.exec(select(Message).order_by(Message.id)))


async def a_house(database: Database) -> None:
    async with database.write() as session:
        for login in ("ana", "bia"):
            await builders.a_user(session, login, email=f"{login}@casa.test")


async def test_a_storm_of_reminders_is_two_e_mails(database: Database) -> None:
    await a_house(database)

    for number in range(1, 6):
        await remind(database, number, AT + number * MINUTE)
    await remind(database, 6, AT + 6 * MINUTE, login="bia")

    first, gathered, other = await letters(database)
    assert (first.purpose, gathered.purpose, other.purpose) == (
        "task_reminder", "task_digest", "task_reminder",
    )  # fmt: skip
    assert gathered.not_before == first.not_before + 60 * MINUTE
    assert gathered.subject.strip() == "À sua espera: 4"
    places = [gathered.text.index(f"Tarefa {number}") for number in (5, 4, 3, 2)]
    assert places == sorted(places)  # the first due first
    assert "Tarefa 1" not in gathered.text
    assert gathered.text.count("\nSe ninguém agir: Ninguém liga.\n") == 4


async def test_after_a_quiet_hour_a_reminder_goes_at_once_again(database: Database) -> None:
    await a_house(database)

    await remind(database, 1, AT)
    await remind(database, 2, AT + 30 * MINUTE)  # waits for the full hour
    await remind(database, 3, AT + 90 * MINUTE)  # the second went at 60: waits for the next
    await remind(database, 4, AT + 300 * MINUTE)

    sent = [(each.purpose, (each.not_before - AT) // MINUTE) for each in await letters(database)]
    assert sent == [
        ("task_reminder", 0), ("task_digest", 60), ("task_digest", 120), ("task_reminder", 300),
    ]  # fmt: skip


async def test_without_gathering_each_goes_by_itself(database: Database) -> None:
    await a_house(database)
    async with database.write() as session:
        session.add(
            PolicyValue(name="TaskPolicy.gather_minutes", value=0, changed_at=AT, changed_by="ana")
        )

    await remind(database, 1, AT)
    await remind(database, 2, AT)

    assert [each.purpose for each in await letters(database)] == ["task_reminder"] * 2


async def test_promises_that_run_out_are_gathered_with_tasks(database: Database) -> None:
    await a_house(database)
    await remind(database, 1, AT)
    async with database.write() as session:
        customer = await builders.a_customer(session, name="Padaria Aurora")
        for number in (7, 8):
            case = await open_case(
                session, process="tickets", subject_id=number, customer_id=customer.id,
                stage="open", by="ana", at=AT,
            )  # fmt: skip
            case.due_at, case.owner = AT + number * MINUTE, "ana"
            case.breached_at = AT if number == 7 else None
            await tell_of_case(
                session, case, login="ana", purpose="ticket_told", values={}, key=f"k{number}",
                at=AT + number * MINUTE,
            )  # fmt: skip
    await remind(database, 2, AT + 9 * MINUTE)

    _, gathered = await letters(database)
    assert gathered.subject.strip() == "À sua espera: 3"
    names = ("Suporte 7: Padaria Aurora", "Suporte 8: Padaria Aurora", "Tarefa 2")
    places = [gathered.text.index(each) for each in names]
    assert places == sorted(places)
    assert "O cliente espera além do que foi prometido." in gathered.text
    assert "com Ana" in gathered.text
