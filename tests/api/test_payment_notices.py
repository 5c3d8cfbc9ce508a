"""Notices of payment by webhook: believed when signed, taken once, and all of them logged."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from pydantic import SecretStr
from sqlmodel import select

from activities.clients.signed_post import signature
from models.invoices import Invoice
from models.payment_notices import PaymentNotice
from models.payments import Payment
from models.tasks import Task
from settings import GatewaySettings, Settings
from tests.support.bank_returns import an_invoice, collect_by_boleto
from tests.support.web import NOW, Web

SECRET = "a secret of sixteen or more"
PATH = "/webhooks/payments"
TOLD = {"id": "evt-1", "invoice": "F1", "amount": "100.00", "paid_on": "2026-11-18"}


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"gateway": GatewaySettings(secret=SecretStr(SECRET))})


@pytest.fixture
async def post(web: Web):
    await collect_by_boleto(web.database, an_invoice(due_date=date(2026, 11, 18)))
    sender = web.visitor()

    async def send(body: bytes, *, at: datetime = NOW, secret: str = SECRET):
        stamp = int(at.timestamp())
        headers = {
            "X-Acerto-Timestamp": str(stamp), "X-Acerto-Signature": signature(secret, stamp, body)
        }  # fmt: skip
        return await sender.post(PATH, content=body, headers=headers)

    return send


def told(**changes: object) -> bytes:
    return json.dumps(TOLD | changes).encode()


async def rows(web: Web, model):
    async with web.database.read() as session:
        return list(await session.exec(select(model)))


async def test_a_signed_notice_settles_its_invoice_once(web: Web, post):
    first, again = await post(told(fee="0.50")), await post(told(fee="0.50"))

    assert (first.status_code, first.json()["outcome"]) == (200, "recorded")
    assert (first.json()["is_repeated"], again.json()["is_repeated"]) == (False, True)
    assert again.json()["payment_id"] == first.json()["payment_id"]
    (payment,) = await rows(web, Payment)
    assert (payment.source, payment.fee, payment.code) == (
        "gateway",
        Decimal("0.50"),
        "gateway/evt-1",
    )
    (invoice,) = await rows(web, Invoice)
    assert invoice.status == "settled"
    (kept,) = await rows(web, PaymentNotice)
    assert (kept.outcome, kept.times, kept.invoice_id) == ("recorded", 2, 1)


async def test_our_own_pix_names_the_invoice_and_brings_late_charges(web: Web, post):
    # Nineteen days late: 2 % of 100.00, and 1 % a month by the day
    async with web.database.write() as session:
        (await session.exec(select(Invoice))).one().due_date = date(2026, 10, 30)

    answer = await post(told(invoice="", txid="FAT1", amount="102.63"))

    assert answer.status_code == 200
    (payment,) = await rows(web, Payment)
    assert (payment.applied, payment.charges, payment.excess) == (
        Decimal("100.00"), Decimal("2.63"), Decimal("0.00")
    )  # fmt: skip


async def test_money_for_a_settled_invoice_is_kept_as_an_excess(web: Web, post):
    await post(told())

    answer = await post(told(id="evt-2"))

    assert answer.status_code == 200
    assert [p.excess for p in await rows(web, Payment)] == [Decimal("0.00"), Decimal("100.00")]


@pytest.mark.parametrize(
    ("body", "options", "answered", "outcome"),
    [
        (told(), {"secret": "another secret, as long"}, (403, "NoticeSignatureRefused"), "forged"),
        (told(), {"at": NOW - timedelta(minutes=5, seconds=1)}, (403, "NoticeTooOld"), "old"),
        (told(), {"at": NOW + timedelta(minutes=5, seconds=2)}, (403, "NoticeTooOld"), "old"),
        (b" " * (64 * 1024 + 1), {}, (413, "NoticeTooLarge"), "too_large"),
        (b"{", {}, (422, "NoticeMalformed"), "malformed"),
        (told(amount="1.001"), {}, (422, "NoticeMalformed"), "malformed"),
        (told(invoice=""), {}, (422, "NoticeMalformed"), "malformed"),
        (told(invoice="F\x001"), {}, (422, "NoticeMalformed"), "malformed"),
        (told(invoice="F9"), {}, (404, "NoticeInvoiceUnknown"), "unknown"),
        (told(invoice="", txid="FAT99"), {}, (404, "NoticeInvoiceUnknown"), "unknown"),
        (told(invoice="", txid="E123"), {}, (404, "NoticeInvoiceUnknown"), "unknown"),
        (told(paid_on="2026-12-01"), {}, (422, "PaidInTheFuture"), "refused"),
        (told(amount="0.00"), {}, (422, "PaymentNotPositive"), "refused"),
    ],
)
async def test_what_is_not_believed_or_cannot_be_changes_nothing_and_is_logged(
    web: Web, post, body, options, answered, outcome
):
    answers = [await post(body, **options) for _ in range(2)]

    assert [(a.status_code, a.json()["code"]) for a in answers] == [answered] * 2
    assert await rows(web, Payment) == []
    assert [(n.outcome, n.times) for n in await rows(web, PaymentNotice)] == [(outcome, 2)]


async def test_without_signature_or_secret_nothing_is_believed(web: Web, post):
    bare = await web.visitor().post(PATH, content=told())

    assert bare.json()["code"] == "NoticeSignatureRefused"


async def test_an_id_with_other_content_is_refused(web: Web, post):
    await post(told())

    answer = await post(told(amount="1.00"))

    assert (answer.status_code, answer.json()["code"]) == (409, "NoticeIdChanged")
    assert len(await rows(web, Payment)) == 1
    assert [n.outcome for n in await rows(web, PaymentNotice)] == ["recorded", "changed"]


async def test_a_notice_whose_invoice_comes_later_is_taken_when_told_again(web: Web, post):
    early = await post(told(invoice="F7"))
    async with web.database.write() as session:
        session.add(an_invoice("F7", customer_id=1))
    late = await post(told(invoice="F7"))

    assert (early.status_code, late.status_code) == (404, 200)
    (task,) = await rows(web, Task)
    assert task.places == {"reference": "F7"}
    assert [(n.outcome, n.times) for n in await rows(web, PaymentNotice)] == [("recorded", 2)]


async def test_the_log_is_a_page(web: Web, post):
    await post(told())
    await post(told(id="evt-2", invoice="F9"))
    browser = await web.browser("payments:see")

    page = (await browser.get("/pagamentos/avisos")).text
    narrowed = (await browser.get("/pagamentos/avisos?situacao=unknown")).text

    assert "evt-1" in page
    assert "evt-1" not in narrowed
    assert "Nenhuma fatura corresponde a F9." in narrowed
