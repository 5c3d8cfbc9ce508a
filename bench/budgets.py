"""Events and bytes of a journey of each kind, beside the least possible on paper.

Nothing is timed: the journeys are the recorded diaries of tests/replay. The least possible is what
a bare workflow would write that does as many activities, timers, signals and updates one after
another (the engine's own events: each that wakes it costs a workflow task of three).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from temporalio.api.enums.v1 import EventType
from temporalio.client import WorkflowHistory

HISTORIES = Path(__file__).parents[1] / "tests" / "replay" / "histories"
#: What the tests' virtual clock writes, and no other engine.
OF_THE_CLOCK = ("TIME_SKIPPING", "OPTIONS_UPDATED")


@dataclass(frozen=True)
class Kind:
    """A kind of journey: the workflow, the diary of a typical path, and what it may write."""

    name: str
    path: str
    workflow: str
    diary: str
    events: int
    bytes: int


KINDS = (
    Kind("collections", "started, confirmed, paid, classified again", "CollectionsJourney",
         "classified_again_after_closing", 60, 8_000),
    Kind("agreement", "made, broken, negotiated anew", "AgreementJourney",
         "what_is_unsettled_of_a_broken", 160, 20_000),
    Kind("bureau", "noticed, registered, out after five years", "BureauRecordJourney",
         "a_record_goes_by_itself", 45, 5_500),
    Kind("activation", "made, activated by hand", "ContractActivation",
         "a_contract_renews", 30, 4_000),
    Kind("activation, late", "reminded twice, breached, task concluded", "ContractActivation",
         "an_installation_that_comes_late", 58, 7_000),
    Kind("contract change", "a suspension with an end", "ContractChangeJourney",
         "a_suspension_begins_and_ends", 40, 5_000),
    Kind("renewal", "two notices, renewed", "ContractRenewalJourney",
         "a_contract_renews", 62, 11_000),
    Kind("readjustment", "waits for its index", "ContractReadjustmentJourney",
         "a_readjustment_waits", 85, 10_500),
    Kind("anonymisation", "nothing stands", "AnonymisationJourney",
         "a_customer_who_asks", 27, 3_200),
    Kind("billing run", "by hand", "BillingRun", "charges_are_billed_by_hand", 12, 1_500),
    Kind("ladder run", "by hand", "LadderRun", "from_the_reminder", 12, 1_500),
    Kind("classification", "by hand", "Classification", "by_hand_and_daily", 12, 1_500),
    Kind("bank's return file", "taken in, written", "BankReturn", "a_return_file_is", 12, 1_500),
    Kind("daily scan of contracts", "one", "ContractUpkeep", "a_contract_renews", 12, 1_500),
    Kind("provisioning", "one order, taken", "Provisioning", "from_the_reminder", 12, 1_500),
    Kind("carrier's file", "imported and audited", "CarrierInvoiceImport",
         "a_carriers_file", 18, 2_000),
    Kind("contestation", "silence, escalated, credited", "ContestationJourney",
         "a_contestation_from_the_letter", 190, 26_000),
    Kind("contestation received", "unanswered, paid back", "ContestationJourney",
         "left_unanswered", 100, 12_500),
    Kind("ticket", "late, waited for, reopened, closed", "SupportTicket",
         "a_ticket_from_its_opening", 275, 40_000),
    Kind("kickoff", "meeting, check-list, waited for, in service", "ServiceKickoff",
         "a_kickoff_from_signature", 225, 34_000),
    Kind("task", "made, concluded", "TaskJourney", "a_concluded_task", 27, 4_000),
    Kind("message", "sent at once", "MessageDelivery", "a_notice_that_bounced", 12, 1_500),
    Kind("message in its window", "waits twice", "MessageDelivery",
         "a_message_of_sunday", 35, 3_600),
    Kind("import", "looked through, written", "PortfolioImport", "an_import_is_stopped", 18, 2_000),
)  # fmt: skip


@dataclass(frozen=True)
class Cost:
    """What a history comes to."""

    events: int
    bytes: int
    paper: int

    @property
    def ratio(self) -> float:
        """How much above the least possible; below 1 where one waking served for two."""
        return self.events / self.paper


def cost_of(history: str) -> Cost:
    """This will count a recorded history, in JSON, without what the tests' clock wrote."""
    events = [
        (EventType.Name(event.event_type).removeprefix("EVENT_TYPE_"), event.ByteSize())
        for event in WorkflowHistory.from_json("history", history).events
    ]
    ours = [each for each in events if not any(word in each[0] for word in OF_THE_CLOCK)]
    return Cost(len(ours), sum(size for _, size in ours), least(Counter(name for name, _ in ours)))


def least(count: Counter[str]) -> int:
    """The events of a bare workflow with as many activities, timers, signals and updates."""
    activities = count["ACTIVITY_TASK_COMPLETED"] + count["ACTIVITY_TASK_FAILED"]
    fired, cancelled = count["TIMER_FIRED"], count["TIMER_CANCELED"]
    begun = 4  # started, and the first workflow task
    return (
        begun
        + 6 * activities
        + 5 * fired
        + 2 * cancelled
        + (count["TIMER_STARTED"] - fired - cancelled)
        + 4 * count["WORKFLOW_EXECUTION_SIGNALED"]
        + 5 * count["WORKFLOW_EXECUTION_UPDATE_ACCEPTED"]
        + count["WORKFLOW_EXECUTION_COMPLETED"]
    )


def typical(kind: Kind) -> Cost:
    """What the longest of a kind's recorded diaries comes to. Raises LookupError without one."""
    costs = [cost_of(file.read_text()) for file in _recorded(kind)]
    if not costs:
        raise LookupError(f"no history of {kind.workflow}, {kind.diary}")
    return max(costs, key=lambda cost: cost.events)


def _recorded(kind: Kind) -> Iterator[Path]:
    return HISTORIES.glob(f"{kind.workflow}-{kind.diary}*.json")


def main() -> None:
    """This will print the table of docs/performance.md."""
    print("| journey | path | events | on paper | ratio | bytes |")
    print("|---|---|---|---|---|---|")
    for kind in KINDS:
        cost = typical(kind)
        figures = f"{cost.events} | {cost.paper} | {cost.ratio:.2f} | {cost.bytes:,}"
        print(f"| {kind.name} | {kind.path} | {figures} |")


if __name__ == "__main__":
    main()
