"""The application over a fresh database."""

from __future__ import annotations

import pytest

from api.app import create_app
from models.database import Database
from settings import Settings
from tests.conftest import House
from tests.support.web import Web


@pytest.fixture
def web(settings: Settings, database: Database) -> Web:
    """The application without an engine; its clock stands at tests.support.web.NOW."""
    return Web(create_app(settings, database), database)


@pytest.fixture
def running(house: House) -> Web:
    """The application with an engine, for what only a journey does; the house's clock is its."""
    web = Web(create_app(house.settings, house.database, house.client), house.database)
    web.now = house.clock.now
    return web
