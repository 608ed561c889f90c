"""Foreign rows to records, with line and field in every error: one module a format."""
