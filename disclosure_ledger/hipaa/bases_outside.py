"""Rows of the table of legal bases, group F: outside the list of permissions.

Source: 45 CFR 164.402; 164.410; 164.502(j).
"""

from .basis import Accountable, Basis, MinimumNecessary, Notes

GROUP_F = "F. Outside the permission list"

ROWS: tuple[Basis, ...] = (
    Basis(
        code="whistleblower",
        group=GROUP_F,
        title="Workforce member or BA whistleblowing",
        citation="164.502(j)(1)",
        accountable=Accountable.DEFAULT_YES,
        exclusion_note="none fits",
        minimum_necessary=MinimumNecessary.NONE,
        psychotherapy_notes=Notes.BARRED,
        evidence=(
            "recipient type: oversight agency, public health authority, accreditor, or own attorney",
            "good-faith belief",
        ),
        client_purpose="A member of our staff shared this with {recipient} in good faith to report a concern.",
        note=(
            "Deemed no violation, but not listed in (a)(1). Include when known; counsel may switch off. "
            "Never expose the person's name."
        ),
        frequency="rare",
        verification="I",
    ),
    Basis(
        code="workforce_crime_victim",
        group=GROUP_F,
        title="Workforce member who is a crime victim tells police",
        citation="164.502(j)(2)",
        accountable=Accountable.DEFAULT_YES,
        exclusion_note="none fits",
        minimum_necessary=MinimumNecessary.CAPPED,
        minimum_note="hard cap: (f)(2)(i) list, about the suspect",
        psychotherapy_notes=Notes.BARRED,
        evidence=("suspect's (f)(2)(i) items only",),
        client_purpose="A staff member who was the victim of a crime gave police limited details.",
        frequency="rare",
        verification="I",
    ),
    Basis(
        code="impermissible",
        group=GROUP_F,
        title=("Disclosure the rule did not permit (misdirected fax, wrong client, lost file, snooping given outside)"),
        citation="164.402; 164.404-.414; 164.530(f)",
        accountable=Accountable.YES,
        minimum_necessary=MinimumNecessary.NONE,
        psychotherapy_notes=Notes.NONE,
        evidence=(
            "incident id, how found, date found",
            "what went, to whom (number or address if name unknown)",
            "four-factor risk assessment or notice decision",
            "mitigation, recipient's destruction attestation",
        ),
        client_purpose="This was sent in error. {plain_explanation}",
        note=("Appears whether or not it was a reportable breach and whether or not a breach letter was sent."),
        frequency="happens",
        verification="V2",
    ),
    Basis(
        code="impermissible_by_business_associate",
        group=GROUP_F,
        title="Same, by a business associate or subcontractor",
        citation="164.410; 164.504(e)(2)(ii)(C), (G); 164.528(b)(1)",
        accountable=Accountable.YES,
        minimum_necessary=MinimumNecessary.NONE,
        psychotherapy_notes=Notes.NONE,
        evidence=(
            "BA report, discovery dates at BA and practice",
            "as above",
        ),
        client_purpose="A company working for us sent this in error. {plain_explanation}",
        frequency="happens",
        verification="V/I",
    ),
)
