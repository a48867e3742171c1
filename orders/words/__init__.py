"""The sentences of the order pages: one whole sentence per message, chosen from tables, never built from pieces."""
