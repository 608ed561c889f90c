"""What a practice does with its open ledger: look, record, draw, prove."""
