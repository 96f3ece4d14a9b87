"""Pages of the ground floor: find the thing, check the door, read the form, call one action, answer."""
