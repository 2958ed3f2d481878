"""How passwords are hashed and which are let through; the words are the portal's own."""

from django.contrib.auth import password_validation as django_rules
from django.contrib.auth.hashers import Argon2PasswordHasher, BasePasswordHasher
from django.utils.crypto import constant_time_compare, salted_hmac


class Argon2Hasher(Argon2PasswordHasher):
    """Argon2id with 19 MiB, two passes, one lane: the least that OWASP's password storage cheat sheet asks for.

    Django's own 100 MiB would let twenty people who sign in at eight o'clock take 2 GB.
    """

    memory_cost = 19456  # KiB
    time_cost = 2
    parallelism = 1


class OneTimeHasher(BasePasswordHasher):
    """A digest keyed with the secret of the server, for random one-time passwords issued by the thousand and for nothing else.

    Who signs in with one has it hashed anew by the first hasher of the list, as Django does with every old hash.
    """

    algorithm = "one_time"

    def encode(self, password: str, salt: str) -> str:
        """one_time$salt$digest."""
        self._check_encode_args(password, salt)
        return f"{self.algorithm}${salt}${salted_hmac('one-time password', salt + password, algorithm='sha256').hexdigest()}"

    def decode(self, encoded: str) -> dict[str, str]:
        """The parts of an encoded password."""
        algorithm, salt, digest = encoded.split("$", 2)
        return {"algorithm": algorithm, "salt": salt, "hash": digest}

    def verify(self, password: str, encoded: str) -> bool:
        """Whether it is this password."""
        return constant_time_compare(encoded, self.encode(password, self.decode(encoded)["salt"]))

    def safe_summary(self, encoded: str) -> dict[str, str]:
        """What may be shown of it."""
        return {"algorithm": self.algorithm}

    def harden_runtime(self, password: str, encoded: str) -> None:
        """Nothing to make up for: how long it takes tells nothing of a random password."""


class MinimumLength(django_rules.MinimumLengthValidator):
    """Not too short."""

    def get_error_message(self) -> str:
        """What is wrong and what to do."""
        return f"密码太短，请至少填写{self.min_length}个字符"

    def get_help_text(self) -> str:
        """The rule in a few words."""
        return f"至少{self.min_length}个字符"


class NotLikePerson(django_rules.UserAttributeSimilarityValidator):
    """Not the person's own name or user name."""

    def get_error_message(self) -> str:
        """What is wrong and what to do."""
        return "密码与用户名或姓名太相似，请换一个"

    def get_help_text(self) -> str:
        """The rule in a few words."""
        return "不与用户名、姓名相似"


class NotCommon(django_rules.CommonPasswordValidator):
    """Not on the list of common passwords that Django ships."""

    def get_error_message(self) -> str:
        """What is wrong and what to do."""
        return "这个密码太常见，请换一个"

    def get_help_text(self) -> str:
        """The rule in a few words."""
        return "不用常见密码"


class NotNumeric(django_rules.NumericPasswordValidator):
    """Not figures alone, such as a birthday or a telephone number."""

    def get_error_message(self) -> str:
        """What is wrong and what to do."""
        return "密码不能全是数字，请加上字母或其他字符"

    def get_help_text(self) -> str:
        """The rule in a few words."""
        return "不全是数字"
