"""One import from the command line, from the environment to the report."""

import asyncio
import os
from pathlib import Path
from typing import TextIO

from consilium_cli.importing.reaching import reached, settings_of
from consilium_cli.importing.view import Ticker
from consilium_common.importing.loading import Importer, Report
from consilium_common.importing.sources import SOURCES
from consilium_common.knowledge import load_shared


def run(source: str, path: Path, from_start: bool, out: TextIO) -> Report:
    """Import into what runs, telling the progress; errors as in `Importer.run`, `reached` and `settings_of`."""
    settings = settings_of(os.environ)
    ticker = Ticker(out)

    async def work() -> Report:
        async with reached(settings) as stores:
            return await Importer(SOURCES[source], stores, load_shared(), ticker.tell).run(path, from_start=from_start)

    try:
        return asyncio.run(work())
    finally:
        ticker.end()
