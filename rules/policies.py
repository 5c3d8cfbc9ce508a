"""Every policy that operators may change: its words, its limits, and where its rule comes from.

The defaults stand in the rules of each process; docs/operations.md lists them from here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from rules import words
from rules.agreements import AgreementPolicy
from rules.anonymisation import AnonymisationPolicy
from rules.bureau import BureauPolicy
from rules.carrier_retention import CarrierPolicy
from rules.collections import CollectionsPolicy
from rules.contact_window import DEFAULT_HOURS, HOURS, TIME_ZONES
from rules.contestation import ContestationPolicy
from rules.contestation_received import ReceivedPolicy
from rules.contract_terms import ContractPolicy
from rules.customer_links import CustomerLinkPolicy
from rules.debts import DebtPolicy
from rules.house import HousePolicy
from rules.kickoff import KickoffPolicy
from rules.ladder_steps import LadderPolicy
from rules.messages import Channel, MessagePolicy, Supplier
from rules.minimum_term import MinimumTermPolicy
from rules.payment_policy import PaymentPolicy
from rules.policy_values import ON_SATURDAY, WEEKDAYS, Kind, Setting, as_json, hours_of
from rules.policy_words import (
    agreements,
    anonymisation,
    bureau,
    carriers,
    collections,
    contact_window,
    contestation,
    contestation_received,
    contracts,
    customer_links,
    debts,
    house,
    kickoff,
    ladder,
    messages,
    payments,
    promises,
    protests,
    readjustments,
    recovery,
    renewals,
    supplier,
    tasks,
    tickets,
    worklist,
)
from rules.policy_words.entries import HOUSE, Words
from rules.promises import PromisePolicy
from rules.protests import ProtestPolicy
from rules.readjustments import ReadjustmentPolicy
from rules.recovery import RecoveryPolicy
from rules.refusals import Refusal
from rules.renewals import RenewalPolicy
from rules.sentences import N_
from rules.task_reminders import TaskPolicy
from rules.tickets import TicketPolicy
from rules.worklist import HandOutPolicy, WorklistPolicy

#: Stored names of the contact hours of a state: ContactHours.SP.
CONTACT_HOURS = "ContactHours"
#: Likewise of a channel, which narrows those of the state: ChannelHours.sms.
CHANNEL_HOURS = "ChannelHours"
AT_ANY_HOUR = {WEEKDAYS: ["00:00", "23:59"], ON_SATURDAY: ["00:00", "23:59"]}
#: Likewise, whether a state's customers must be proven to have had the notice of the bureau.
BUREAU_PROOF = "BureauProof"


class PolicyUnknown(Refusal):
    message = "Esta política não existe."


class PolicyOrderBroken(Refusal):
    message = "A ordem dos passos se inverteria: a política vizinha vale %(value)s."
    field = "value"


@dataclass(frozen=True)
class PolicyGroup:
    """The settings of one process, as they stand together on the page."""

    label: str
    settings: tuple[Setting, ...]


def _settings(defaults: Any, words: Words) -> tuple[Setting, ...]:
    """The settings of a policy's dataclass, each with its words."""
    prefix = type(defaults).__name__
    return tuple(
        words[each.name](name=f"{prefix}.{each.name}", default=as_json(each.default))
        for each in fields(defaults)
    )


CONTACT = tuple(
    Setting(
        name=f"{CONTACT_HOURS}.{uf}",
        label=uf,
        help=contact_window.HELP,
        default=hours_of(HOURS.get(uf, DEFAULT_HOURS)),
        kind=Kind.HOURS,
        source=contact_window.STATE_LAWS.get(uf, contact_window.DEFAULT_LAW),
    )
    for uf in TIME_ZONES
)

CHANNELS = tuple(
    Setting(
        name=f"{CHANNEL_HOURS}.{channel}",
        label=words.CHANNELS[channel],
        help=contact_window.CHANNEL_HELP,
        default=AT_ANY_HOUR,
        kind=Kind.HOURS,
        source=HOUSE,
    )
    for channel in Channel
)

PROOF = tuple(
    Setting(
        name=f"{BUREAU_PROOF}.{uf}", label=uf, help=bureau.PROOF_HELP, default=False,
        kind=Kind.FLAG, source=bureau.PROOF_LAW,
    )
    for uf in TIME_ZONES
)  # fmt: skip

GROUPS: tuple[PolicyGroup, ...] = (
    PolicyGroup(N_("Cobrança"), _settings(CollectionsPolicy(), collections.WORDS)),
    PolicyGroup(
        N_("Fila de cobrança"),
        (
            *_settings(WorklistPolicy(), worklist.WORDS),
            *_settings(HandOutPolicy(), worklist.HAND_OUT),
        ),
    ),
    PolicyGroup(N_("Acordos"), _settings(AgreementPolicy(), agreements.WORDS)),
    PolicyGroup(N_("Promessas"), _settings(PromisePolicy(), promises.WORDS)),
    PolicyGroup(N_("Custo da cobrança"), _settings(RecoveryPolicy(), recovery.WORDS)),
    PolicyGroup(N_("Link do cliente"), _settings(CustomerLinkPolicy(), customer_links.WORDS)),
    PolicyGroup(
        N_("Contratos"),
        (
            *_settings(ContractPolicy(), contracts.WORDS),
            *_settings(MinimumTermPolicy(), contracts.MINIMUM_TERM),
        ),
    ),
    PolicyGroup(N_("Renovações"), _settings(RenewalPolicy(), renewals.WORDS)),
    PolicyGroup(N_("Reajustes"), _settings(ReadjustmentPolicy(), readjustments.WORDS)),
    PolicyGroup(N_("SPC"), _settings(BureauPolicy(), bureau.WORDS)),
    PolicyGroup(N_("Régua"), _settings(LadderPolicy(), ladder.WORDS)),
    PolicyGroup(N_("Contestações"), _settings(ContestationPolicy(), contestation.WORDS)),
    PolicyGroup(
        N_("Contestações de clientes"), _settings(ReceivedPolicy(), contestation_received.WORDS)
    ),
    PolicyGroup(N_("Operadoras"), _settings(CarrierPolicy(), carriers.WORDS)),
    PolicyGroup(N_("Dívidas"), _settings(DebtPolicy(), debts.WORDS)),
    PolicyGroup(N_("Protesto"), _settings(ProtestPolicy(), protests.WORDS)),
    PolicyGroup(N_("Pagamentos"), _settings(PaymentPolicy(), payments.WORDS)),
    PolicyGroup(N_("Tarefas"), _settings(TaskPolicy(), tasks.WORDS)),
    PolicyGroup(N_("Implantações"), _settings(KickoffPolicy(), kickoff.WORDS)),
    PolicyGroup(N_("Chamados"), _settings(TicketPolicy(), tickets.WORDS)),
    PolicyGroup(N_("Dados pessoais"), _settings(AnonymisationPolicy(), anonymisation.WORDS)),
    PolicyGroup(N_("Mensagens"), _settings(MessagePolicy(), messages.WORDS)),
    PolicyGroup(
        N_("Empresa"),
        (*_settings(Supplier(), supplier.WORDS), *_settings(HousePolicy(), house.WORDS)),
    ),
    PolicyGroup(N_("Horário de contato por canal"), CHANNELS),
    PolicyGroup(N_("Horário de contato por UF"), CONTACT),
    PolicyGroup(N_("Prova do aviso de SPC por UF"), PROOF),
)
BY_NAME: Mapping[str, Setting] = {each.name: each for group in GROUPS for each in group.settings}

#: What must not come later than its neighbour, both told in the same unit.
ORDERED = (
    ("CustomerLinkPolicy.valid_days", "CustomerLinkPolicy.most_days"),
    ("CollectionsPolicy.start_task_business_days", "CollectionsPolicy.escalate_business_days"),
    ("BureauPolicy.alert_business_days_before", "BureauPolicy.remove_business_days"),
    ("ContestationPolicy.remind_again_days_before", "ContestationPolicy.remind_days_before"),
    ("ReceivedPolicy.warn_days_before", "ReceivedPolicy.remind_days_before"),
    ("ReceivedPolicy.remind_days_before", "ReceivedPolicy.answer_days"),
    ("RenewalPolicy.renew_at_open_invoices", "RenewalPolicy.queue_at_open_invoices"),
    ("RenewalPolicy.second_notice_days", "RenewalPolicy.first_notice_days"),
    ("TicketPolicy.nudge_business_days", "TicketPolicy.give_up_business_days"),
)


def setting_of(name: str) -> Setting:
    """The setting of that name. Refuses any other (PolicyUnknown)."""
    if name not in BY_NAME:
        raise PolicyUnknown
    return BY_NAME[name]


def check_order(name: str, value: Any, *, stored: Mapping[str, Any]) -> None:
    """This will refuse a value that turns the order of two steps round (PolicyOrderBroken)."""
    values = {**{each: BY_NAME[each].default for each in BY_NAME}, **stored, name: value}
    for first, second in ORDERED:
        if name in {first, second} and values[first] > values[second]:
            raise PolicyOrderBroken(value=values[second if name == first else first])
