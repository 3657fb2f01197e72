"""`chatsession simulate`: virtual time with faults, or synthetic visitors against a running server."""

from chatsession.cli.simulate.command import simulate

__all__ = ["simulate"]
