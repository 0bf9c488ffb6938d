"""A gateway that closes stalled readers sooner, so that a test need not wait half a minute for each."""

import os

from consilium_gateway import main as gateway
from consilium_gateway import sse


def main() -> None:
    """Run the gateway with the limit that the environment names, until SIGTERM."""
    sse.SEND_LIMIT_S = float(os.environ["CHAOS_SEND_LIMIT_S"])
    gateway.main()
