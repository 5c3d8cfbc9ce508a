"""Layouts of carriers' CSVs for programs: read, kept by version, tried on a sample."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import BaseModel
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.carrier_mappings import change_mapping, make_mapping, try_mapping
from api.carrier_mapping_inputs import MappingBody, TrialBody
from api.dependencies import Db, Ip, Now, Principal, ReadSession, need
from api.once import NamedRequest
from models.carrier_mappings import CarrierMapping, newest_of, select_mappings
from models.rows import rows_of

router = APIRouter(tags=["carriers"])

Edit = Annotated[Principal, need("registries:edit")]
ROOT = "/api/carrier-mappings"


class MappingView(BaseModel):
    """A mapping as it is now; `told` is all that it says of columns, words and forms."""

    code: str
    version: int
    name: str
    is_active: bool
    told: dict[str, Any]


class SampleKindView(BaseModel):
    """So many rows of a kind; the amount in reais, as people write it."""

    kind: str
    count: int
    amount: str


class SampleProblem(BaseModel):
    """What is wrong with a cell of the sample."""

    line: int
    column: str
    code: str
    value: str


class TriedView(BaseModel):
    """What a mapping makes of a sample; nothing of it is kept."""

    lines: int
    header: dict[str, str]
    kinds: list[SampleKindView]
    problems: list[SampleProblem]


@router.get(ROOT, dependencies=[need("registries:see")])
async def list_mappings(session: ReadSession) -> list[MappingView]:
    """Every mapping, each as it is now."""
    rows = await rows_of(session, select_mappings(search=None).order_by("code"))
    return [_view(await newest_of(session, row["code"])) for row in rows]


@router.get(f"{ROOT}/{{code}}", dependencies=[need("registries:see")])
async def read_mapping(session: ReadSession, code: str) -> MappingView:
    """A mapping. Refuses CarrierMappingNotFound."""
    return _view(await newest_of(session, code))


@router.post(ROOT, status_code=201)
async def create_mapping(
    body: MappingBody, by: Edit, database: Db, now: Now, ip: Ip, once: NamedRequest
) -> dict[str, Any]:
    """Keep a new mapping; a code that another layout has is refused."""
    deed = by.deed(at=now, ip=ip)

    async def make(session: AsyncSession) -> dict[str, Any]:
        row = await make_mapping(session, body.told(), is_active=body.is_active, deed=deed)
        return _view(row).model_dump()

    return await once.do(database, deed, make)


@router.put(f"{ROOT}/{{code}}")
async def write_mapping(
    code: str, body: MappingBody, by: Edit, database: Db, now: Now, ip: Ip
) -> MappingView:
    """Keep a mapping's next version, if anything of it changed; its code stays."""
    mapping = body.model_copy(update={"code": code}).told()
    async with database.write() as session:
        row = await change_mapping(
            session, mapping, is_active=body.is_active, deed=by.deed(at=now, ip=ip)
        )
        return _view(row)


@router.post(f"{ROOT}/trials", dependencies=[need("registries:see")])
async def try_on_sample(body: TrialBody) -> TriedView:
    """What an import by this mapping would make of a sample; nothing is kept."""
    tried = try_mapping(body.told(), body.sample.encode())
    return TriedView(
        lines=tried.lines,
        header=dict(tried.header),
        kinds=[SampleKindView(kind=e.kind, count=e.count, amount=e.amount) for e in tried.kinds],
        problems=[
            SampleProblem(line=e.line, column=e.field, code=e.code, value=e.value)
            for e in tried.problems
        ],
    )


def _view(row: CarrierMapping) -> MappingView:
    return MappingView(**row.model_dump(include=set(MappingView.model_fields)))
