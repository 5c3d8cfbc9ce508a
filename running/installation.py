"""A database made ready: its structure, and the rows without which nobody can begin."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime

import migrations
from activities.templates import ensure_templates
from models.contact_results import ensure_contact_results
from models.default_ladder import ensure_default_ladder
from models.first_teams import ensure_named_teams
from models.granted_roles import grant_new_permissions
from models.kickoff import ensure_first_list
from models.newcomers import create_first_administrator
from models.task_lists import ensure_task_lists
from running.folders import make_folder
from running.storage import open_database
from settings import Settings


@dataclass(frozen=True)
class Installed:
    """What came of it. The password is told once and kept nowhere."""

    first_password: str | None


def install(settings: Settings, *, at: datetime) -> Installed:
    """This will migrate the database and add the first rows that are missing. Safe to repeat.

    Must be called outside an event loop. Refuses a folder in which nothing can be written
    (FolderNotUsable), and a database that cannot be reached (DatabaseNotReached).
    """
    make_folder(settings.data)
    migrations.upgrade(settings.database())
    return asyncio.run(add_first_rows(settings, at=at))


async def add_first_rows(settings: Settings, *, at: datetime) -> Installed:
    """This will add templates, ladder, teams, results, lists, roles and the administrator."""
    async with open_database(settings) as database, database.write() as session:
        await ensure_templates(session, at=at)
        await ensure_default_ladder(session)
        await ensure_named_teams(session)
        await ensure_contact_results(session)
        await ensure_task_lists(session)
        await ensure_first_list(session)
        await grant_new_permissions(session)
        return Installed(await create_first_administrator(session, at=at))


def first_log_in(password: str) -> str:
    """The line that tells it, in both languages."""
    return (
        f"  Primeiro acesso · first log-in: admin / {password}"
        " (senha provisória · one-time password)"
    )
