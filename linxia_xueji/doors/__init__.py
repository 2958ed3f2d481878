"""The doors: signing in, lock-out, second factor, the end of a session, and what was typed when it ended."""
