"""What a specialist is: a manifest, a knowledge pack, and optionally a function that adds what its field knows."""

from dataclasses import dataclass
from importlib import resources
from typing import Protocol

import yaml
from pydantic import ValidationError

from consilium_common.contracts.case import CaseView
from consilium_common.contracts.manifest import Manifest
from consilium_common.contracts.opinion import Opinion
from consilium_common.errors import ConsiliumError
from consilium_common.knowledge import Pack, load_checked_pack, load_shared


class ManifestError(ConsiliumError):
    """A manifest is missing or wrong; the message names the field."""

    def __init__(self, message: str) -> None:
        super().__init__("manifest", message)


class Refine(Protocol):
    """What a specialist's agent.py may add: it gets the case and the opinion formed from evidence and returns a better one.

    It is pure: no I/O, no clock. It may add to an opinion (a score, a question, a caution), and never lowers a triage.
    """

    def __call__(self, view: CaseView, opinion: Opinion) -> Opinion:
        """Return the refined opinion."""
        ...


@dataclass(frozen=True)
class Specialist:
    """One specialist, ready to be run."""

    manifest: Manifest
    pack: Pack
    refine: Refine | None = None

    @property
    def name(self) -> str:
        """Return its one noun: folder, durable consumer, partition, metric label."""
        return self.manifest.name


def load_specialist(package: str, refine: Refine | None = None) -> Specialist:
    """Load `manifest.yaml` and `knowledge/*.yaml` of an installed package.

    Raises:
        ManifestError: when the manifest is missing or wrong.
        KnowledgeError: when a knowledge file is wrong.
    """
    root = resources.files(package)
    source = root / "manifest.yaml"
    if not source.is_file():
        raise ManifestError(f"{package} has no manifest.yaml beside its agent.py.")
    try:
        manifest = Manifest.model_validate(yaml.load(source.read_text("utf-8"), yaml.CSafeLoader))
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, item['loc']))}: {item['msg'].lower()}" for item in error.errors())
        raise ManifestError(f"The manifest of {package} is wrong: {wrong}.") from None
    except yaml.YAMLError as error:
        raise ManifestError(f"The manifest of {package} is no YAML: {error}") from None
    return Specialist(manifest, load_checked_pack(root / "knowledge", manifest.name, load_shared()), refine)
