"""What the demonstration's customers answered by SMS: taken in as the provider would hand it."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.demo.life import Life
from activities.inbound_sms import take_in
from models.messages import Message
from rules.messages import Channel

#: What is said, and how many hours ago.
ANSWERS = (
    ("Já paguei ontem pelo Pix, podem conferir?", 30),
    ("Consigo parcelar em 4 vezes?", 21),
    ("SAIR", 8),
    ("Pago na sexta sem falta.", 3),
)
STRANGER, UNKNOWN_WORDS = "+5511900000000", "Oi, quem é?"


async def answer_by_sms(session: AsyncSession, *, now: datetime) -> None:
    """This will have customers answer what was written to them last, and a stranger ask."""
    ours = Life(session, now)
    await ours.begin()
    statement = select(Message.to_address).where(
        Message.channel == Channel.SMS, col(Message.sent_at).is_not(None),
        col(Message.case_id).is_not(None),
    )  # fmt: skip
    numbers = (await session.exec(statement.distinct().order_by(col(Message.to_address)))).all()
    said = [(number, *answer) for number, answer in zip(numbers, ANSWERS, strict=False)]
    for place, (sender, text, hours) in enumerate([*said, (STRANGER, UNKNOWN_WORDS, 1)]):
        await take_in(
            session, provider_id=f"SM-demo-{place}", sender=sender, text=text,
            at=now - timedelta(hours=hours),
        )  # fmt: skip
    await ours.end()
