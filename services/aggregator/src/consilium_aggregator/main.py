"""Entry point of the aggregator."""

from consilium_aggregator.settings import AggregatorSettings
from consilium_aggregator.wiring import build
from consilium_common.service import run


def main() -> None:
    """Run the aggregator until it is told to stop."""
    run("aggregator", AggregatorSettings, build)


if __name__ == "__main__":
    main()
