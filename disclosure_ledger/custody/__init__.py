"""Secrets: the key file, the vault that seals content, signers, and the memory kept outside the database."""
