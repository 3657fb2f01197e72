"""What runs: the one door, the turns of the bots, the timers, who may do what, and who follows."""
