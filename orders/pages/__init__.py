"""What the pages show, worked out from the rows before a template sees them."""
