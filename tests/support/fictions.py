"""Invented records to start a test from: obviously fictional people, complete enough to be clean under every check."""

from typing import Any


def client(**changed: Any) -> dict[str, Any]:
    """The client of most tests, as JSON."""
    return {"kind": "client", "client": "C-1001", "name": "Dana Whitfield", "born_on": "1984-05-09", **changed}


def disclosure(**changed: Any) -> dict[str, Any]:
    """A court's order answered: accountable, and clean under every check. Fields set to None are left out."""
    clean = {
        "kind": "disclosure",
        "client": "C-1001",
        "disclosed_on": "2026-02-03",
        "recipient": {"name": "County Court", "address": "9 Court St", "type": "court"},
        "basis": "court_order",
        "description": "attendance dates, 2025",
        "fields": ["service_dates"],
        "matter": "881",
        "evidence": [
            {
                "type": "court_order",
                "ref": "881",
                "dated": "2026-01-20",
                "issuer": "County Court",
                "detail": "signed by the judge; names attendance dates",
            }
        ],
        "verified": "order bears the court's seal; clerk telephoned",
        "minimum_necessary": "limited to what the order names",
    }
    return {name: value for name, value in {**clean, **changed}.items() if value is not None}


def oversight(**changed: Any) -> dict[str, Any]:
    """A release to an oversight agency: accountable, suspendable, and clean under every check."""
    return disclosure(
        **{
            "disclosed_on": "2026-05-04",
            "recipient": {"name": "State Medicaid Agency", "address": "9 Elm Ave", "type": "oversight_agency"},
            "basis": "health_oversight",
            "description": "claims data",
            "fields": ["service_dates", "service_codes"],
            "matter": "audit-1",
            "evidence": [
                {
                    "type": "written_request",
                    "ref": "audit-1",
                    "dated": "2026-04-24",
                    "detail": "audit of billing and care; the client is not its target",
                }
            ],
            "verified": "request on letterhead; agency telephoned",
            "minimum_necessary": "individual review: only what the audit needs",
            **changed,
        }
    )


def request(**changed: Any) -> dict[str, Any]:
    """The client's request, made and received on one day."""
    return {
        "kind": "accounting_request",
        "client": "C-1001",
        "id": "R-1",
        "requested_on": "2026-11-23",
        "received_on": "2026-11-23",
        **changed,
    }


def suspension(**changed: Any) -> dict[str, Any]:
    """A written statement of the oversight agency."""
    written = {
        "kind": "suspension",
        "client": "C-1001",
        "agency": "State Medicaid Agency",
        "statement": "written",
        "stated_on": "2026-05-11",
        "official": "M. Okafor, audit supervisor",
        "through": "2026-12-15",
    }
    return {name: value for name, value in {**written, **changed}.items() if value is not None}


def protocol(**changed: Any) -> dict[str, Any]:
    """A study that the law may have told of for all (164.528(b)(4))."""
    return {
        "kind": "research_protocol",
        "id": "P-1",
        "name": "Sleep and Trauma",
        "description": "A study of sleep.",
        "criteria": "Adults.",
        "information": "Visit dates.",
        "sponsor": {"name": "State University", "address": "1 Campus Dr", "telephone": "555-0160"},
        "researcher": {"name": "Dr. Ortiz", "address": "1 Campus Dr", "telephone": "555-0161"},
        **changed,
    }


def studied(client: str, **changed: Any) -> dict[str, Any]:
    """A release under that study, by a waiver."""
    ortiz = {"name": "Dr. Ortiz", "type": "researcher"}
    about = {"client": client, "basis": "research_waiver", "protocol": "P-1", "matter": None, "recipient": ortiz}
    return disclosure(**{**about, **changed})
