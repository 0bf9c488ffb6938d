"""Entry point of the embedder."""

from consilium_common.service import run
from consilium_embedder.settings import EmbedderSettings
from consilium_embedder.wiring import build


def main() -> None:
    """Run the embedder until it is told to stop."""
    run("embedder", EmbedderSettings, build)


if __name__ == "__main__":
    main()
