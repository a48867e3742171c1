"""What was bought: orders, their life, My Orders and the order page."""
