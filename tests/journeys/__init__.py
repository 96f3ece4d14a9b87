"""Journeys: whole stories in a real browser against a real server process. Each ends on the promise to the patient."""
