"""What an address may name."""


class OrderNumberConverter:
    """The number of an order."""

    # One dot or two is a way through folders to whoever follows the address.
    regex = r"(?!\.{1,2}(?:/|$))[A-Za-z0-9._-]{1,64}"

    def to_python(self, value: str) -> str:
        """Take the number as it stands."""
        return value

    def to_url(self, value: str) -> str:
        """Write the number as it stands."""
        return value
