"""What an address may name."""

from foundation.numbers import NUMBER


class OrderNumberConverter:
    """The number of an order."""

    # One dot or two is a way through folders to whoever follows the address.
    regex = rf"(?!\.{{1,2}}(?:/|$)){NUMBER}"

    def to_python(self, value: str) -> str:
        """Take the number as it stands."""
        return value

    def to_url(self, value: str) -> str:
        """Write the number as it stands."""
        return value
