"""The routes. Each parses, calls one service function, and answers."""

from dataclasses import dataclass
from typing import Any, TypeVar

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from consilium_common.errors import ConsiliumError
from consilium_common.security.tokens import Identity, issue_ticket
from consilium_common.stores.consults import Consult
from consilium_gateway.admission import Admission
from consilium_gateway.auth import Gatekeeper
from consilium_gateway.body import Ask, ChatAsk, read_body
from consilium_gateway.consults import ConsultService
from consilium_gateway.cursor import Cursors
from consilium_gateway.openapi import ASK_BODY, CHAT_BODY, PROBLEMS
from consilium_gateway.problems import RequestError, error_response
from consilium_gateway.replay import Replay
from consilium_gateway.sse import EventStream, Receive, Send, end_or_leave
from consilium_gateway.views import Accepted, AgentInfo, Snapshot, accepted, agent_info, snapshot

KEY_LIMIT = 200
AskT = TypeVar("AskT", bound=Ask)


@dataclass(frozen=True)
class Routes:
    """The gateway's routes over its services."""

    service: ConsultService
    gatekeeper: Gatekeeper
    admission: Admission
    cursors: Cursors
    replay: Replay
    ticket_ttl_s: float

    def router(self) -> APIRouter:
        """Return the documented routes."""
        router = APIRouter(responses=PROBLEMS)
        router.add_api_route(
            "/v1/consults", self.create, methods=["POST"], status_code=202, response_model=Accepted, openapi_extra=ASK_BODY
        )
        router.add_api_route("/v1/consults/{consult_id}", self.show, methods=["GET"], response_model=Snapshot)
        router.add_api_route("/v1/consults/{consult_id}", self.cancel, methods=["DELETE"], response_model=Snapshot)
        router.add_api_route("/v1/chat", self.chat, methods=["POST"], response_model=Snapshot, openapi_extra=CHAT_BODY)
        router.add_api_route("/v1/agents", self.agents, methods=["GET"], response_model=list[AgentInfo])
        return router

    def events_route(self) -> Route:
        """Return the stream's route: plain ASGI, so that an open stream costs little."""
        return Route("/v1/consults/{consult_id}/events", _Events(self))

    async def create(self, request: Request) -> Response:
        """Ask a question. 202 means that it is stored and will be answered; send an `Idempotency-Key` to ask once."""
        identity, consult, _ = await self._accept(request, Ask)
        return JSONResponse(accepted(consult, self._ticket(consult, identity)).model_dump(), 202)

    async def show(self, request: Request, consult_id: str) -> Response:
        """Show a consult as it stands, with its final once there is one."""
        identity = self.gatekeeper.identify(request.headers)
        consult = await self.service.get(consult_id, self.gatekeeper.owner(identity))
        return await self._snapshot(consult, identity)

    async def cancel(self, request: Request, consult_id: str) -> Response:
        """Take a question back: running specialists are told, and its final says `consult.cancelled`."""
        identity = self.gatekeeper.identify(request.headers)
        consult = await self.service.get(consult_id, self.gatekeeper.owner(identity))
        await self.service.cancel(consult)
        return JSONResponse(
            snapshot(consult, self._ticket(consult, identity), {"type": "consult.cancelled", "data": {}}).model_dump()
        )

    async def chat(self, request: Request) -> Response:
        """Ask and get the answer in the same response: as server-sent events, or as the final snapshot."""
        identity, consult, ask = await self._accept(request, ChatAsk)
        if ask.stream:
            return EventStream(self.replay.follow(consult))
        async with self.replay.follow(consult) as log:
            final = await end_or_leave(log, request.receive)
        return JSONResponse(snapshot(consult, self._ticket(consult, identity), final).model_dump())

    async def agents(self, request: Request) -> list[AgentInfo]:
        """List the specialists that are known, with how many instances of each are alive."""
        self.gatekeeper.identify(request.headers)
        registry = self.service.registry
        return [agent_info(profile, registry.instances(name)) for name, profile in sorted(registry.profiles.items())]

    async def stream(self, request: Request, consult_id: str) -> Response:
        """Return the events of a consult after `Last-Event-ID` or `after`."""
        identity = self.gatekeeper.identify_for_events(request.headers, request.query_params.get("ticket"), consult_id)
        cursor = request.headers.get("last-event-id") or request.query_params.get("after")
        after = self.cursors.read(consult_id, cursor) if cursor else 0
        return EventStream(await self.replay.find(consult_id, self.gatekeeper.owner(identity)), after)

    async def _accept(self, request: Request, model: type[AskT]) -> tuple[Identity, Consult, AskT]:
        identity = self.gatekeeper.identify(request.headers)  # first: of who is not known, nothing is read
        owner = self.gatekeeper.owner(identity)
        key = request.headers.get("idempotency-key")
        if key is not None and not 0 < len(key) <= KEY_LIMIT:
            raise RequestError(
                400, "Idempotency-Key not usable", "idempotency-key", f"An Idempotency-Key has 1 to {KEY_LIMIT} characters."
            )
        ask = await read_body(request, model)
        async with self.admission.admitted(owner):
            return identity, await self.service.accept(owner, ask, key), ask

    async def _snapshot(self, consult: Consult, identity: Identity) -> Response:
        final = await self.service.final_of(consult)
        return JSONResponse(snapshot(consult, self._ticket(consult, identity), final).model_dump())

    def _ticket(self, consult: Consult, identity: Identity) -> str:
        return issue_ticket(self.gatekeeper.key, consult.id, identity.subject, self.ticket_ttl_s)


class _Events:
    """The stream as an ASGI application."""

    def __init__(self, routes: Routes) -> None:
        self._routes = routes

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        try:
            if scope["method"] != "GET":
                raise RequestError(405, "Method not allowed", "http-405", "Events are read with GET.")
            response = await self._routes.stream(request, scope["path_params"]["consult_id"])
        except ConsiliumError as error:
            response = error_response(error)
        await response(scope, receive, send)
