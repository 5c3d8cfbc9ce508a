"""Letting a customer's device fetch messages: its token is told once, and kept as a digest."""

from __future__ import annotations

import secrets
from hashlib import sha256

from sqlmodel.ext.asyncio.session import AsyncSession

from models.app_accesses import AppAccess, revoke_access
from models.customers import read_customer
from models.people import Deed, record


async def grant_access(
    session: AsyncSession, customer_id: int, *, device: str, deed: Deed
) -> tuple[AppAccess, str]:
    """This will let a device in; gives the token too. Refuses CustomerNotFound."""
    await read_customer(session, customer_id)
    token = secrets.token_urlsafe(32)
    access = AppAccess(
        customer_id=customer_id, token_hash=sha256(token.encode()).hexdigest(), device=device,
        created_at=deed.at, created_by=deed.by,
    )  # fmt: skip
    session.add(access)
    await session.flush()
    record(session, deed, "app.grant", subject=f"customer/{customer_id}", device=device)
    return access, token


async def withdraw_access(
    session: AsyncSession, access_id: int, *, customer_id: int, deed: Deed
) -> None:
    """This will keep a device out from now on. Refuses AppAccessNotFound."""
    await revoke_access(session, access_id, customer_id=customer_id, at=deed.at)
    record(session, deed, "app.revoke", subject=f"customer/{customer_id}", access=access_id)
