"""When a message leaves, waits or is never sent; what reports and repeats make of it."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from rules import messages
from rules.business_days import weekday_windows
from rules.delivery import Contacts, DeliveryFacts, Go, Suppress, Wait, decide_delivery
from rules.messages import Channel, MessagePolicy, MessageStatus, Suppression, Waiting
from rules.sms import Encoding, measure
from rules.sms_text import sms_text

POLICY = MessagePolicy()
TUESDAY_NOON = datetime(2026, 10, 27, 15, tzinfo=UTC)


def local(day: int, hour: int, minute: int = 0) -> datetime:
    """An instant of October 2026 by the clocks of São Paulo."""
    return datetime(2026, 10, day, hour + 3, minute, tzinfo=UTC)


def decided(now: datetime, policy: MessagePolicy = POLICY, **facts: Any) -> Go | Wait | Suppress:
    known: dict[str, Any] = {
        "not_before": local(1, 9),
        "respects_window": True,
        "uf": "SP",
        **facts,
    }
    return decide_delivery(DeliveryFacts(**known | facts), policy, now=now)


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        (local(25, 15), local(26, 8)),  # Sunday
        (local(26, 7, 59), local(26, 8)),  # Monday, before it opens
        (local(24, 14), local(26, 8)),  # Saturday at the closing, which is outside
        (local(12, 10), local(13, 8)),  # a national holiday
    ],
)
def test_outside_the_hours_of_the_state_a_contact_waits(now: datetime, opens: datetime) -> None:
    assert decided(now) == Wait(opens, Waiting.WINDOW)


@pytest.mark.parametrize("now", [local(26, 8), local(26, 19, 59), local(24, 13, 59)])
def test_within_the_hours_of_the_state_a_contact_leaves(now: datetime) -> None:
    assert decided(now) == Go()


def test_what_is_no_contact_leaves_at_any_hour() -> None:
    assert decided(local(25, 3), respects_window=False, contacts=Contacts(5, 5, 5)) == Go()


def test_the_second_contact_of_a_day_waits_for_the_next_day() -> None:
    once = Contacts(1, 1)

    assert decided(local(27, 11), contacts=once) == Wait(local(28, 8), Waiting.DAILY_LIMIT)
    assert decided(local(23, 11), contacts=once, uf="MG") == Wait(local(26, 9), Waiting.DAILY_LIMIT)


def test_a_channel_carries_no_more_of_a_day_s_contacts_than_it_may() -> None:
    often = MessagePolicy(contacts_per_day=3, contacts_per_week=9, sms_contacts_per_day=1)
    one_each = {"contacts": Contacts(2, 2, 1), "policy": often}

    assert decided(local(27, 11), channel=Channel.EMAIL, **one_each) == Go()
    assert decided(local(27, 11), channel=Channel.SMS, **one_each) == Wait(
        local(28, 8), Waiting.CHANNEL_LIMIT
    )
    assert decided(local(27, 11), channel=Channel.SMS, is_limited=False, **one_each) == Go()


def test_the_customer_s_own_limit_stands_over_that_of_a_channel() -> None:
    known = MessagePolicy(email_contacts_per_day=5)

    assert decided(local(27, 11), contacts=Contacts(1, 1, 0), policy=known) == Wait(
        local(28, 8), Waiting.DAILY_LIMIT
    )


def test_a_channel_s_hours_narrow_those_of_the_state() -> None:
    afternoons = {"within": weekday_windows((time(13), time(22)))}

    assert decided(local(27, 12, 59), **afternoons) == Wait(local(27, 13), Waiting.WINDOW)
    assert decided(local(27, 13), **afternoons) == Go()
    assert decided(local(27, 20), **afternoons) == Wait(local(28, 13), Waiting.WINDOW)
    assert decided(local(24, 10), **afternoons) == Wait(local(26, 13), Waiting.WINDOW)
    assert decided(local(27, 14), contacts=Contacts(1, 1), **afternoons) == Wait(
        local(28, 13), Waiting.DAILY_LIMIT
    )


def test_a_legal_notice_keeps_to_the_hours_of_its_channel_too() -> None:
    evening = {"within": weekday_windows((time(18), time(20))), "is_limited": False}

    assert decided(local(27, 11), **evening) == Wait(local(27, 18), Waiting.WINDOW)


def test_a_legal_notice_is_not_held_back_by_the_daily_limit() -> None:
    assert decided(local(27, 11), contacts=Contacts(1, 1), is_limited=False) == Go()


def test_what_was_paid_or_is_not_wanted_is_never_sent() -> None:
    assert decided(TUESDAY_NOON, is_paid=True) == Suppress(Suppression.PAID)
    assert decided(TUESDAY_NOON, is_opted_out=True) == Suppress(Suppression.OPTED_OUT)
    assert decided(TUESDAY_NOON, is_left_alone=True) == Suppress(Suppression.MARKED)


def test_a_message_for_today_is_not_sent_tomorrow() -> None:
    midnight = local(28, 0)

    assert decided(midnight - timedelta(hours=5), expires_at=midnight) == Go()
    assert decided(midnight, expires_at=midnight) == Suppress(Suppression.EXPIRED)


def test_a_message_waits_for_its_own_instant() -> None:
    later = TUESDAY_NOON + timedelta(hours=1)

    assert decided(TUESDAY_NOON, not_before=later) == Wait(later, Waiting.NOT_BEFORE)
    assert decided(later, not_before=later) == Go()


def test_a_message_kept_out_of_a_day_waits_for_the_next() -> None:
    assert decided(local(27, 11), is_taken_out=True) == Wait(local(28, 8), Waiting.TAKEN_OUT)


def test_each_wait_for_a_provider_is_twice_as_long_up_to_a_longest_one() -> None:
    waits = [
        messages.retry_at(now=TUESDAY_NOON, attempts=attempts, policy=POLICY) - TUESDAY_NOON
        for attempts in (0, 1, 2, 3, 11, 60)
    ]

    assert [wait.total_seconds() for wait in waits] == [30, 30, 60, 120, 14_400, 14_400]


@pytest.mark.parametrize(
    ("status", "report", "becomes"),
    [
        ("sending", "sent", MessageStatus.SENT),
        ("sending", "delivered", MessageStatus.DELIVERED),
        ("sent", "delivered", MessageStatus.DELIVERED),
        ("sent", "undelivered", MessageStatus.BOUNCED),
        ("sent", "failed", MessageStatus.FAILED),
        ("sent", "sent", None),
        ("sent", "queued", None),
        ("delivered", "sent", None),
        ("delivered", "undelivered", None),
        ("bounced", "delivered", None),
        ("suppressed", "delivered", None),
    ],
)
def test_reports_come_late_twice_and_out_of_order(
    status: str, report: str, becomes: MessageStatus | None
) -> None:
    assert messages.status_after(status, report) == becomes


def test_a_message_is_known_again_by_its_id() -> None:
    first = messages.mail_id("a/1/email", made_at=TUESDAY_NOON, domain="acerto.test")

    assert first == messages.mail_id("a/1/email", made_at=TUESDAY_NOON, domain="acerto.test")
    assert first != messages.mail_id("a/2/email", made_at=TUESDAY_NOON, domain="acerto.test")
    assert first.endswith("@acerto.test>")


def test_an_sms_is_written_in_the_cheap_alphabet() -> None:
    text = sms_text("Olá, João — atenção:\n\n  “última”   cobrança é R$\u00a010,00…  ")

    assert text == 'Ola, Joao - atencao:\n"ultima" cobranca é R$ 10,00...'
    assert measure(text).encoding is Encoding.GSM7


def test_what_has_no_plain_letter_stays() -> None:
    assert sms_text("Obrigado 👍") == "Obrigado 👍"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("CPF 529.982.247-25.", "CPF ***.982.247-**."),
        ("CPF 52998224725", "CPF ***.982.247-**"),
        ("protocolo 12345678901", "protocolo 12345678901"),  # no CPF: its digits do not check
        ("23793.38128 60000.000003 52998224725000", "23793.38128 60000.000003 52998224725000"),
    ],
)
def test_an_sms_never_shows_a_whole_cpf(text: str, shown: str) -> None:
    assert sms_text(text) == shown
