"""The roof: settings, addresses, server entry. Nothing imports it."""
