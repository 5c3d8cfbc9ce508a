"""Secrets derived from the deployment's own: of links, webhooks, the sink, log-ins under way."""

from __future__ import annotations

import hmac
import os
import secrets
from contextlib import suppress
from pathlib import Path

from settings import Settings

FILE = "secret.key"


def sink_token(settings: Settings) -> str:
    """This will give the sink's token: of the configured secret key, else of the data folder's."""
    return derived_secret(settings, purpose="acerto sink")[:32]


def derived_secret(settings: Settings, *, purpose: str) -> str:
    """This will give a secret of this deployment for one purpose, the same in all its processes."""
    configured = settings.secret_key
    secret = configured.get_secret_value() if configured else _kept(settings.data / FILE)
    return hmac.new(secret.encode(), purpose.encode(), "sha256").hexdigest()


def _kept(path: Path) -> str:
    """Worker, API and sink may come here at once: whoever links its file first has made it."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(32))
        with suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    return path.read_text().strip()
