"""What is counted for Prometheus, in a registry of its own: requests as they end, everything else when it is asked."""

from collections.abc import Iterable, Sized

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily, Metric

from chatsession.runtime.service import Service
from chatsession.tracing import METRIC_INFO, METRIC_OPEN, METRIC_REQUESTS, METRIC_SECONDS

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Counting:
    """Counts by route, never by path: ids are no labels."""

    def __init__(self, service: Service, places: dict[str, Sized]) -> None:
        self._registry = CollectorRegistry(auto_describe=True)
        self._requests = Counter(
            METRIC_REQUESTS, "Requests by what became of them", ("method", "route", "status"), registry=self._registry
        )
        self._seconds = Histogram(
            METRIC_SECONDS, "How long requests took", ("route",), registry=self._registry, buckets=SECONDS
        )
        self._registry.register(_Now(service, places))

    def request(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count a request that has ended."""
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def exposed(self) -> bytes:
        """Everything, in the text format of Prometheus."""
        return generate_latest(self._registry)


class _Now:
    """What is the case at the moment somebody asks."""

    def __init__(self, service: Service, places: dict[str, Sized]) -> None:
        self._service = service
        self._open = {
            **places,
            "followers": service.following,
            "turns": service.turns,
            "sessions_at_hand": service.lanes,
        }

    def collect(self) -> Iterable[Metric]:
        """The gauges and the facts."""
        gauge = GaugeMetricFamily(METRIC_OPEN, "What is open now", labels=("kind",))
        for kind, things in self._open.items():
            gauge.add_metric((kind,), len(things))
        yield gauge
        facts = {"durability": self._service.store.durability, "epoch": self._service.epoch}
        yield InfoMetricFamily(METRIC_INFO, "What this process is", value=facts)
