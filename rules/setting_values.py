"""What a setting of the deployment may be; each refuses with a sentence that names no value, for
it may hold a password."""

from __future__ import annotations

from urllib.parse import SplitResult, urlsplit

LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
#: The drivers that are installed.
DATABASES = ("sqlite+aiosqlite", "postgresql+asyncpg")
#: Those of obstore.
STORES = (
    *("s3", "s3a", "gs", "az", "azure", "adl", "abfs", "abfss"),
    *("file", "memory", "http", "https"),
)
#: Customers' links are signed with it: a short one is found by trying.
SHORTEST_SECRET = 16


def log_level(value: str) -> str:
    """This will give the level as it is called. Refuses another (ValueError)."""
    if value.upper() not in LOG_LEVELS:
        raise ValueError(f"must be one of {', '.join(LOG_LEVELS)}")
    return value.upper()


def web_address(value: str) -> str:
    """This will give an address of the web as it is. Refuses anything else (ValueError)."""
    parts = _parts(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("must begin with https:// or http:// and name a host")
    return value


def base_address(value: str) -> str:
    """This will give an address to which paths are added. Refuses one that ends otherwise."""
    parts = _parts(web_address(value))
    if parts.query or parts.fragment:
        raise ValueError("must end with its host or path, without ? and #")
    return value.rstrip("/")


def database_address(value: str) -> str:
    """This will give a database's address as it is. Refuses another driver (ValueError)."""
    if _parts(value).scheme not in DATABASES:
        raise ValueError(
            "must be postgresql+asyncpg://user:password@host:5432/name or "
            "sqlite+aiosqlite:////folder/file.db"
        )
    return value


def store_address(value: str) -> str:
    """This will give a store's address as it is. Refuses a kind that nobody knows (ValueError)."""
    if _parts(value).scheme not in STORES:
        raise ValueError(f"must begin with one of {', '.join(f'{each}://' for each in STORES)}")
    return value


def mail_address(value: str) -> str:
    """This will give an e-mail address as it is. Refuses what no head of a mail can hold."""
    name, at, domain = value.rpartition("@")
    if not (name and at and domain and value.isprintable()) or " " in value:
        raise ValueError("must be an e-mail address, name@domain")
    return value


def check_secret(value: str) -> None:
    """This will refuse (ValueError) a secret that could be guessed."""
    if len(value.strip()) < SHORTEST_SECRET:
        raise ValueError(f"must have {SHORTEST_SECRET} characters or more: openssl rand -hex 32")


def _parts(value: str) -> SplitResult:
    parts = urlsplit(value)
    try:
        _ = parts.port
    except ValueError:
        raise ValueError("has a port that is no number up to 65535") from None
    return parts
