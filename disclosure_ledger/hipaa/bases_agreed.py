"""Rows of the table of legal bases, groups C and D: what the client agreed to, and what HIPAA itself requires.

Source: 45 CFR 164.508; 164.510; 164.502(a)(2)(ii).
"""

from datetime import date

from .basis import Accountable, Basis, MinimumNecessary, Notes

GROUP_C = "C. Client agreed (written authorization or informal agreement)"
GROUP_D = "D. Required by HIPAA itself"

ROWS: tuple[Basis, ...] = (
    Basis(
        code="authorization",
        group=GROUP_C,
        title="Signed HIPAA authorization",
        citation="164.508(a)(1), (b), (c)",
        accountable=Accountable.NO,
        exclusion="(a)(1)(iv)",
        minimum_necessary=MinimumNecessary.EXEMPT,
        minimum_note="502(b)(2)(iii)",
        psychotherapy_notes=Notes.BARRED,
        notes_note="needs the row below",
        evidence=(
            "authorization id and stored copy",
            "all 508(c)(1) elements and (c)(2) statements",
            "not expired, revoked or known false on the disclosure date",
            "recipient, information and purpose inside its scope",
        ),
        client_purpose="You signed a form allowing us to give this information to {recipient}.",
        note=(
            "Excluded only if the authorization was valid and the release stayed inside it; otherwise `impermissible`."
        ),
        frequency="daily",
        verification="V",
    ),
    Basis(
        code="authorization_psychotherapy_notes",
        group=GROUP_C,
        title="Authorization specific to psychotherapy notes",
        citation="164.508(a)(2), (b)(3)(ii)",
        accountable=Accountable.NO,
        exclusion="(a)(1)(iv)",
        minimum_necessary=MinimumNecessary.EXEMPT,
        minimum_note="502(b)(2)(iii)",
        psychotherapy_notes=Notes.ALLOWED,
        notes_note="this is the authorization",
        evidence=(
            "as `authorization`",
            "not combined with any other document except another psychotherapy-notes authorization",
            "not a condition of treatment, payment, enrolment or benefits",
        ),
        client_purpose=(
            "You signed a separate form allowing us to release your therapist's private session notes to {recipient}."
        ),
        frequency="occasional",
        verification="V",
    ),
    Basis(
        code="authorization_marketing_or_sale",
        group=GROUP_C,
        title="Authorization for marketing or for sale of PHI",
        citation="164.508(a)(3), (a)(4)",
        accountable=Accountable.NO,
        exclusion="(a)(1)(iv)",
        minimum_necessary=MinimumNecessary.EXEMPT,
        minimum_note="502(b)(2)(iii)",
        psychotherapy_notes=Notes.BARRED,
        evidence=(
            "as `authorization`",
            "statement that remuneration is involved",
        ),
        client_purpose="You signed a form allowing this use for marketing or in exchange for payment.",
        frequency="almost never",
        verification="V",
    ),
    Basis(
        code="authorization_research",
        group=GROUP_C,
        title="Authorization for research",
        citation="164.508(b)(3)(i), (c)(1)(v)",
        accountable=Accountable.NO,
        exclusion="(a)(1)(iv)",
        minimum_necessary=MinimumNecessary.EXEMPT,
        minimum_note="502(b)(2)(iii)",
        psychotherapy_notes=Notes.BARRED,
        notes_note="unless notes-specific",
        evidence=(
            "as `authorization`; expiry may be 'end of the research study' or 'none'",
            "protocol id",
        ),
        client_purpose="You signed a form allowing this information to be used for the study {protocol}.",
        frequency="rare",
        verification="V",
    ),
    Basis(
        code="facility_directory",
        group=GROUP_C,
        title="Facility directory",
        citation="164.510(a)",
        accountable=Accountable.NO,
        exclusion="(a)(1)(v)",
        minimum_necessary=MinimumNecessary.APPLIES,
        minimum_note="fields fixed by (a)(1)(i)",
        psychotherapy_notes=Notes.BARRED,
        evidence=("client told and did not object",),
        client_purpose="Your name and general condition were listed in our directory.",
        frequency="inpatient only",
        verification="V",
    ),
    Basis(
        code="involved_in_care",
        group=GROUP_C,
        title="Family, friend or other person involved in care or payment",
        citation="164.510(b)(1)(i), (b)(2)-(3)",
        accountable=Accountable.NO,
        exclusion="(a)(1)(v)",
        minimum_necessary=MinimumNecessary.APPLIES,
        minimum_note="only what is directly relevant",
        psychotherapy_notes=Notes.BARRED,
        evidence=(
            "how the client agreed / did not object / professional judgment",
            "relationship",
            "restriction check 164.522(a)(1)(i)(B)",
        ),
        client_purpose="We shared what {recipient} needed to help with your care or its payment.",
        note="Verification of identity not mandated for 510 (514(h)(1)(i), (h)(2)(iv)).",
        frequency="common",
        verification="V",
    ),
    Basis(
        code="notification",
        group=GROUP_C,
        title="Notify family or caregiver of location, condition or death",
        citation="164.510(b)(1)(ii)",
        accountable=Accountable.NO,
        exclusion="(a)(1)(v)",
        minimum_necessary=MinimumNecessary.APPLIES,
        psychotherapy_notes=Notes.BARRED,
        evidence=(
            "circumstances",
            "professional judgment note",
        ),
        client_purpose="We let {recipient} know where you were or how you were doing.",
        frequency="rare",
        verification="V",
    ),
    Basis(
        code="disaster_relief",
        group=GROUP_C,
        title="Disaster-relief organisation",
        citation="164.510(b)(4)",
        accountable=Accountable.NO,
        exclusion="(a)(1)(v)",
        minimum_necessary=MinimumNecessary.APPLIES,
        psychotherapy_notes=Notes.BARRED,
        evidence=("organisation's charter or legal authority",),
        client_purpose="We helped a disaster-relief organisation notify your family.",
        frequency="rare",
        verification="V",
    ),
    Basis(
        code="deceased_involved_person",
        group=GROUP_C,
        title="Person who was involved in a deceased client's care",
        citation="164.510(b)(5)",
        accountable=Accountable.NO,
        exclusion="(a)(1)(v)",
        minimum_necessary=MinimumNecessary.APPLIES,
        minimum_note="only what is relevant to that involvement",
        psychotherapy_notes=Notes.BARRED,
        evidence=(
            "prior involvement",
            "no contrary preference known",
        ),
        client_purpose=(
            "After the client's death we shared limited information with {recipient}, who had been "
            "involved in the care."
        ),
        frequency="rare",
        verification="V",
        effective_from=date(2013, 3, 26),
    ),
    Basis(
        code="hhs_secretary",
        group=GROUP_D,
        title="HHS (OCR) compliance investigation or review",
        citation="164.502(a)(2)(ii); 160.310",
        accountable=Accountable.YES,
        b3=True,
        minimum_necessary=MinimumNecessary.EXEMPT,
        minimum_note="502(b)(2)(iv)",
        psychotherapy_notes=Notes.ALLOWED,
        notes_note="508(a)(2)(ii)",
        evidence=(
            "OCR letter and transaction number",
            "official's identity (514(h)(2)(ii))",
        ),
        client_purpose=(
            "The U.S. Department of Health and Human Services required this to check that we follow the privacy rules."
        ),
        note="Not excluded. Text gives no suspension: 528(a)(2) reaches only 512(d) and (f).",
        frequency="rare",
        verification="V",
    ),
)
