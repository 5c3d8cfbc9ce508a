"""The database's structure over time, and how a database is brought to the newest one."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.script.revision import ResolutionError
from alembic.util import CommandError
from asyncpg.exceptions import PostgresError
from sqlalchemy import Connection, inspect

from running.problems import ExpectedProblem

IS_NEWER = "The database was written by a later version of Acerto: install that one"
NOT_MIGRATED = (
    "The database is not there yet, or was written by an earlier version of Acerto:"
    " `acerto migrate` brings it to the newest structure (`acerto up` does so by itself)."
)


class DatabaseNotMigrated(ExpectedProblem):
    """There is no database yet, or it lacks what this Acerto keeps."""


class DatabaseIsNewer(ExpectedProblem):
    """The database was migrated by a later Acerto than this one."""


class DatabaseNotReached(ExpectedProblem):
    """Nobody answers at the database's address, or not to us."""


def upgrade(url: str) -> None:
    """This will bring the database to the newest structure. Safe to repeat and at once.

    Must be called outside an event loop. Refuses with DatabaseIsNewer and DatabaseNotReached.
    """
    try:
        command.upgrade(configuration(url), "head")
    except CommandError as error:
        if isinstance(error.__cause__, ResolutionError):
            raise DatabaseIsNewer(f"{IS_NEWER} ({error}).") from error
        raise
    except (OSError, PostgresError) as error:  # bare only of a connection that was not had
        raise DatabaseNotReached(
            f"The database cannot be reached ({error}): look at ACERTO_DATABASE_URL."
        ) from error


def check(connection: Connection) -> None:
    """Refuses a database whose structure is not ours (DatabaseNotMigrated, DatabaseIsNewer).

    Tables without a version were made of the models themselves.
    """
    found = MigrationContext.configure(connection).get_current_heads()
    if not found and set(inspect(connection).get_table_names()) - {"alembic_version"}:
        return
    script = ScriptDirectory.from_config(configuration())
    if set(found) - {each.revision for each in script.walk_revisions()}:
        raise DatabaseIsNewer(f"{IS_NEWER} ({', '.join(found)}).")
    if set(found) != set(script.get_heads()):
        raise DatabaseNotMigrated(NOT_MIGRATED)


def configuration(url: str | None = None) -> Config:
    """What alembic's own commands need to know; without a URL, env.py asks the settings."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.attributes["url"] = url
    return config
