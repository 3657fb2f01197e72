"""Years of virtual traffic from one seed: the real runtime between swapped interfaces, with every fault we know of."""

from chatsession.simulation.report import Report
from chatsession.simulation.run import run

__all__ = ["Report", "run"]
