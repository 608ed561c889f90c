"""The tamper-evidence tower: proves that nothing was changed, and knows nothing of health care."""
