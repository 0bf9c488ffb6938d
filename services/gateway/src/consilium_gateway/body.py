"""Reading request bodies: type, size, JSON and shape are each refused with their own words."""

import unicodedata
from typing import Literal, TypeVar

import orjson
from fastapi import Request
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from consilium_common.contracts.commands import Audience
from consilium_gateway.problems import RequestError

BODY_LIMIT = 256 * 1024
MESSAGE_LIMIT = 40_000  # characters: some 6,000 words, more than any question; records are uploaded instead
BodyT = TypeVar("BodyT", bound=BaseModel)


class Ask(BaseModel):
    """A question to the consilium."""

    model_config = ConfigDict(extra="forbid")
    message: str = Field(description=f"The question in plain words, up to {MESSAGE_LIMIT:,} characters.")
    session_id: str | None = Field(
        default=None, max_length=64, description="A conversation to go on with; a new one when absent."
    )
    specialists: list[str] | None = Field(
        default=None, max_length=8, description="Ask these only; chosen by the question when absent."
    )
    audience: Audience = "patient"
    on_disconnect: Literal["continue", "cancel"] = Field(
        default="continue",
        description="What it means when the last reader of the events goes and does not come back within seconds: the consult "
        "goes on and its answer is kept, or it is cancelled.",
    )

    @field_validator("message")
    @classmethod
    def _is_text(cls, message: str) -> str:
        if not message.strip():
            raise ValueError("is empty; write the question in plain words")
        if len(message) > MESSAGE_LIMIT:
            raise ValueError(f"has {len(message):,} characters; at most {MESSAGE_LIMIT:,} are read")
        strange = next((c for c in message if c not in "\n\r\t" and unicodedata.category(c) in {"Cc", "Cs", "Co", "Cn"}), None)
        if strange is not None or "\ufffd" in message:
            raise ValueError("holds characters that are no text, as a binary file does; send plain text")
        return message


class ChatAsk(Ask):
    """A question whose answer comes in the same response."""

    stream: bool = Field(default=True, description="Server-sent events, or the final as one JSON object.")


async def read_body(request: Request, model: type[BodyT]) -> BodyT:
    """Return the JSON body as a model.

    Raises:
        RequestError: 415, 413, 400 or 422, saying what was wrong.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        said = repr(kind) if kind else "nothing"
        raise RequestError(
            415, "Wrong content type", "content-type", f"The body must be application/json; the request says {said}."
        )
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > BODY_LIMIT:
            raise RequestError(413, "Body too large", "body-too-large", f"The body may have {BODY_LIMIT // 1024} KiB at most.")
    try:
        return model.model_validate(orjson.loads(bytes(body)))
    except orjson.JSONDecodeError as error:
        raise RequestError(400, "Malformed JSON", "malformed-json", f"The body is not JSON: {_place(error)}.") from None
    except ValidationError as error:
        raise RequestError(422, "Request not usable", "invalid-request", _complaints(error)) from None


def _place(error: orjson.JSONDecodeError) -> str:
    return f"line {error.lineno}, column {error.colno}" if error.pos else "it is empty or not UTF-8 text"


def _complaints(error: ValidationError) -> str:
    """Return what is wrong with which field, never quoting what was sent: it may hold patient data."""
    lines = [
        f"{'.'.join(map(str, item['loc'])) or 'body'}: {item['msg'].removeprefix('Value error, ')}"
        for item in error.errors()[:5]
    ]
    return "; ".join(lines) + "."
