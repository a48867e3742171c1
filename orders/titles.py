"""What people call an order."""


def order_title(number: str, item: str, quantity: int) -> str:
    """Name an order by its first item and how many of it there are, else by its number."""
    if not item:
        return number
    return f"{quantity} × {item}" if quantity > 1 else item
