"""Knowledge as data: the shared vocabulary, red flags, medicines and sources, and the specialists' packs."""

from consilium_common.knowledge.checking import load_checked_pack
from consilium_common.knowledge.errors import KnowledgeError
from consilium_common.knowledge.lint import Complaint, lint
from consilium_common.knowledge.loading import Pack, SharedKnowledge, load_pack, load_shared, pack_from_json
from consilium_common.knowledge.passages import passages
from consilium_common.knowledge.profiles import profile_of, profile_weights, words_of
from consilium_common.knowledge.wordlist import clinical_words

__all__ = [
    "Complaint",
    "KnowledgeError",
    "Pack",
    "SharedKnowledge",
    "clinical_words",
    "lint",
    "load_checked_pack",
    "load_pack",
    "load_shared",
    "pack_from_json",
    "passages",
    "profile_of",
    "profile_weights",
    "words_of",
]
