"""The application over a fresh database."""

from __future__ import annotations

import pytest

from api.app import create_app
from models.database import Database
from settings import Settings
from tests.support.web import Web


@pytest.fixture
def web(settings: Settings, database: Database) -> Web:
    """The application without an engine; its clock stands at tests.support.web.NOW."""
    return Web(create_app(settings, database), database)
