"""The week's figures: to those who asked and may see them, once, each of what they may see."""

from __future__ import annotations

from datetime import timedelta

from sqlmodel import select

from activities.weekly_figures import write_week
from models.cases import Case
from models.database import Database
from models.messages import Message
from models.people import Role, RolePermission, User, UserRole
from tests import builders
from tests.builders import AT, stored

DAY = timedelta(days=1)


async def a_reader(session, login: str, *permissions: str, wants: bool = True) -> None:
    user = await builders.a_user(session, login, email=f"{login}@casa.test", weekly_figures=wants)
    role = await stored(session, Role(code=login, name=login))
    session.add_all(RolePermission(role_id=role.id, permission=name) for name in permissions)
    session.add(UserRole(user_id=user.id, role_id=role.id))


async def a_case(session, number: int, process: str, *, opened: int, closed: int | None = None):
    at = AT - opened * DAY
    session.add(
        Case(
            process=process, subject_id=number, stage="open", stage_since=at, opened_at=at,
            due_at=AT - DAY, closed_at=None if closed is None else AT - closed * DAY,
        )
    )  # fmt: skip


async def test_each_reader_gets_what_they_may_see_once(database: Database) -> None:
    async with database.write() as session:
        await a_reader(session, "gestora", "management:see", "tickets:see", "tasks:see")
        await a_reader(session, "lia", "management:see", "tasks:see")
        await a_reader(session, "quiet", "management:see", "tasks:see", wants=False)
        await a_reader(session, "gone", "tasks:see")
        await a_case(session, 1, "tickets", opened=2)
        await a_case(session, 2, "tickets", opened=30, closed=3)
        await a_case(session, 3, "tickets", opened=30, closed=20)
        await a_case(session, 4, "tasks", opened=1)

    assert await write_week(database, at=AT) == 2
    assert await write_week(database, at=AT) == 2

    async with database.read() as session:
        first, second = (await session.exec(select(Message).order_by(Message.id))).all()
    assert (first.to_address, second.to_address) == ("gestora@casa.test", "lia@casa.test")
    line = "Suporte: 1 abertos, 1 encerrados; 1 em aberto, 0 com prazo descumprido, 1 em atraso"
    assert line in first.text
    assert first.text.count("\nSuporte: ") == first.text.count("\nTarefa: ") == 1  # a line each
    assert "Suporte" not in second.text
    assert "Tarefa: 1 abertos" in second.text
    assert "Cobrança" not in first.text  # nothing to tell of it


async def test_who_asks_gets_them_and_may_stop(database: Database) -> None:
    async with database.write() as session:
        await a_reader(session, "ana", "management:see", wants=False)

    assert await write_week(database, at=AT) == 0
    async with database.write() as session:
        user = (await session.exec(select(User))).one()
        user.weekly_figures = True
        session.add(user)
    assert await write_week(database, at=AT) == 1
