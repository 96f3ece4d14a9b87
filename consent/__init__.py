"""The upper floor: informed, revocable consent to a procedure, and proof of it."""
