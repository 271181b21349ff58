"""Hostile inputs by the thousand; slow, and run by `make fuzz`."""
