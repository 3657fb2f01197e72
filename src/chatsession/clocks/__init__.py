"""Makers of the clock contract: the system's, and one that is moved by hand."""
