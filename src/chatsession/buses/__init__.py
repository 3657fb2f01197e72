"""Makers of the bus contract."""
