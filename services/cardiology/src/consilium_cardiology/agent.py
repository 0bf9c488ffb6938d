"""The cardiology specialist: its manifest and its pack, on the shared runtime."""

from consilium_common.specialist import run_specialist


def main() -> None:
    """Run the specialist until it is told to stop."""
    run_specialist("consilium_cardiology")


if __name__ == "__main__":
    main()
