"""Settings of a specialist: the bus and its three stores."""

from consilium_common.settings import GraphSettings, MongoSettings, ServiceSettings, VectorSettings


class SpecialistSettings(ServiceSettings, MongoSettings, GraphSettings, VectorSettings):
    """All that a specialist needs besides its own manifest and packs."""
