"""A student over time: one line of what happened, what held on any day as it was known on any day, and who looked."""
