"""The store in memory: the same answers and refusals as one on a disk, and nothing survives the process."""

from chatsession.stores.memory.store import MemoryStore

__all__ = ["MemoryStore"]
