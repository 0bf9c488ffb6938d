"""`/health`, `/health/detailed` and `/metrics`: the same for every service."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

CHECK_TIMEOUT_S = 2.0
Checks = Mapping[str, Callable[[], Awaitable[bool]]]


async def run_checks(checks: Checks) -> dict[str, bool]:
    """Ask every dependency at once; one that does not answer within 2 s counts as down."""

    async def ask(check: Callable[[], Awaitable[bool]]) -> bool:
        try:
            return await asyncio.wait_for(check(), CHECK_TIMEOUT_S)
        except TimeoutError:
            return False

    answers = await asyncio.gather(*(ask(check) for check in checks.values()))
    return dict(zip(checks, answers, strict=True))


def probe_routes(service: str, checks: Checks) -> list[Route]:
    """Return the probe routes. `/health` looks at the bus alone: other stores may be away and a service still useful."""

    async def health(_: Request) -> Response:
        up = await run_checks({"bus": checks["bus"]} if "bus" in checks else {})
        return JSONResponse({"service": service, "ready": all(up.values())}, status_code=200 if all(up.values()) else 503)

    async def detailed(_: Request) -> Response:
        up = await run_checks(checks)
        status = "ok" if all(up.values()) else "degraded"
        return JSONResponse({"service": service, "status": status, "dependencies": up})

    async def metrics(_: Request) -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return [Route("/health", health), Route("/health/detailed", detailed), Route("/metrics", metrics)]


def probes_app(service: str, checks: Checks) -> Starlette:
    """Return an application that serves nothing but the probes."""
    return Starlette(routes=probe_routes(service, checks))
