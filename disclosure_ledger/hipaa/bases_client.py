"""Rows of the table of legal bases, group A: the client, and who stands in.

Source: 45 CFR 164.502(a)(1)(i), (a)(2)(i), (g); 164.524.
"""

from .basis import Accountable, Basis, MinimumNecessary, Notes

GROUP_A = "A. To the client or someone standing in for the client"

ROWS: tuple[Basis, ...] = (
    Basis(
        code="individual",
        group=GROUP_A,
        title="To the client, about the client",
        citation="164.502(a)(1)(i), (a)(2)(i); 164.524",
        accountable=Accountable.NO,
        exclusion="(a)(1)(ii)",
        minimum_necessary=MinimumNecessary.EXEMPT,
        minimum_note="502(b)(2)(ii)",
        psychotherapy_notes=Notes.BARRED,
        notes_note=(
            "outside the access right (164.524(a)(1)(i)) and not an (a)(2) exception; take a signed "
            "notes authorization if the clinician chooses to share"
        ),
        evidence=(
            "identity check (164.514(h)) or personal acquaintance",
            "access request if there was one",
        ),
        client_purpose="We gave this information to you.",
        frequency="daily",
        verification="V",
    ),
    Basis(
        code="personal_representative",
        group=GROUP_A,
        title="To the client's personal representative",
        citation="164.502(g)(1)-(4); 164.502(a)(1)(i)",
        accountable=Accountable.NO,
        exclusion="(a)(1)(ii)",
        exclusion_note="because (g)(1) treats the representative as the client",
        minimum_necessary=MinimumNecessary.EXEMPT,
        minimum_note="502(b)(2)(ii)",
        psychotherapy_notes=Notes.BARRED,
        notes_note="same as `individual`",
        evidence=(
            (
                "document giving authority (guardianship order, health-care power of attorney, letters "
                "testamentary, parental status)"
            ),
            "scope: which services and dates the authority covers",
            "(g)(3)/(g)(5) determination and who made it",
        ),
        client_purpose="We gave this information to the person legally entitled to act for you: {recipient}.",
        note="UT System logs these anyway; the rule does not require it.",
        frequency="common",
        verification="V",
    ),
    Basis(
        code="parent_not_representative",
        group=GROUP_A,
        title="To a parent or guardian who is not the personal representative, under state law",
        citation="164.502(g)(3)(ii)",
        accountable=Accountable.DEFAULT_YES,
        exclusion_note="none fits literally",
        minimum_necessary=MinimumNecessary.APPLIES,
        psychotherapy_notes=Notes.BARRED,
        evidence=(
            "state-law citation permitting or requiring it",
            "licensed professional's decision note when state law is silent ((g)(3)(ii)(C))",
        ),
        client_purpose="State law let us share this information with your parent or guardian, {recipient}.",
        note=(
            "Not 'to the individual', so exclusion (ii) is doubtful. If 164.510(b) genuinely fits, "
            "record that basis instead."
        ),
        frequency="minors",
        verification="I",
    ),
    Basis(
        code="individual_directed_third_party",
        group=GROUP_A,
        title="Copy sent to a third party at the client's written access direction (no authorization form)",
        citation="164.524(c)(3)(ii)",
        accountable=Accountable.DEFAULT_YES,
        exclusion_note="arguably (a)(1)(ii); text says 'to individuals'",
        minimum_necessary=MinimumNecessary.EXEMPT,
        minimum_note="502(b)(2)(ii) by analogy",
        psychotherapy_notes=Notes.BARRED,
        evidence=("signed written direction naming the person and where to send it",),
        client_purpose="You asked us in writing to send this copy to {recipient}.",
        note="Cheaper path: get a 164.508 authorization and record `authorization`.",
        frequency="occasional",
        verification="I",
    ),
)
