"""Doors of the house: who is on the other side of this request, and what may be asked from there."""
