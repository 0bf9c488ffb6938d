"""The weather of a history: how often what goes wrong, from never to often."""

from dataclasses import dataclass
from random import Random


@dataclass(frozen=True)
class Weather:
    """Rates for each effect, from 0 to 1, and sizes in seconds. `harsh` weather may use up the tries of a message."""

    name: str
    latency_s: float = 0.002
    slow: float = 0.0
    lost_request: float = 0.0
    lost_reply: float = 0.0
    lost_ack: float = 0.0
    lost_core: float = 0.0
    duplicate: float = 0.0
    undecided: float = 0.0
    crash: float = 0.0
    pause: float = 0.0
    jump: float = 0.0
    store_away: float = 0.0
    skew_s: float = 0.0
    poison: bool = False

    @property
    def harsh(self) -> bool:
        """Return whether a message may run out of tries, or a consult out of attempts."""
        return self.name == "harsh" or self.poison


CALM = Weather("calm")


def draw(rng: Random) -> Weather:
    """Return the weather of one history."""
    kind = rng.choice(("calm", "twice", "mild", "mild", "deadly", "frozen", "clocks", "stores", "harsh", "harsh"))
    if kind == "calm":
        return CALM
    if kind == "twice":  # everything twice and out of order, nothing lost
        return Weather(kind, latency_s=0.02, slow=0.05, duplicate=1.0, skew_s=0.2)
    if kind == "mild":
        some = 0.01
        return Weather(
            kind,
            latency_s=rng.choice((0.002, 0.03)),
            slow=0.02,
            lost_request=some,
            lost_reply=some,
            lost_ack=some,
            lost_core=0.1,
            duplicate=0.1,
            undecided=0.05,
            skew_s=0.3,
        )
    if kind == "deadly":
        return Weather(kind, latency_s=0.005, crash=rng.choice((0.005, 0.02)), duplicate=0.1, lost_core=0.1)
    if kind == "frozen":
        return Weather(kind, latency_s=0.005, pause=rng.choice((0.01, 0.03)), duplicate=0.1, lost_ack=0.05)
    if kind == "clocks":
        return Weather(kind, latency_s=0.01, jump=0.02, skew_s=4.0, duplicate=0.1, lost_ack=0.05)
    if kind == "stores":
        return Weather(kind, latency_s=0.005, store_away=rng.choice((0.3, 1.0)), lost_reply=0.005)
    rate = rng.choice((0.01, 0.04))
    return Weather(
        kind,
        latency_s=rng.choice((0.002, 0.05)),
        slow=0.05,
        lost_request=rate,
        lost_reply=rate,
        lost_ack=2 * rate,
        lost_core=0.3,
        duplicate=0.3,
        undecided=0.1,
        crash=rate / 2,
        pause=rate / 2,
        jump=rate / 4,
        store_away=rng.choice((0.0, 0.5)),
        skew_s=rng.choice((0.1, 3.0)),
        poison=rng.random() < 0.3,
    )
