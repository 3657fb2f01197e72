"""What must hold at every step, each check independent of the code it checks."""
