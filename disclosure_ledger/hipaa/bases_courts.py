"""Rows of the table of legal bases, group E, second part: oversight, courts.

Source: 45 CFR 164.512(d)-(e).
"""

from .basis import GROUP_E, Accountable, Basis, MinimumNecessary, Notes

ROWS: tuple[Basis, ...] = (
    Basis(
        code="health_oversight",
        group=GROUP_E,
        title="Health oversight agency",
        citation="164.512(d)(1); exception (d)(2)",
        accountable=Accountable.YES,
        suspendable=True,
        b3=True,
        minimum_necessary=MinimumNecessary.APPLIES,
        minimum_note="may rely on the official's representation",
        psychotherapy_notes=Notes.CONDITIONAL,
        notes_note="oversight is of the originator of the notes",
        evidence=(
            "agency, authority, audit/investigation number",
            "request on letterhead or credentials (514(h)(2))",
            "(d)(2) test: client is not the target, or the matter is about health care or health benefits",
        ),
        client_purpose=(
            "A government agency that oversees health care or benefits asked for this for an audit, "
            "inspection, licence review or investigation."
        ),
        frequency="occasional",
        verification="V",
    ),
    Basis(
        code="court_order",
        group=GROUP_E,
        title="Order of a court or administrative tribunal",
        citation="164.512(e)(1)(i)",
        accountable=Accountable.YES,
        b3=True,
        minimum_necessary=MinimumNecessary.CAPPED,
        minimum_note="only PHI expressly authorised by the order",
        psychotherapy_notes=Notes.CONDITIONAL,
        notes_note="order covers the notes (order is 'required by law', 164.103 + 512(a)); check privilege",
        evidence=(
            "order: court, docket, date, judge, signed copy",
            "map of each field released to the order's words",
        ),
        client_purpose=(
            "A court ordered us to release this information (case {case_ref}); we released only what the order listed."
        ),
        note="512(e) itself is not on the 508(a)(2) list; the route is 512(a).",
        frequency="occasional",
        verification="V/I",
    ),
    Basis(
        code="subpoena_client_notified",
        group=GROUP_E,
        title="Subpoena or discovery request + assurance the client was notified",
        citation="164.512(e)(1)(ii)(A), (iii)",
        accountable=Accountable.YES,
        b3=True,
        minimum_necessary=MinimumNecessary.APPLIES,
        psychotherapy_notes=Notes.BARRED,
        notes_note="by default (ask counsel; many are not court-issued mandates and privilege usually applies)",
        evidence=(
            "subpoena (issuer, date, return date)",
            (
                "written statement + documents: notice sent, enough detail to object, time to object over, "
                "objections none/resolved"
            ),
        ),
        client_purpose=(
            "We received a subpoena in case {case_ref}; the other side showed that you had been told and "
            "had time to object."
        ),
        frequency="common",
        verification="V",
    ),
    Basis(
        code="subpoena_protective_order",
        group=GROUP_E,
        title="Subpoena or discovery request + qualified protective order sought",
        citation="164.512(e)(1)(ii)(B), (iv)-(v)",
        accountable=Accountable.YES,
        b3=True,
        minimum_necessary=MinimumNecessary.APPLIES,
        psychotherapy_notes=Notes.BARRED,
        notes_note="by default",
        evidence=(
            "subpoena",
            "agreed order presented, or motion filed",
            "order bars other use and requires return/destruction",
        ),
        client_purpose=(
            "We received a subpoena in case {case_ref}; a protective order to limit its use had been "
            "agreed or requested."
        ),
        frequency="occasional",
        verification="V",
    ),
    Basis(
        code="subpoena_entity_effort",
        group=GROUP_E,
        title="Subpoena where the practice itself notified the client or sought the order",
        citation="164.512(e)(1)(vi)",
        accountable=Accountable.YES,
        b3=True,
        minimum_necessary=MinimumNecessary.APPLIES,
        psychotherapy_notes=Notes.BARRED,
        notes_note="by default",
        evidence=(
            "subpoena",
            "practice's own notice meeting (iii), or its own request for an order meeting (iv)",
        ),
        client_purpose=(
            "We received a subpoena in case {case_ref} and told you about it (or asked the court to "
            "protect it) before responding."
        ),
        frequency="occasional",
        verification="V",
    ),
)
