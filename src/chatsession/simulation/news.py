"""A bus between the processes of a world that loses, doubles and reorders what it carries."""

import asyncio
from collections.abc import Callable

from chatsession.bus import News
from chatsession.buses.local import Listener, LocalBus
from chatsession.simulation.chance import Chance
from chatsession.simulation.coverage import Coverage

LATE_SECONDS_MAX = 3.0


class Mood:
    """How reliable the bus is just now: the chance of each thing that can go wrong."""

    def __init__(self) -> None:
        self.lost = 0.0
        self.doubled = 0.0
        self.late = 0.0

    def set(self, *, lost: float, doubled: float, late: float) -> None:
        """Change the mood."""
        self.lost, self.doubled, self.late = lost, doubled, late


class Port:
    """The bus as one process has it."""

    def __init__(self, network: "Network") -> None:
        self.local = LocalBus()
        self.is_dead = False
        self._network = network

    def publish(self, news: News) -> None:
        """Send to every follower on every process, if the bus is in the mood."""
        if not self.is_dead:
            self._network.carry(news)

    def subscribe(self, session: str, listener: Listener) -> Callable[[], None]:
        """Follow a session until the returned function is called."""
        return self.local.subscribe(session, listener)

    async def close(self) -> None:
        """Nothing to let go of."""


class Network:
    """All ports of a world."""

    def __init__(self, rng: Chance, coverage: Coverage) -> None:
        self.mood = Mood()
        self._ports: list[Port] = []
        self._rng = rng
        self._coverage = coverage

    def port(self) -> Port:
        """A port for a new process."""
        port = Port(self)
        self._ports.append(port)
        return port

    def unplug(self, port: Port) -> None:
        """The process has ended."""
        port.is_dead = True
        self._ports.remove(port)

    def carry(self, news: News) -> None:
        """Bring news to every port, each at its own risk."""
        for port in self._ports:
            self._carry_to(port, news)

    def _carry_to(self, port: Port, news: News) -> None:
        mood, chance = self.mood, self._rng.random()
        if chance < mood.lost:
            self._coverage.fault("news_lost")
            return
        if chance < mood.lost + mood.late:
            self._coverage.fault("news_reordered")
            late = self._rng.uniform(0, LATE_SECONDS_MAX)
            asyncio.get_running_loop().call_later(late, port.local.publish, news)
            return
        port.local.publish(news)
        if chance < mood.lost + mood.late + mood.doubled:
            self._coverage.fault("news_doubled")
            port.local.publish(news)
