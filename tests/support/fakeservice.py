"""A small service for tests of the supervisor: it answers /health, notes when it starts and stops, and can misbehave.

The folder in FAKE_NOTES gets a line in `notes.txt` for each start and stop. A file `<instance>.<wish>` in it makes the service
`crash` at its start, stay `unready`, or `hang` on SIGTERM.
"""

import os
import signal
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


def main() -> None:
    """Serve until SIGTERM."""
    notes, instance = Path(os.environ["FAKE_NOTES"]), os.environ["CONSILIUM_INSTANCE"]

    def wish(name: str) -> bool:
        return (notes / f"{instance}.{name}").exists()

    def note(what: str) -> None:
        with (notes / "notes.txt").open("a") as file:
            file.write(f"{instance} {what} {os.getpid()} {','.join(sorted(os.environ))}\n")

    class Health(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(503 if wish("unready") else 200)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            return None

    note("started")
    if wish("crash"):
        sys.exit("told to crash")
    stopped = threading.Event()
    if wish("hang"):
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    else:
        signal.signal(signal.SIGTERM, lambda *_: stopped.set())
    server = ThreadingHTTPServer((os.environ["CONSILIUM_HOST"], int(os.environ["CONSILIUM_PORT"])), Health)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    stopped.wait()
    server.shutdown()
    server.server_close()
    note("stopped")
