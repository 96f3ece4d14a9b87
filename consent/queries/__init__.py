"""Reads of the upper floor: what a person may see, what the gate may know, what a page shows. Writes nothing."""
