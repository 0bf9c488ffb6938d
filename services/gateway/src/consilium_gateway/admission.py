"""Who may ask how often. Counted in Redis, so that all replicas count together; without Redis nobody is refused."""

from dataclasses import dataclass

from consilium_common.stores.cache import Cache
from consilium_gateway.problems import RequestError

WINDOW_S = 60


@dataclass(frozen=True)
class Admission:
    """A limit of consults a minute for each user."""

    cache: Cache
    per_minute: int

    async def admit(self, owner: str) -> None:
        """Count one consult.

        Raises:
            RequestError: 429 when the user has asked too often, with when to come back.
        """
        used = await self.cache.count(f"consults:{owner}", WINDOW_S)
        if used > self.per_minute:
            raise RequestError(
                429,
                "Too many questions",
                "rate-limit",
                f"At most {self.per_minute} questions a minute are taken from one user; wait a little.",
                retry_after_s=WINDOW_S // 4,
            )
