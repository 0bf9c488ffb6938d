"""Run a local server whose own entry point cannot be used as it is: `python -m consilium_common.localrunner graph DIR PORT`.

The document server logs every command it gets, and commands hold what people wrote; the graph server is a library without an
entry point, and its JVM dies noisily on SIGTERM unless somebody stops the server first.
"""

import logging
import os
import signal
import sys
import threading
from pathlib import Path

from consilium_common.localservers import GRAPH_DATABASE, GRAPH_PASSWORD_VARIABLE, GRAPH_STARTED, HOST


def run_mongo(data_dir: Path, port: int) -> None:
    """Serve the MongoDB wire protocol until SIGTERM. Log level WARNING, since INFO prints documents."""
    from nx_27017 import nx_27017  # type: ignore[import-untyped]

    # It answers in worker threads; with Python's 5 ms between switches its event loop waits that long for each of them.
    sys.setswitchinterval(0.0002)
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    sys.argv = [
        *("nx-27017", "--data-dir", str(data_dir / "databases"), "--host", HOST, "-p", str(port)),
        *("--pid-file", str(data_dir / "nx.pid"), "--log-file", str(data_dir / "nx.log")),
    ]
    nx_27017.main()


def run_graph(data_dir: Path, port: int, password: str) -> None:
    """Serve Bolt until SIGTERM or SIGINT, then stop the server before the JVM goes."""
    from arcadedb_embedded.server import ArcadeDBServer

    stop = threading.Event()
    server = ArcadeDBServer(
        str(data_dir),
        password,
        config={
            "server_plugins": "Bolt:com.arcadedb.bolt.BoltProtocolPlugin",
            "bolt_port": port,
            "http_port": 0,
            "server_defaultDatabases": f"{GRAPH_DATABASE}[root]",
            "host": HOST,
        },
        jvm_kwargs={"heap_size": "512m"},
    )
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    server.start()
    (data_dir / GRAPH_STARTED).touch()
    stop.wait()
    server.stop()


def main(arguments: list[str]) -> None:
    """Run the server named in the arguments: `mongo DIR PORT` or `graph DIR PORT`."""
    name, data_dir, port = arguments[0], Path(arguments[1]), int(arguments[2])
    if name == "mongo":
        run_mongo(data_dir, port)
    elif name == "graph":
        run_graph(data_dir, port, os.environ[GRAPH_PASSWORD_VARIABLE])
    else:
        raise SystemExit(f"unknown local server {name!r}; expected 'mongo' or 'graph'")


if __name__ == "__main__":
    main(sys.argv[1:])
