"""The sandbox that workflows run in, and what passes through it."""

from __future__ import annotations

from temporalio.bridge.proto.workflow_activation import WorkflowActivation
from temporalio.bridge.proto.workflow_completion import WorkflowActivationCompletion
from temporalio.converter import StorageDriverStoreContext
from temporalio.worker import WorkflowInstance, WorkflowInstanceDetails
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions
from temporalio.workflow import Info

#: Passed through whole: they are ours and pure, or never used inside a workflow.
PASSED_THROUGH = ("rules", "models", "activities", "settings", "sqlalchemy", "sqlmodel")
RESTRICTIONS = SandboxRestrictions.default.with_passthrough_modules(*PASSED_THROUGH)


class Sandbox(SandboxedWorkflowRunner):
    """The library's sandbox, entered for the workflow's own steps alone.

    The library enters it three times more for each value on its way, to ask which workflow or
    activity the value belongs to, in case encryption or storage depend on that. Ours do not
    (`tests/test_engine.py`), and it was a quarter of the worker's time.
    """

    def __init__(self, restrictions: SandboxRestrictions = RESTRICTIONS) -> None:
        super().__init__(restrictions=restrictions)

    def create_instance(self, det: WorkflowInstanceDetails) -> WorkflowInstance:
        """One execution of a workflow, in a sandbox of its own."""
        return _WithoutContexts(super().create_instance(det))


class _WithoutContexts(WorkflowInstance):
    def __init__(self, instance: WorkflowInstance) -> None:
        self.instance = instance

    def activate(self, act: WorkflowActivation) -> WorkflowActivationCompletion:
        return self.instance.activate(act)

    def get_serialization_context(self, command_info: object) -> None:
        """None: what is written is written alike whatever it belongs to."""

    def get_external_store_context(
        self,
        command_info: object,  # noqa: ARG002 - of the library's signature
    ) -> StorageDriverStoreContext:
        """Of nobody: all values are kept by the engine itself."""
        return _KEPT_BY_THE_ENGINE

    def get_info(self) -> Info:
        return self.instance.get_info()

    def get_thread_id(self) -> int | None:
        return self.instance.get_thread_id()


_KEPT_BY_THE_ENGINE = StorageDriverStoreContext(target=None)
