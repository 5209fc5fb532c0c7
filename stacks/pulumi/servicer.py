"""Pulumi's gRPC servicer with what the experimental one lacks: partial results kept, failures as sentences. Knows no resource."""

from __future__ import annotations

import asyncio
import contextlib
import os
import queue
import sys
import threading
from collections.abc import Awaitable, Callable
from typing import Any

import grpc  # type: ignore[import-untyped]  # ships no types
from google.protobuf import any_pb2, empty_pb2  # type: ignore[import-untyped]  # ships no types
from pulumi.provider.experimental import server
from pulumi.provider.experimental.property_value import PropertyValue
from pulumi.runtime._grpc_settings import _GRPC_CHANNEL_OPTIONS
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc, status_pb2

from yunwang.inventories.verdict import Verdict
from yunwang.stacks.pulumi.provider import Partial, Provider

REMEDY = " ⇒ "
"""Between what went wrong and what to do, in the one string that an engine passes on."""
_ORPHANED_SECONDS = 2.0
"""How often a plugin looks whether its engine is still there: one that is killed tells nobody."""


class Servicer(server.ProviderServicer):
    """Answers of the provider as they are; its exceptions as gRPC statuses that the engine understands."""

    async def _told(self, method: Callable[..., Awaitable[Any]], request: Any, context: Any) -> Any:
        try:
            return await method(request, context)
        except Partial as half:
            await context.abort(grpc.StatusCode.UNKNOWN, half.reason, (("grpc-status-details-bin", _kept(half)),))
        except Verdict as verdict:
            await context.abort(grpc.StatusCode.UNKNOWN, verdict.message + (REMEDY + verdict.remedy if verdict.remedy else ""))
        except Exception as error:  # noqa: BLE001  the last place before the engine; a traceback would be all that the user sees
            await context.abort(grpc.StatusCode.INTERNAL, f"the provider has a fault of its own: {type(error).__name__}: {error}")

    async def Handshake(self, request: Any, context: Any) -> Any:
        """Not ours: engines go on without it. Unanswered, gRPC would log a traceback into the toolkit's own output."""
        await context.abort(grpc.StatusCode.UNIMPLEMENTED, "no handshake")

    async def Attach(self, request: Any, context: Any) -> Any:
        """An engine found us by PULUMI_DEBUG_PROVIDERS; there is nothing to be told."""
        return empty_pb2.Empty()

    async def Configure(self, request: Any, context: Any) -> Any:  # noqa: D102
        return await self._told(super().Configure, request, context)

    async def Check(self, request: Any, context: Any) -> Any:  # noqa: D102
        return await self._told(super().Check, request, context)

    async def Diff(self, request: Any, context: Any) -> Any:  # noqa: D102
        return await self._told(super().Diff, request, context)

    async def DiffConfig(self, request: Any, context: Any) -> Any:
        """As the experimental servicer's, which turns True into DIFF_NONE."""
        answer = await super().DiffConfig(request, context)  # type: ignore[no-untyped-call]  # untyped in the SDK
        answer.changes = provider_pb2.DiffResponse.DIFF_SOME if answer.replaces else provider_pb2.DiffResponse.DIFF_NONE
        return answer

    async def Create(self, request: Any, context: Any) -> Any:  # noqa: D102
        return await self._told(super().Create, request, context)

    async def Read(self, request: Any, context: Any) -> Any:  # noqa: D102
        return await self._told(super().Read, request, context)

    async def Update(self, request: Any, context: Any) -> Any:  # noqa: D102
        return await self._told(super().Update, request, context)

    async def Delete(self, request: Any, context: Any) -> Any:  # noqa: D102
        return await self._told(super().Delete, request, context)


def _kept(half: Partial) -> bytes:
    """The status detail by which an engine keeps the id of what was made (provider.proto, ErrorResourceInitFailed)."""
    failed = provider_pb2.ErrorResourceInitFailed(
        id=half.resource_id,
        properties=PropertyValue.marshal_map(half.properties),
        inputs=PropertyValue.marshal_map(half.inputs),
        reasons=[half.reason],
    )
    detail = any_pb2.Any()
    detail.Pack(failed)
    status = status_pb2.Status(code=grpc.StatusCode.UNKNOWN.value[0], message=half.reason, details=[detail])
    return bytes(status.SerializeToString())


async def _listen(provider: Provider, version: str, started: Callable[[int], None]) -> None:
    listener = grpc.aio.server(options=_GRPC_CHANNEL_OPTIONS)
    servicer = Servicer([], version, provider, engine_address="")
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(servicer, listener)
    port = listener.add_insecure_port("127.0.0.1:0")
    await listener.start()
    started(port)
    await listener.wait_for_termination()


def serve(provider: Provider, version: str) -> None:
    """As a plugin: tells the engine its port on stdout, and serves until the engine ends us (with a SIGINT) or is killed itself.

    A user's Ctrl-C does not reach us: engines start providers in process groups of their own and wait for what is in flight.
    """

    def tell(port: int) -> None:
        sys.stdout.write(f"{port}\n")
        sys.stdout.flush()

    async def listen() -> None:
        served = asyncio.create_task(_listen(provider, version, tell))
        engine = os.getppid()
        while os.getppid() == engine and not served.done():
            await asyncio.wait({served}, timeout=_ORPHANED_SECONDS)
        if served.done():
            served.result()

    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(listen())


def attach(provider: Provider, version: str) -> int:
    """Inside this process, in a thread that ends with it; answers with the port on loopback for PULUMI_DEBUG_PROVIDERS.

    Saves a process and a sign-in for every stack, and makes one provider per cloud count all requests to that cloud.
    """
    ports: queue.SimpleQueue[int] = queue.SimpleQueue()
    threading.Thread(target=lambda: asyncio.run(_listen(provider, version, ports.put)), daemon=True, name="provider").start()
    return ports.get(timeout=60)
