"""What people and programs ask of collections and the bureau: one call each, for page and JSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from pydantic import Field
from temporalio.client import Client

from api.commands import command
from api.dependencies import Db, Engine, PermissionDenied, Principal, need
from api.forms import Key
from api.inputs import Input
from api.once import CommandId
from models.bureau import BureauRecordNotFound, live_records
from models.database import Database
from models.panel_picks import get_invoice
from rules.bureau import AddToBureau, RemoveFromBureau
from rules.cases import Process
from rules.collection_commands import ConfirmProcess, StartCollection
from rules.collection_stages import CollectionStage
from rules.panels import BureauStage

router = APIRouter(tags=["collections"])

OVERRIDE = "bureau:override"
#: Invoices in other stages are put at the bureau, or taken out, by whoever works there.
AT_LARGE = "bureau:act"


@dataclass(frozen=True)
class Sender:
    """Through what a person's commands go; the same `command_id` again is the same command."""

    engine: Client
    database: Database
    by: str
    command_id: str | None = None
    seen_version: int | None = None
    ip: str = ""


async def start(sender: Sender, *, customer_id: int, invoice_ids: list[int]) -> dict[str, Any]:
    """This will put the picked invoices of a classified customer in contact."""
    argument = StartCollection(by=sender.by, ip=sender.ip, invoice_ids=tuple(invoice_ids))
    return await _of_account(sender, customer_id, "start_collection", argument)


async def confirm(sender: Sender, *, customer_id: int) -> dict[str, Any]:
    """This will put all of a customer that is in contact into negotiation."""
    return await _of_account(
        sender, customer_id, "confirm_process", ConfirmProcess(by=sender.by, ip=sender.ip)
    )


async def add_to_bureau(
    sender: Sender, *, invoice_id: int, details: str, override: bool = False, reason: str = ""
) -> dict[str, Any]:
    """This will put an invoice under bureau control, beginning with the customer's notice."""
    async with sender.database.read() as session:
        invoice = await get_invoice(session, invoice_id)
    argument = AddToBureau(
        by=sender.by,
        ip=sender.ip,
        invoice_ids=(invoice_id,),
        details=details,
        override=override,
        reason=reason,
    )
    return await _of_account(sender, invoice.customer_id, "add_to_bureau", argument)


async def remove_from_bureau(sender: Sender, *, invoice_id: int, details: str) -> dict[str, Any]:
    """This will take an invoice out of bureau control. Refuses one that is not there."""
    async with sender.database.read() as session:
        await get_invoice(session, invoice_id)
        record = (await live_records(session, [invoice_id])).get(invoice_id)
    if record is None:
        raise BureauRecordNotFound
    return await command(
        sender.engine,
        sender.database,
        process=Process.BUREAU,
        subject_id=record.number,
        update="remove",
        argument=RemoveFromBureau(by=sender.by, ip=sender.ip, details=details),
        command_id=sender.command_id,
    )


async def _of_account(
    sender: Sender, customer_id: int, update: str, argument: Any
) -> dict[str, Any]:
    return await command(
        sender.engine,
        sender.database,
        process=Process.COLLECTIONS,
        subject_id=customer_id,
        update=update,
        argument=argument,
        command_id=sender.command_id,
        seen_version=sender.seen_version,
    )


# --- JSON -----------------------------------------------------------------------------------------


class SeenInput(Input):
    """What the caller saw: a case that changed since then is not touched."""

    seen_version: int | None = None


class StartInput(SeenInput):
    """The invoices to start with."""

    invoice_ids: list[Key] = Field(max_length=1000)


class BureauInput(Input):
    """Why an invoice is put at the bureau; overriding needs its own permission, and a reason."""

    details: str = Field(max_length=2000)
    override: bool = False
    reason: str = Field("", max_length=500)


class RemovalInput(Input):
    """Why an invoice leaves the bureau."""

    details: str = Field(max_length=2000)


ADDS = {
    CollectionStage.IN_AGREEMENT: "collections.in_agreement:act",
    CollectionStage.BROKEN: "collections.broken:act",
}
REMOVES = {
    BureauStage.REGISTERED: "collections.registered:act",
    BureauStage.CONFLICT: "collections.conflict:act",
}


async def may_add(invoice_id: Key, by: Annotated[Principal, need()], database: Db) -> Principal:
    """Who asks, if the panel of the invoice lets them put it at the bureau."""
    _check_any(by, {*ADDS.values(), AT_LARGE})
    async with database.read() as session:
        stage = (await get_invoice(session, invoice_id)).collection_stage
    _check_any(by, {ADDS.get(CollectionStage(stage), AT_LARGE) if stage else AT_LARGE})
    return by


async def may_remove(invoice_id: Key, by: Annotated[Principal, need()], database: Db) -> Principal:
    """Who asks, if the panel of the invoice lets them take it out of the bureau."""
    _check_any(by, {*REMOVES.values(), AT_LARGE})
    async with database.read() as session:
        stage = (await get_invoice(session, invoice_id)).bureau_stage
    _check_any(by, {REMOVES.get(BureauStage(stage), AT_LARGE) if stage else AT_LARGE})
    return by


def _check_any(by: Principal, permissions: set[str]) -> None:
    if not any(by.may(permission) for permission in permissions):
        raise PermissionDenied


@router.post("/api/collections/customers/{customer_id}/start")
async def start_collection(
    customer_id: Key,
    asked: StartInput,
    by: Annotated[Principal, need("collections.classified:act")],
    database: Db,
    engine: Engine,
    key: CommandId = None,
) -> dict[str, Any]:
    """Starts the collection of a classified customer's picked invoices."""
    sender = Sender(engine, database, by.login, key, asked.seen_version, ip=by.ip)
    return await start(sender, customer_id=customer_id, invoice_ids=asked.invoice_ids)


@router.post("/api/collections/customers/{customer_id}/confirmation")
async def confirm_process(
    customer_id: Key,
    by: Annotated[Principal, need("collections.in_contact:act")],
    database: Db,
    engine: Engine,
    asked: SeenInput | None = None,
    key: CommandId = None,
) -> dict[str, Any]:
    """Confirms the process: all that is in contact goes into negotiation, in the one account."""
    seen = asked.seen_version if asked else None
    return await confirm(
        Sender(engine, database, by.login, key, seen, ip=by.ip), customer_id=customer_id
    )


@router.post("/api/invoices/{invoice_id}/bureau-record", status_code=201)
async def add_record(
    invoice_id: Key,
    asked: BureauInput,
    by: Annotated[Principal, Depends(may_add)],
    database: Db,
    engine: Engine,
    key: CommandId = None,
) -> dict[str, Any]:
    """Puts an invoice under bureau control. Internal: nothing is sent to the bureau itself."""
    if asked.override and not by.may(OVERRIDE):
        raise PermissionDenied
    sender = Sender(engine, database, by.login, key, ip=by.ip)
    return await add_to_bureau(sender, invoice_id=invoice_id, **asked.model_dump())


@router.post("/api/invoices/{invoice_id}/bureau-record/removal")
async def remove_record(
    invoice_id: Key,
    asked: RemovalInput,
    by: Annotated[Principal, Depends(may_remove)],
    database: Db,
    engine: Engine,
    key: CommandId = None,
) -> dict[str, Any]:
    """Takes an invoice out of bureau control. Internal: nothing is sent to the bureau itself."""
    sender = Sender(engine, database, by.login, key, ip=by.ip)
    return await remove_from_bureau(sender, invoice_id=invoice_id, details=asked.details)
