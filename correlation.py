"""Takes who asked and in which request along into workflows and activities, for their log lines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

import structlog
from temporalio import client, converter, worker
from temporalio.api.common.v1 import Payload

HEADER = "acerto-context"
#: What travels; anything else bound to log lines stays where it was bound.
TRAVELLING = ("request_id", "actor")


class HasHeaders(Protocol):
    """Any call that the engine hands on with headers."""

    headers: Mapping[str, Payload]


class Correlation(client.Interceptor, worker.Interceptor):
    """Given to a client, it also serves the workers made with that client."""

    def intercept_client(self, next: client.OutboundInterceptor) -> client.OutboundInterceptor:
        return _Calls(next)

    def intercept_activity(
        self, next: worker.ActivityInboundInterceptor
    ) -> worker.ActivityInboundInterceptor:
        return _Activities(next)

    def workflow_interceptor_class(
        self,
        input: worker.WorkflowInterceptorClassInput,  # noqa: ARG002
    ) -> type[worker.WorkflowInboundInterceptor]:
        return _Workflows


def _send(call: HasHeaders) -> None:
    bound = structlog.contextvars.get_contextvars()
    if context := {name: bound[name] for name in TRAVELLING if name in bound}:
        payload = converter.PayloadConverter.default.to_payload(context)
        call.headers = {**call.headers, HEADER: payload}


def _receive(call: HasHeaders) -> None:
    """What came with an earlier call of the same journey must not be taken for this one's."""
    structlog.contextvars.unbind_contextvars(*TRAVELLING)
    if payload := call.headers.get(HEADER):
        context = converter.PayloadConverter.default.from_payload(payload)
        structlog.contextvars.bind_contextvars(**context)


class _Calls(client.OutboundInterceptor):
    async def start_workflow(
        self, input: client.StartWorkflowInput
    ) -> client.WorkflowHandle[Any, Any]:
        _send(input)
        return await super().start_workflow(input)

    async def signal_workflow(self, input: client.SignalWorkflowInput) -> None:
        _send(input)
        await super().signal_workflow(input)

    async def start_workflow_update(
        self, input: client.StartWorkflowUpdateInput
    ) -> client.WorkflowUpdateHandle[Any]:
        _send(input)
        return await super().start_workflow_update(input)


class _Activities(worker.ActivityInboundInterceptor):
    async def execute_activity(self, input: worker.ExecuteActivityInput) -> Any:
        _receive(input)
        return await super().execute_activity(input)


class _Workflows(worker.WorkflowInboundInterceptor):
    def init(self, outbound: worker.WorkflowOutboundInterceptor) -> None:
        super().init(_Steps(outbound))

    async def execute_workflow(self, input: worker.ExecuteWorkflowInput) -> Any:
        _receive(input)
        return await super().execute_workflow(input)

    async def handle_signal(self, input: worker.HandleSignalInput) -> None:
        _receive(input)
        await super().handle_signal(input)

    async def handle_update_handler(self, input: worker.HandleUpdateInput) -> Any:
        _receive(input)
        return await super().handle_update_handler(input)


class _Steps(worker.WorkflowOutboundInterceptor):
    def start_activity(self, input: worker.StartActivityInput) -> Any:
        _send(input)
        return super().start_activity(input)

    def start_local_activity(self, input: worker.StartLocalActivityInput) -> Any:
        _send(input)
        return super().start_local_activity(input)
