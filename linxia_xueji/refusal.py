"""How the portal says no: always a sentence a person can act on."""

from collections.abc import Iterable


class Refusal(Exception):
    """A deed that is not done, with the reason and, where the law is the reason, the rule.

    :param message: what is wrong and what to do, in Chinese.
    :param rule: id in the rule catalogue, where one is broken.
    :param items: names or sentences to list below the message.
    """

    def __init__(self, message: str, *, rule: str | None = None, items: Iterable[str] = ()):
        super().__init__(message)
        self.message = message
        self.rule = rule
        self.items = tuple(items)


class Stale(Refusal):
    """Somebody else was quicker; the page shown is no longer true and nothing was done."""
