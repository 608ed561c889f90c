"""An append-only, signed ledger of HIPAA disclosures whose completeness a client can check offline."""

__version__ = "0.1.0"
