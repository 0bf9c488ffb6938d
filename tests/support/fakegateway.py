"""A gateway for tests of `consilium ask`: it answers every consult with the same few events, cut once in the middle.

A message "fail" ends in a failure, "silence" in an incomplete answer, and anything longer than 1,000 characters is refused.
"""

import json
import os
import signal
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

ENDS = {"fail": "consult.failed", "silence": "consult.incomplete"}


class Handler(BaseHTTPRequestHandler):
    """The three calls that `ask` makes, and the probe."""

    messages: dict[str, str] = {}  # noqa: RUF012 - one server a process

    def do_GET(self) -> None:
        if self.path == "/health":
            return self._answer(200, {})
        consult = self.path.split("/")[3]
        after = int(self.headers.get("Last-Event-ID", "0"))
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        for number, (kind, data) in enumerate(events(self.messages[consult]), start=1):
            if number > after:
                body = json.dumps({"schema": "consilium.event.v1", "type": kind, "seq": number, "data": data})
                self.wfile.write(f"id: {number}\nevent: {kind}\ndata: {body}\n\n".encode())
                if number == 1:
                    return None  # cut, so that the client has to come back
        return None

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if not self.headers.get("Authorization", "").startswith("Bearer ey"):
            return self._answer(401, problem(401, "This call needs a token."))
        if len(body["message"]) > 1000:
            return self._answer(413, problem(413, "The message is too long."))
        consult = f"c_{len(self.messages)}"
        self.messages[consult] = body["message"]
        return self._answer(202, {"consult_id": consult, "events_url": f"/v1/consults/{consult}/events", "status_url": ""})

    def log_message(self, format: str, *args: object) -> None:
        return None

    def _answer(self, status: int, body: dict[str, Any]) -> None:
        self.send_response(status)
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())


def problem(status: int, detail: str) -> dict[str, Any]:
    """Return a refusal."""
    return {"title": "Refused", "status": status, "detail": detail, "code": "refused"}


def events(message: str) -> list[tuple[str, dict[str, Any]]]:
    """Return the events of a consult."""
    triage = {"level": "emergency", "within": "now", "advice": "Call for help now.", "rules_version": "1"}
    final = {"problem": problem(500, "It broke.")} if message == "fail" else {}
    return [
        ("consult.accepted", {"session_id": "s_1"}),
        ("triage.assessed", {"triage": triage}),
        ("agent.started", {"agent": "cardiology"}),
        ("agent.timed_out", {"agent": "cardiology"}),
        (ENDS.get(message, "consult.completed"), final),
    ]


def main() -> None:
    """Serve until SIGTERM."""
    server = ThreadingHTTPServer((os.environ["CONSILIUM_HOST"], int(os.environ["CONSILIUM_PORT"])), Handler)
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
    server.serve_forever()
    server.server_close()
