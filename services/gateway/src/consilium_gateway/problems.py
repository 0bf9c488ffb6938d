"""Problems as RFC 9457 has them: every error that leaves the gateway, over HTTP or inside a stream."""

from collections.abc import Mapping

import orjson
from fastapi import FastAPI, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from consilium_common.contracts.problem import Problem
from consilium_common.errors import ConsiliumError
from consilium_common.stores.errors import ConflictError

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_S = 2


class RequestError(ConsiliumError):
    """The caller did something that cannot be done; `status` and `title` say which kind of thing."""

    def __init__(self, status: int, title: str, code: str, message: str, retry_after_s: int | None = None) -> None:
        super().__init__(code, message, retryable=retry_after_s is not None)
        self.status = status
        self.title = title
        self.retry_after_s = retry_after_s


def not_found(what: str, given: str) -> RequestError:
    """Return the problem of an id that does not exist, or belongs to somebody else: the two look the same."""
    return RequestError(404, "Not found", f"unknown-{what}", f"There is no {what} {given[:80]!r} for this user.")


def problem_of(error: ConsiliumError) -> Problem:
    """Return what a caller is told about an error."""
    if isinstance(error, RequestError):
        status, title = error.status, error.title
    elif error.code.startswith("token_"):
        status, title = 401, "Not signed in"
    elif isinstance(error, ConflictError):
        status, title = 409, "Conflict"
    else:
        status, title = (503, "Not available for a moment") if error.retryable else (500, "Something went wrong here")
    return Problem(title=title, status=status, detail=error.message, code=error.code, retryable=error.retryable)


def problem_response(problem: Problem, headers: Mapping[str, str] | None = None) -> Response:
    """Return a problem as an HTTP response."""
    extra = dict(headers or {})
    if problem.status == 401:
        extra.setdefault("WWW-Authenticate", "Bearer")
    if problem.status in {429, 503}:
        extra.setdefault("Retry-After", str(RETRY_AFTER_S))
    body = orjson.dumps(problem.model_dump(exclude_none=True))
    return Response(body, problem.status, extra, MEDIA_TYPE)


def error_response(error: ConsiliumError) -> Response:
    """Return an error as an HTTP response."""
    retry = error.retry_after_s if isinstance(error, RequestError) else None
    return problem_response(problem_of(error), {"Retry-After": str(retry)} if retry else None)


def install(app: FastAPI) -> None:
    """Have every error of the application answered as a problem; nothing internal is shown."""

    async def on_consilium(_: Request, error: Exception) -> Response:
        if not isinstance(error, ConsiliumError):
            raise error
        return error_response(error)

    async def on_http(_: Request, error: Exception) -> Response:
        if not isinstance(error, HTTPException):
            raise error
        titles = {404: "Not found", 405: "Method not allowed"}
        details = {404: "There is no such path; /docs lists what there is.", 405: "This path does not take this method."}
        return problem_response(
            Problem(
                title=titles.get(error.status_code, "Request refused"),
                status=error.status_code,
                detail=details.get(error.status_code, str(error.detail)),
                code=f"http-{error.status_code}",
            ),
            error.headers,
        )

    async def on_anything(_: Request, __: Exception) -> Response:
        detail = "The request was not carried out. It is safe to send it again with the same Idempotency-Key."
        return problem_response(Problem(title="Something went wrong here", status=500, detail=detail, code="internal"))

    app.add_exception_handler(ConsiliumError, on_consilium)
    app.add_exception_handler(HTTPException, on_http)
    app.add_exception_handler(Exception, on_anything)
