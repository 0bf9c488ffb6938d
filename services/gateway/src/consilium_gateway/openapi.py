"""What the OpenAPI document says beyond what the routes' signatures tell."""

from typing import Any

from fastapi import FastAPI

from consilium_common.contracts.problem import Problem
from consilium_gateway.body import Ask, ChatAsk
from consilium_gateway.problems import MEDIA_TYPE


def _problem(description: str) -> dict[str, Any]:
    return {"description": description, "content": {MEDIA_TYPE: {"schema": Problem.model_json_schema()}}}


PROBLEMS: dict[int | str, dict[str, Any]] = {
    400: _problem("The request is malformed."),
    401: _problem("No token, or one that is not good."),
    404: _problem("There is no such thing for this user."),
    409: _problem("The Idempotency-Key was used for another question, or the consult has ended."),
    413: _problem("The body is too large."),
    415: _problem("The body is not JSON."),
    422: _problem("A field is not usable; the detail names it."),
    429: _problem("Too many questions; Retry-After says when to come back."),
    503: _problem("A store or the bus is away for a moment; the same Idempotency-Key asks once."),
}


def _body(model: type[Ask]) -> dict[str, Any]:
    schema = model.model_json_schema()
    key = {"name": "Idempotency-Key", "in": "header", "required": False, "schema": {"type": "string", "maxLength": 200}}
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}, "parameters": [key]}


ASK_BODY = _body(Ask)
CHAT_BODY = _body(ChatAsk)

_EVENTS: dict[str, Any] = {
    "get": {
        "summary": "Stream the events of a consult",
        "description": "Server-sent events from the first one, or after Last-Event-ID. The stream ends at the final.",
        "parameters": [
            {"name": "consult_id", "in": "path", "required": True, "schema": {"type": "string"}},
            {"name": "Last-Event-ID", "in": "header", "required": False, "schema": {"type": "string"}},
            {"name": "after", "in": "query", "required": False, "schema": {"type": "string"}},
            {"name": "ticket", "in": "query", "required": False, "schema": {"type": "string"}},
        ],
        "responses": {
            "200": {"description": "Events.", "content": {"text/event-stream": {"schema": {"type": "string"}}}},
            "204": {"description": "The consult has ended and there is nothing new."},
            **{str(status): answer for status, answer in PROBLEMS.items() if status in {400, 401, 404}},
        },
    }
}


def _probe(summary: str, media_type: str = "application/json", **more: str) -> dict[str, Any]:
    content = {media_type: {"schema": {"type": "string" if media_type.startswith("text/") else "object"}}}
    answers = {"200": {"description": "As it is.", "content": content}}
    answers |= {status: {"description": text, "content": content} for status, text in more.items()}
    return {"get": {"summary": summary, "security": [], "responses": answers}}


_PROBES = {
    "/health": _probe("Whether the bus is there", **{"503": "The bus is away."}),
    "/health/detailed": _probe("Whether each server is there"),
    "/metrics": _probe("Metrics for Prometheus", "text/plain"),
}


def document(app: FastAPI) -> None:
    """Add the stream and the probes, which are no routes of FastAPI's, and the token to the application's document."""
    original = app.openapi

    def with_events() -> dict[str, Any]:
        schema = original()
        schema["paths"] |= {"/v1/consults/{consult_id}/events": _EVENTS, **_PROBES}
        schema.setdefault("components", {})["securitySchemes"] = {
            "token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
        }
        schema["security"] = [{"token": []}]
        return schema

    app.openapi = with_events  # type: ignore[method-assign]  # FastAPI's documented way to extend it
