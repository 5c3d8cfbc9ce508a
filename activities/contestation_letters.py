"""The letter of a contestation and its evidence: drawn outside the transaction, sent within it."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import obstore
from sqlmodel.ext.asyncio.session import AsyncSession

from activities import message_values
from activities.attachments import key_of, store_of
from activities.contestation_evidence import evidence_sheet
from activities.contestation_papers import letter_of
from activities.documents import draw
from activities.messages import EnclosedFile, write_to_address
from models import cases, contestations
from models.attachments import Attachment
from models.cases import Case
from models.contestations import Contestation
from models.database import Database
from rules.cases import SYSTEM, Process
from rules.contestation import Level
from settings import Settings

PDF = "application/pdf"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Papers:
    """A letter that is drawn and not sent: its place among the letters, words and files."""

    ordinal: int
    purpose: str
    values: dict[str, Any]
    files: tuple[EnclosedFile, ...]


async def prepare(database: Database, case_id: int, *, at: datetime) -> Papers | None:
    """This will draw what is to be sent now; None when no letter is wanted any more.

    The same rows give the same bytes.
    """
    async with database.read() as session:
        case = await session.get_one(Case, case_id)
        contestation = await session.get_one(Contestation, case.subject_id)
        if contestation.letter_since is None:
            return None
        letter = await letter_of(session, contestation)
        standard = await message_values.standard_values(session, at=at)
    document, sheet = letter.document(standard), letter.sheet
    name = f"contestacao-{contestation.number}-{contestation.letters + 1}"
    return Papers(
        contestation.letters + 1,
        letter.purpose,
        letter.values,
        (
            EnclosedFile(f"{name}.pdf", PDF, await asyncio.to_thread(draw, document)),
            EnclosedFile(f"{name}.xlsx", XLSX, await asyncio.to_thread(evidence_sheet, sheet)),
        ),
    )


async def keep(settings: Settings, papers: Papers) -> None:
    """This will put the files into the store, where bytes of one content lie once."""
    store = store_of(settings)
    for file in papers.files:
        digest = hashlib.sha256(file.content).hexdigest()
        await obstore.put_async(store, key_of(digest), file.content)


async def send(
    session: AsyncSession,
    case: Case,
    contestation: Contestation,
    papers: Papers | None,
    *,
    at: datetime,
) -> None:
    """This will queue the letter and name its files as attachments; each letter goes once."""
    contestation.letter_since = None
    contestation.letters += 1
    session.add(contestation)
    level = Level(min(contestation.level, Level.REGULATOR))
    if papers is None or papers.ordinal != contestation.letters:
        cases.record_event(session, case, kind="letter_left_out", by=SYSTEM, at=at)
        return
    address = await contestations.email_of(
        session, carrier_id=contestation.carrier_id or 0, level=level
    )
    message = await write_to_address(
        session, case=case, address=address, purpose=papers.purpose, values=papers.values,
        key=contestations.letter_key(contestation.number, papers.ordinal), at=at,
        files=papers.files,
    )  # fmt: skip
    for file in papers.files:
        session.add(_attachment(contestation, file, at))
    cases.record_event(
        session, case, kind="letter", by=SYSTEM, at=at, contestation_level=level.name.lower(),
        to_address=address, message_id=message.number,
    )  # fmt: skip


def _attachment(contestation: Contestation, file: EnclosedFile, at: datetime) -> Attachment:
    return Attachment(
        process=Process.CONTESTATION, subject_id=contestation.number, name=file.name,
        media_type=file.media_type, size=len(file.content),
        sha256=hashlib.sha256(file.content).hexdigest(), added_at=at, added_by=SYSTEM,
    )  # fmt: skip
