"""How passwords are kept."""

from django.contrib.auth.hashers import Argon2PasswordHasher, MD5PasswordHasher


class Argon2id(Argon2PasswordHasher):
    """Argon2id with 19 MiB and two rounds (OWASP, Password Storage Cheat Sheet)."""

    time_cost = 2
    memory_cost = 19_456
    parallelism = 1


class FastForTests(MD5PasswordHasher):
    """Quick, and safe nowhere but in tests: the settings choose it only there."""
