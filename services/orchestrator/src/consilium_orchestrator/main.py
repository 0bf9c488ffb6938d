"""Entry point of the orchestrator."""

from consilium_common.service import run
from consilium_orchestrator.settings import OrchestratorSettings
from consilium_orchestrator.wiring import build


def main() -> None:
    """Run the orchestrator until it is told to stop."""
    run("orchestrator", OrchestratorSettings, build)


if __name__ == "__main__":
    main()
