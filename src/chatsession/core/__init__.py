"""The rules of a chat session: pure, synchronous, without I/O and without a clock of their own."""
