"""Pages of the upper floor: find the thing, check who asks, read a form, call one act, show the answer."""
