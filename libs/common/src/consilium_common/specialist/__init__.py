"""The specialist runtime: a manifest, a knowledge pack and at most a small module make a service.

An agent.py is as short as this:

    from consilium_common.specialist import run_specialist

    def main() -> None:
        run_specialist("consilium_cardiology")
"""

from consilium_common.specialist.definition import ManifestError, Refine, Specialist, load_specialist
from consilium_common.specialist.runtime import run_specialist

__all__ = ["ManifestError", "Refine", "Specialist", "load_specialist", "run_specialist"]
