"""What a panel's tool asks of whose journey: one command a row, as a person gives it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter
from sqlmodel.ext.asyncio.session import AsyncSession

from models.bulk import BulkRun
from models.bureau import BureauRecordNotFound, live_records
from models.cases import Case, case_of
from models.panel_picks import invoices_in
from models.panels import Wanted
from rules.bureau import AddToBureau, RemoveFromBureau
from rules.cases import CaseClosed, CaseNotFound, Process
from rules.collection_commands import ConfirmProcess, StartCollection
from rules.collection_stages import CollectionStage
from rules.panels import Panel, Tool


@dataclass(frozen=True)
class PanelWork:
    """What is done, with which rows of which panel, by whom."""

    tool: Tool
    panel: Panel
    wanted: Wanted
    by: str
    details: str = ""
    override: bool = False
    reason: str = ""
    ip: str = ""


WORK: TypeAdapter[PanelWork] = TypeAdapter(PanelWork)


def work_of(run: BulkRun) -> PanelWork:
    """What a run does."""
    return WORK.validate_python(run.parameters)


async def command_of(
    session: AsyncSession, work: PanelWork, row: Mapping[str, Any]
) -> tuple[Case, str, Any]:
    """The journey, its update and the argument of that.

    Refuses what has no journey, or whose journey is over.
    """
    by, ip, key, customer = work.by, work.ip, row["id"], row["customer_id"]
    match work.tool:
        case Tool.START:
            found = await invoices_in(session, key, stage=CollectionStage.CLASSIFIED)
            start = StartCollection(by=by, ip=ip, invoice_ids=tuple(each.key for each in found))
            return await _open(session, Process.COLLECTIONS, key), "start_collection", start
        case Tool.CONFIRM:
            confirm = ConfirmProcess(by=by, ip=ip)
            return await _open(session, Process.COLLECTIONS, key), "confirm_process", confirm
        case Tool.REGISTER:
            add = AddToBureau(by=by, ip=ip, invoice_ids=(key,), details=work.details,
                              override=work.override, reason=work.reason)  # fmt: skip
            return await _open(session, Process.COLLECTIONS, customer), "add_to_bureau", add
        case Tool.REMOVE:
            known = (await live_records(session, [key])).get(key)
            if known is None:
                raise BureauRecordNotFound
            remove = RemoveFromBureau(by=by, ip=ip, details=work.details)
            return await _open(session, Process.BUREAU, known.number), "remove", remove


async def _open(session: AsyncSession, process: Process, subject_id: int) -> Case:
    case = await case_of(session, process=process, subject_id=subject_id)
    if case is None:
        raise CaseNotFound
    if case.closed_at is not None:
        raise CaseClosed
    return case
