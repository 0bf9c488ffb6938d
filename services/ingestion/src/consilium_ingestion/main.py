"""Entry point of ingestion."""

from consilium_common.service import run
from consilium_ingestion.settings import IngestionSettings
from consilium_ingestion.wiring import build


def main() -> None:
    """Run ingestion until it is told to stop."""
    run("ingestion", IngestionSettings, build)


if __name__ == "__main__":
    main()
