"""Where imports come from: who published it, when, and under which licence. Shown with everything that rests on them."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

IMPORTED = "imported"  # the trust of everything here; that of the packs is `curated`


@dataclass(frozen=True)
class Origin:
    """One publication; `title` is how an answer names it."""

    name: str
    title: str
    licence: str
    url: str


_ALL = (
    Origin(
        "medquad",
        "MedQuAD, US health pages collected 2016 to 2018",
        "CC BY 4.0 (Ben Abacha and Demner-Fushman, BMC Bioinformatics 2019)",
        "https://github.com/abachaa/MedQuAD",
    ),
    Origin(
        "hetionet",
        "Hetionet 1.0 (2017)",
        "CC0 1.0, parts CC BY 3.0 (Himmelstein et al., eLife 2017)",
        "https://het.io",
    ),
    Origin("disease-ontology", "Human Disease Ontology", "CC0 1.0", "https://disease-ontology.org"),
    Origin("symptom-ontology", "Symptom Ontology", "CC0 1.0", "https://github.com/DiseaseOntology/SymptomOntology"),
    Origin(
        "ndfrt",
        "NDF-RT, US Veterans Affairs 2014",
        "US government work, public domain",
        "https://github.com/dbmi-pitt/public-PDDI-analysis",
    ),
    Origin(
        "onc",
        "ONC high-priority list 2012",
        "US government work, public domain (Phansalkar et al., JAMIA 2012)",
        "https://github.com/dbmi-pitt/public-PDDI-analysis",
    ),
)
ORIGINS: Mapping[str, Origin] = MappingProxyType({origin.name: origin for origin in _ALL})


def titled(source: str) -> str:
    """Return how an answer names a source; one that is not known any more by its name."""
    return ORIGINS[source].title if source in ORIGINS else source
