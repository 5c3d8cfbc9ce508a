"""The worker: journeys, messages and bulk work, each on its own queue; and the outbox's relay."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from datetime import timedelta
from importlib.metadata import version
from typing import Any

from temporalio.client import Client
from temporalio.worker import PollerBehaviorAutoscaling, Worker, WorkflowRunner

from activities.activation import ActivationActivities
from activities.agreement_moves import AgreementActivities
from activities.anonymisation import AnonymisationActivities
from activities.bank_returns import ReturnActivities
from activities.billing import BillingActivities
from activities.bureau_moves import BureauActivities
from activities.carrier_expected import ExpectedInvoices
from activities.carrier_folder import CarrierFolder
from activities.carrier_retention import CarrierRetention
from activities.carriers import CarrierActivities
from activities.cases import CaseActivities
from activities.classification import ClassificationActivities
from activities.collections import CollectionsActivities
from activities.contestation_moves import ContestationActivities
from activities.contract_changes import ContractChangeActivities
from activities.contract_upkeep import UpkeepActivities
from activities.delivery import MessageActivities
from activities.imports import ImportActivities
from activities.kickoff_moves import KickoffActivities
from activities.ladder import LadderActivities
from activities.orders import OrderActivities
from activities.outbox import Relay
from activities.panel_runs import PanelToolActivities
from activities.personal_retention import PersonalRetention
from activities.readjustments import ReadjustmentActivities
from activities.renewals import RenewalActivities
from activities.task_moves import TaskActivities
from activities.ticket_moves import TicketActivities
from activities.webhooks import WebhookActivities
from activities.weekly_figures import FiguresActivities
from models.database import Database
from settings import Settings
from workflows.activation import ContractActivation
from workflows.agreements import AgreementJourney
from workflows.anonymisation import AnonymisationJourney, PersonalDataRetention
from workflows.bank_returns import BankReturn
from workflows.billing import BillingRun
from workflows.bureau import BureauRecordJourney
from workflows.carriers import CarrierFilesRetention, CarrierFilesWatch, CarrierInvoiceImport
from workflows.classification import Classification
from workflows.collections import CollectionsJourney
from workflows.contestation import ContestationJourney
from workflows.contract_changes import ContractChangeJourney
from workflows.contract_upkeep import ContractUpkeep
from workflows.imports import PortfolioImport
from workflows.kickoff import ServiceKickoff
from workflows.ladder import LadderRun
from workflows.messages import MessageDelivery
from workflows.options import BULK_QUEUE, JOURNEYS_QUEUE, MESSAGES_QUEUE
from workflows.panel_runs import PanelToolRun
from workflows.provisioning import Provisioning
from workflows.readjustments import ContractReadjustmentJourney
from workflows.renewals import ContractRenewalJourney
from workflows.sandbox import Sandbox
from workflows.tasks import TaskJourney
from workflows.tickets import SupportTicket
from workflows.webhooks import Webhook
from workflows.weekly_figures import WeeklyFigures

#: What the engine calls this worker's code; unsaid, the library digests every loaded module for it,
#: which takes seconds at each start.
BUILD_ID = f"acerto-{version('acerto')}"

WORKFLOWS: list[type] = [
    AgreementJourney,
    AnonymisationJourney,
    BankReturn,
    BureauRecordJourney,
    CarrierFilesRetention,
    CarrierFilesWatch,
    CarrierInvoiceImport,
    BillingRun,
    Classification,
    CollectionsJourney,
    LadderRun,
    ContestationJourney,
    ContractActivation,
    ContractChangeJourney,
    ContractReadjustmentJourney,
    ContractRenewalJourney,
    ContractUpkeep,
    MessageDelivery,
    PanelToolRun,
    PersonalDataRetention,
    PortfolioImport,
    Provisioning,
    ServiceKickoff,
    SupportTicket,
    TaskJourney,
    Webhook,
    WeeklyFigures,
]

GRACE = timedelta(seconds=10)
#: Transitions under way; more would only queue for the database, and the relay behind them.
AT_ONCE = 20


def journey_activities(database: Database, settings: Settings) -> list[Callable[..., Any]]:
    """The transitions of all processes."""
    return [
        ActivationActivities(database).move_activation,
        AgreementActivities(database).move_agreement,
        AnonymisationActivities(database, settings).move_anonymisation,
        BureauActivities(database).move_bureau_record,
        CaseActivities(database).load_case,
        BillingActivities(database).open_daily_billing,
        ClassificationActivities(database).open_daily_classification,
        CollectionsActivities(database).move_collections,
        LadderActivities(database).open_daily_ladder,
        ContestationActivities(database, settings).move_contestation,
        ContractChangeActivities(database).move_contract_change,
        ReadjustmentActivities(database).move_readjustment,
        RenewalActivities(database).move_renewal,
        TaskActivities(database).move_task,
        KickoffActivities(database).move_kickoff,
        TicketActivities(database, settings).move_ticket,
        FiguresActivities(database).write_week,
    ]


def message_activities(database: Database, settings: Settings) -> list[Callable[..., Any]]:
    """What hands messages to their providers, and orders to the network."""
    return [
        MessageActivities(database, settings).deliver_message,
        OrderActivities(database, settings).tell_network,
        WebhookActivities(database, settings).tell_webhook,
    ]


def bulk_activities(database: Database, settings: Settings) -> list[Callable[..., Any]]:
    """The pages of bulk runs."""
    return [
        CarrierActivities(database).import_carrier_file,
        CarrierActivities(database).audit_carrier_invoice,
        CarrierRetention(database, settings).forget_old_calls,
        PersonalRetention(database).forget_personal_data,
        CarrierFolder(database, settings).take_dropped_files,
        ExpectedInvoices(database).ask_for_missing_invoices,
        ReturnActivities(database).write_bank_return,
        BillingActivities(database).bill,
        ClassificationActivities(database).classify,
        UpkeepActivities(database).keep_contracts_up,
        ImportActivities(database).inspect_import,
        ImportActivities(database).write_import,
        LadderActivities(database).climb_ladder,
    ]


def build_workers(
    client: Client,
    database: Database,
    settings: Settings,
    *,
    runner: WorkflowRunner | None = None,
) -> Sequence[Worker]:
    """One worker a task queue; only the first runs workflows, in the sandbox unless told."""
    return [
        _worker(
            client,
            JOURNEYS_QUEUE,
            journey_activities(database, settings),
            workflows=WORKFLOWS,
            runner=runner,
        ),
        # A few messages at once, and hardly more than one bulk page: the database has one writer.
        _worker(client, MESSAGES_QUEUE, message_activities(database, settings), at_once=10),
        _worker(
            client,
            BULK_QUEUE,
            [
                *bulk_activities(database, settings),
                PanelToolActivities(database, client).use_panel_tool,
            ],
            at_once=2,
        ),
    ]


def _worker(
    client: Client,
    queue: str,
    activities: Sequence[Callable[..., Any]],
    *,
    workflows: Sequence[type] = (),
    at_once: int = AT_ONCE,
    runner: WorkflowRunner | None = None,
) -> Worker:
    return Worker(
        client,
        task_queue=queue,
        workflows=workflows,
        activities=activities,
        workflow_runner=runner or Sandbox(),
        max_concurrent_activities=at_once,
        build_id=BUILD_ID,
        graceful_shutdown_timeout=GRACE,
        activity_task_poller_behavior=PollerBehaviorAutoscaling(),
        workflow_task_poller_behavior=PollerBehaviorAutoscaling(),
    )


async def run(client: Client, database: Database, settings: Settings, stop: asyncio.Event) -> None:
    """This will work until `stop` is set, then finish what is under way."""
    relay = Relay(database, client, task_queue=JOURNEYS_QUEUE)
    async with AsyncExitStack() as stack:
        for worker in build_workers(client, database, settings):
            await stack.enter_async_context(worker)
        await relay.run(stop)
