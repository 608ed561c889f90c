"""The command line of Disclosure Ledger: the only place that prints and exits."""
