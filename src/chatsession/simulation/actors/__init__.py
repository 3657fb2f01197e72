"""Who acts in the simulation: visitors, agents, programs with keys, bots and the keeper of the time."""
