"""Accounts and appointments, kept by the account administrators of the level above (notice 一（一）, 专人专岗)."""
