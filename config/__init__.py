"""Settings, addresses and the processes that serve them."""
