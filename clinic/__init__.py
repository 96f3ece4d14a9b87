"""The ground floor: places, people, time and planned procedures. It does not know that consent exists."""
