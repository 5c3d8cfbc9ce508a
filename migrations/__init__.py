"""The database's structure over time, and how a database is brought to the newest one."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script.revision import ResolutionError
from alembic.util import CommandError

from running.problems import ExpectedProblem


class DatabaseIsNewer(ExpectedProblem):
    """The database was migrated by a later Acerto than this one."""


def upgrade(url: str) -> None:
    """This will bring the database to the newest structure. Safe to repeat and at once.

    Must be called outside an event loop. Refuses with DatabaseIsNewer.
    """
    try:
        command.upgrade(configuration(url), "head")
    except CommandError as error:
        if isinstance(error.__cause__, ResolutionError):
            raise DatabaseIsNewer(
                "The database was written by a later version of Acerto: install that one"
                f" ({error})."
            ) from error
        raise


def configuration(url: str | None = None) -> Config:
    """What alembic's own commands need to know; without a URL, env.py asks the settings."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.attributes["url"] = url
    return config
