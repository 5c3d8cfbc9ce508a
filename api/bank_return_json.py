"""Bank return files for programs: send in, watch, stop, resume; what became of every line."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, File, Form, Query, UploadFile

from api.bank_return_commands import answer, resume, send_in, stop
from api.bank_return_values import BankReturnLineView, BankReturnView, line_view, view_of
from api.dependencies import Config, Db, Ip, Now, Principal, ReadSession, need
from api.inputs import Input
from api.once import NamedRequest
from models import bank_return_lists, bank_returns
from models.database import Database
from models.rows import rows_of
from rules.bank_returns import LineOutcome

router = APIRouter(tags=["payments"])

Act = Annotated[Principal, need("payments:act")]
MOST = 500


@router.get("/api/bank-returns", dependencies=[need("payments:see")])
async def list_bank_returns(session: ReadSession, now: Now) -> list[BankReturnView]:
    """The newest fifty files."""
    newest = await bank_return_lists.newest_files(session, limit=50)
    return [view_of(run, file, now=now) for run, file in newest]


@router.post("/api/bank-returns", status_code=201)
async def create_bank_return(
    by: Act,
    database: Db,
    config: Config,
    now: Now,
    ip: Ip,
    file: Annotated[UploadFile, File(description="CNAB 240 or 400, up to 64 MB")],
    is_corrected: Annotated[  # noqa: FBT002
        bool, Form(description="take another file with a number that the bank gave before")
    ] = False,
    *,
    once: NamedRequest,
) -> BankReturnView:
    """Take in a bank's return file; follow it at /api/bank-returns/{id}."""
    run_id = await send_in(
        database, config, [file], is_corrected=is_corrected, deed=by.deed(at=now, ip=ip), once=once
    )
    return await _view(database, run_id, now)


@router.get("/api/bank-returns/{run_id}", dependencies=[need("payments:see")])
async def read_bank_return(database: Db, now: Now, run_id: int) -> BankReturnView:
    """How far a file is, and what its lines come to."""
    return await _view(database, run_id, now)


@router.get("/api/bank-returns/{run_id}/lines", dependencies=[need("payments:see")])
async def list_lines(
    session: ReadSession,
    run_id: int,
    outcome: LineOutcome | None = None,
    after: Annotated[int, Query(ge=0, description="the id of the last line read")] = 0,
    limit: Annotated[int, Query(ge=1, le=MOST)] = MOST,
) -> list[BankReturnLineView]:
    """What became of each line, in order, so many at a time."""
    await bank_returns.file_of(session, run_id)
    statement = bank_return_lists.select_lines(run_id, outcome=outcome)
    following = bank_return_lists.lines_after(statement, after, limit=limit)
    return [line_view(dict(row)) for row in await rows_of(session, following)]


@router.post("/api/bank-returns/{run_id}/stop")
async def stop_bank_return(by: Act, database: Db, now: Now, ip: Ip, run_id: int) -> BankReturnView:
    """Stop after the page under way. Refuses a file that has ended."""
    await stop(database, run_id, deed=by.deed(at=now, ip=ip))
    return await _view(database, run_id, now)


@router.post("/api/bank-returns/{run_id}/resume")
async def resume_bank_return(
    by: Act, database: Db, now: Now, ip: Ip, run_id: int
) -> BankReturnView:
    """Go on where it was stopped. Refuses a file that was not stopped."""
    await resume(database, run_id, deed=by.deed(at=now, ip=ip))
    return await _view(database, run_id, now)


class AnswerInput(Input):
    """Whether a line that looks like one before tells a second payment."""

    is_second: bool


@router.post("/api/bank-return-lines/{line_id}/answer")
async def answer_line(
    by: Act, database: Db, now: Now, ip: Ip, line_id: int, asked: AnswerInput
) -> BankReturnLineView:
    """Say whether a line in question is a second payment. Refuses a line that asks nothing."""
    async with database.read() as session:
        run_id = await bank_returns.run_of_line(session, line_id)
    deed = by.deed(at=now, ip=ip)
    await answer(database, run_id, [line_id], is_second=asked.is_second, deed=deed)
    async with database.read() as session:
        statement = bank_return_lists.select_lines(run_id)
        [row] = await rows_of(
            session, bank_return_lists.lines_after(statement, line_id - 1, limit=1)
        )
    return line_view(dict(row))


async def _view(database: Database, run_id: int, now: Now) -> BankReturnView:
    async with database.read() as session:
        run, file = await bank_returns.file_of(session, run_id)
    return view_of(run, file, now=now)
