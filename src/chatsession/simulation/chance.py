"""Chance, from a seed: the same in every run and on every machine."""

from random import Random


class Chance(Random):
    """Random choices in the words of the simulation."""

    def happens(self, probability: float) -> bool:
        """Whether something happens that does so with this probability."""
        return self.random() < probability
