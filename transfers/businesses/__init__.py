"""The businesses of 学籍变动, each in a module of its own; importing this package makes all of them known."""

from transfers.businesses import key_info, problems, reports, resumption, suspension, transfer, withdrawal

__all__ = ["key_info", "problems", "reports", "resumption", "suspension", "transfer", "withdrawal"]
