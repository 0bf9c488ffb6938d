"""Entry point of the gateway."""

from consilium_common.service import run
from consilium_gateway.settings import GatewaySettings
from consilium_gateway.wiring import build


def main() -> None:
    """Run the gateway until it is told to stop."""
    run("gateway", GatewaySettings, build)


if __name__ == "__main__":
    main()
