"""Tickets: what comes next by itself, how urgent one is, and what is refused."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from rules import ticket_commands as commands
from rules.business_days import Calendar
from rules.cases import Step
from rules.protocols import protocol, protocols_in
from rules.sla import SlaEvent
from rules.tasks import Priority
from rules.ticket_priority import PriorityRule, TicketWords, priority_of, words_of
from rules.tickets import TicketFacts, TicketPolicy, TicketStage, TicketStep, legal_day, next_step

pytestmark = pytest.mark.once

MONDAY = datetime(2026, 3, 9, 13, tzinfo=UTC)
POLICY = TicketPolicy()
OUTAGE = PriorityRule("Sem sinal", Priority.HIGH, words=words_of("sem sinal, fora do ar"))
BILLING = PriorityRule("Fatura", Priority.LOW, category="billing")
SHOP = PriorityRule("Loja", Priority.HIGH, customer="C7")


def facts(stage, *coming, is_nudged=False):
    return TicketFacts(TicketStage(stage), MONDAY, is_nudged, coming, Calendar())


def test_the_clock_that_comes_first_is_next():
    later = Step(TicketStep.WARN_RESOLUTION, datetime(2026, 3, 10, tzinfo=UTC))
    sooner = Step(TicketStep.WARN_RESPONSE, MONDAY)

    assert next_step(facts("open", later, sooner), POLICY) == sooner


@pytest.mark.parametrize(
    ("stage", "is_nudged", "step", "at"),
    [
        ("waiting_customer", False, TicketStep.NUDGE, MONDAY.replace(day=12)),
        # what the customer may do, they may do all of the last day, until 18:00 in Brasília
        ("waiting_customer", True, TicketStep.GIVE_UP, MONDAY.replace(day=23, hour=21)),
        ("resolved", False, TicketStep.CLOSE, MONDAY.replace(day=16, hour=21)),
    ],
)
def test_silence_is_met_by_business_days(stage, is_nudged, step, at):
    found = next_step(facts(stage, is_nudged=is_nudged), POLICY)

    assert (found.kind, found.at) == (step, at)


@pytest.mark.parametrize(
    ("opened", "at"),
    [
        # On the clocks of Brasília: what comes before midnight is of that day.
        (datetime(2026, 3, 10, 2, 59, tzinfo=UTC), datetime(2026, 3, 16, 12, tzinfo=UTC)),
        (datetime(2026, 3, 10, 3, 0, tzinfo=UTC), datetime(2026, 3, 17, 12, tzinfo=UTC)),
        (MONDAY, datetime(2026, 3, 16, 12, tzinfo=UTC)),
    ],
)
def test_the_law_wants_an_answer_within_seven_calendar_days(opened, at):
    assert legal_day(opened, POLICY) == at


@pytest.mark.parametrize(
    ("stage", "expected"),
    [
        ("open", TicketStep.LEGAL_DAY),
        ("in_progress", TicketStep.LEGAL_DAY),
        ("waiting_customer", TicketStep.LEGAL_DAY),  # nothing stops it
        ("resolved", TicketStep.CLOSE),
    ],
)
def test_the_last_day_of_the_law_comes_while_the_demand_is_ours(stage, expected):
    due = replace(facts(stage, is_nudged=True), legal_at=legal_day(MONDAY, POLICY))

    found = next_step(due, POLICY)

    assert found is not None
    assert found.kind == expected


@pytest.mark.parametrize("stage", ["closed", "merged"])
def test_nothing_comes_after_the_end(stage):
    assert next_step(facts(stage), POLICY) is None


def test_each_promise_has_reminders_of_its_own():
    policy = replace(POLICY, response_reminders=())

    assert policy.reminders(SlaEvent.FIRST_RESPONSE) == ()
    assert policy.reminders(SlaEvent.RESOLUTION) == POLICY.resolution_reminders


@pytest.mark.parametrize(
    ("ticket", "expected"),
    [
        (TicketWords("Estou SEM SINAL desde ontem"), (Priority.HIGH, "Sem sinal")),
        (TicketWords("Minha internet está fora do ar!"), (Priority.HIGH, "Sem sinal")),
        (TicketWords("Fora do armário"), (Priority.NORMAL, "")),
        (TicketWords("Segunda via", category="billing"), (Priority.LOW, "Fatura")),
        (TicketWords("Segunda via", "billing", "C7"), (Priority.HIGH, "Loja")),
        (TicketWords("Dúvida", usual=Priority.LOW), (Priority.LOW, "")),
    ],
)
def test_the_most_urgent_rule_that_holds_decides(ticket, expected):
    assert priority_of(ticket, [BILLING, OUTAGE, SHOP]) == expected


def test_a_protocol_is_read_back_from_what_customers_quote():
    written = protocol(datetime(2026, 11, 22, tzinfo=UTC).date(), 17)

    assert written == "20261122000017"
    assert protocols_in(f"RE: [{written}] sem sinal; {written} e 120261122000018") == [written]


@pytest.mark.parametrize(
    ("check", "stage", "refusal"),
    [
        (commands.check_worked, "resolved", commands.TicketNotWorked),
        (commands.check_wait, "waiting_customer", commands.TicketAlreadyWaiting),
        (commands.check_answer, "open", commands.TicketNotWaiting),
        (commands.check_reopen, "in_progress", commands.TicketNotResolved),
    ],
)
def test_what_the_stage_does_not_allow_is_refused(check, stage, refusal):
    with pytest.raises(refusal):
        check(TicketStage(stage))


def test_a_message_without_words_is_refused():
    with pytest.raises(commands.TicketTextRequired):
        commands.check_text(" \n")


@pytest.mark.parametrize("sizes", [[1] * 11, [8 * 2**20, 7 * 2**20 + 1]])
def test_more_than_an_e_mail_carries_goes_with_none(sizes):
    with pytest.raises(commands.FilesTooLarge):
        commands.check_enclosed(sizes)


def test_what_an_e_mail_carries_goes_with_it():
    commands.check_enclosed([15 * 2**20])
    commands.check_enclosed([])
