"""Counts and plain rosters (花名册) of the register as of a day, for those who pay and feed (notice 一)."""
