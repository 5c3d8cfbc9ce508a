"""Passwords as they are kept: argon2id, computed beside the event loop."""

from __future__ import annotations

import asyncio
import secrets

from pwdlib import PasswordHash

_hasher = PasswordHash.recommended()
#: Verified when the user does not exist, so that both take the same time.
_nobody = _hasher.hash(secrets.token_urlsafe(16))


def new_password() -> str:
    """This will make a one-time password that can be read out on the telephone."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    groups = ("".join(secrets.choice(letters) for _ in range(4)) for _ in range(4))
    return "-".join(groups)


async def hash_password(password: str) -> str:
    """This will hash a password, in about a tenth of a second."""
    return await asyncio.to_thread(_hasher.hash, password)


async def is_password(password: str, *, password_hash: str | None) -> bool:
    """This will compare a password with its hash; False, equally slowly, when there is none."""
    matches = await asyncio.to_thread(_hasher.verify, password, password_hash or _nobody)
    return matches and password_hash is not None
