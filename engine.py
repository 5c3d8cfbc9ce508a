"""The workflow engine: how to reach it, and what it must hold for us."""

from __future__ import annotations

import asyncio
import logging
import time
from dataclasses import replace
from datetime import timedelta

from google.protobuf.duration_pb2 import Duration
from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.namespace.v1 import NamespaceConfig
from temporalio.api.operatorservice.v1 import (
    AddSearchAttributesRequest,
    ListSearchAttributesRequest,
)
from temporalio.api.workflowservice.v1 import (
    DescribeNamespaceRequest,
    DescribeNamespaceResponse,
    RegisterNamespaceRequest,
    UpdateNamespaceRequest,
)
from temporalio.client import Client, HeaderCodecBehavior
from temporalio.converter import DataConverter, DefaultFailureConverterWithEncodedAttributes
from temporalio.service import RPCError, RPCStatusCode

from codec import AesGcmCodec, payload_keys
from correlation import Correlation
from payloads import SharedPayloadConverter
from running.problems import ExpectedProblem
from settings import Settings

log = logging.getLogger(__name__)

#: How long what has ended can still be looked at in the engine.
RETENTION = timedelta(days=90)
SEARCH_ATTRIBUTES = {
    "AcertoProcess": IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD,
    "AcertoStage": IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD,
    "AcertoCustomer": IndexedValueType.INDEXED_VALUE_TYPE_INT,
    "AcertoDue": IndexedValueType.INDEXED_VALUE_TYPE_DATETIME,
}
FIRST_PAUSE, LONGEST_PAUSE = 0.05, 1.0
REGISTERED_SECONDS = 60.0


class EngineNotReachable(ExpectedProblem):
    """Nothing that speaks Temporal answers at the engine's address."""


# --- reaching it ----------------------------------------------------------------------------------


def data_converter(settings: Settings) -> DataConverter:
    """How values become what the engine stores: Pydantic's JSON, encrypted, failures included."""
    return replace(
        DataConverter.default,
        payload_converter_class=SharedPayloadConverter,
        payload_codec=AesGcmCodec(payload_keys(settings)),
        failure_converter_class=DefaultFailureConverterWithEncodedAttributes,
    )


async def connect(settings: Settings, *, lazy: bool = False, retry_seconds: float = 30.0) -> Client:
    """This will reach the engine, trying again for `retry_seconds`.

    A lazy client connects at its first call, so it can be had while the engine is away. Refuses
    with EngineNotReachable.
    """
    deadline = time.monotonic() + retry_seconds
    pause = FIRST_PAUSE
    while True:
        try:
            return await connect_once(settings, lazy=lazy)
        except RuntimeError as error:
            if time.monotonic() + pause > deadline:
                raise EngineNotReachable(
                    f"The workflow engine does not answer at {settings.engine_address()}: {error}"
                ) from error
        await asyncio.sleep(pause)
        pause = min(pause * 1.5, LONGEST_PAUSE)


async def connect_once(settings: Settings, *, lazy: bool = False) -> Client:
    """This will reach the engine now or raise the client's RuntimeError."""
    api_key = settings.engine.api_key
    return await Client.connect(
        settings.engine_address(),
        namespace=settings.engine.namespace,
        data_converter=data_converter(settings),
        interceptors=[Correlation()],
        api_key=api_key.get_secret_value() if api_key else None,
        tls=settings.engine.tls or None,  # None: on where there is an API key
        header_codec_behavior=HeaderCodecBehavior.CODEC,
        lazy=lazy,
    )


# --- making it ours -------------------------------------------------------------------------------


async def provision(client: Client) -> None:
    """This will see to the namespace, its retention and our search attributes. Safe to repeat.

    The server's own flags for these are ignored on a file that exists. A cluster that does not let
    us is left as it is, and must have been prepared (docs/operations.md).
    """
    try:
        namespace = await _namespace(client)
        await _retain(client, namespace)
        await _add_search_attributes(client)
    except RPCError as error:
        if error.status not in {RPCStatusCode.PERMISSION_DENIED, RPCStatusCode.UNIMPLEMENTED}:
            raise
        log.warning("the cluster does not let us prepare namespace and attributes: %s", error)


async def _namespace(client: Client) -> DescribeNamespaceResponse:
    request = DescribeNamespaceRequest(namespace=client.namespace)
    try:
        return await client.workflow_service.describe_namespace(request)
    except RPCError as error:
        if error.status is not RPCStatusCode.NOT_FOUND:
            raise
    await _register(client)
    return await client.workflow_service.describe_namespace(request)


async def _register(client: Client) -> None:
    """The parts of a cluster hear of a new namespace one after the other, within ten seconds."""
    await client.workflow_service.register_namespace(
        RegisterNamespaceRequest(
            namespace=client.namespace,
            workflow_execution_retention_period=_duration(RETENTION),
        )
    )
    request = ListSearchAttributesRequest(namespace=client.namespace)
    async with asyncio.timeout(REGISTERED_SECONDS):
        while True:
            try:
                await client.operator_service.list_search_attributes(request)
            except RPCError as error:
                if error.status is not RPCStatusCode.NOT_FOUND:
                    raise
            else:
                return
            await asyncio.sleep(LONGEST_PAUSE)


async def _retain(client: Client, namespace: DescribeNamespaceResponse) -> None:
    """Longer than ours is somebody's decision and stays."""
    if namespace.config.workflow_execution_retention_ttl.ToTimedelta() >= RETENTION:
        return
    await client.workflow_service.update_namespace(
        UpdateNamespaceRequest(
            namespace=client.namespace,
            config=NamespaceConfig(workflow_execution_retention_ttl=_duration(RETENTION)),
        )
    )


async def _add_search_attributes(client: Client) -> None:
    known = await client.operator_service.list_search_attributes(
        ListSearchAttributesRequest(namespace=client.namespace)
    )
    missing = {
        name: kind
        for name, kind in SEARCH_ATTRIBUTES.items()
        if name not in known.custom_attributes
    }
    if missing:
        await client.operator_service.add_search_attributes(
            AddSearchAttributesRequest(namespace=client.namespace, search_attributes=missing)
        )


def _duration(delta: timedelta) -> Duration:
    duration = Duration()
    duration.FromTimedelta(delta)
    return duration
