"""Rows of the table of legal bases, group E, first part: law, public health, abuse.

Source: 45 CFR 164.512(a)-(c).
"""

from datetime import date

from .basis import GROUP_E, Accountable, Basis, MinimumNecessary, Notes

ROWS: tuple[Basis, ...] = (
    Basis(
        code="required_by_law",
        group=GROUP_E,
        title="Required by other law",
        citation="164.512(a)(1)-(2); 164.103 'required by law'",
        accountable=Accountable.YES,
        b3=True,
        minimum_necessary=MinimumNecessary.CAPPED,
        minimum_note="502(b)(2)(v), limited to what the law requires",
        psychotherapy_notes=Notes.ALLOWED,
        notes_note="508(a)(2)(ii)",
        evidence=(
            "statute, rule or mandate citation",
            "what it compels and its limits",
            "also meet 512(c), (e) or (f) where they apply ((a)(2))",
        ),
        client_purpose="A law required us to give this information to {recipient}.",
        frequency="common",
        verification="V",
    ),
    Basis(
        code="public_health",
        group=GROUP_E,
        title="Public health authority",
        citation="164.512(b)(1)(i)",
        accountable=Accountable.YES,
        b3=True,
        minimum_necessary=MinimumNecessary.APPLIES,
        minimum_note="may rely on the official's representation (514(d)(3)(iii)(A))",
        psychotherapy_notes=Notes.BARRED,
        notes_note="if also mandated, use `required_by_law`",
        evidence=(
            "authority's legal mandate",
            "report type",
        ),
        client_purpose=(
            "We reported this to a public health agency that collects such information to prevent or "
            "control disease or injury."
        ),
        frequency="occasional",
        verification="V",
    ),
    Basis(
        code="child_abuse_report",
        group=GROUP_E,
        title="Child abuse or neglect report",
        citation="164.512(b)(1)(ii)",
        accountable=Accountable.YES,
        b3=True,
        minimum_necessary=MinimumNecessary.APPLIES,
        minimum_note="capped instead if the report is mandated",
        psychotherapy_notes=Notes.CONDITIONAL,
        notes_note="the report is required by law (then via 512(a)); otherwise no",
        evidence=(
            "receiving authority, intake/reference number, time of oral report and of written report",
            "mandated-reporter statute",
            "reporter's role",
        ),
        client_purpose="We reported suspected child abuse or neglect to the agency that receives such reports.",
        note=(
            "No duty to tell the client (that duty is in 512(c)(2) only). Not suspendable even if the "
            "report went to police. Before releasing an accounting to a parent run the 502(g)(5) check "
            "and the state's reporter-confidentiality rule."
        ),
        frequency="common",
        verification="V",
    ),
    Basis(
        code="fda_regulated",
        group=GROUP_E,
        title="FDA-regulated product report",
        citation="164.512(b)(1)(iii)",
        accountable=Accountable.YES,
        b3=True,
        minimum_necessary=MinimumNecessary.APPLIES,
        psychotherapy_notes=Notes.BARRED,
        evidence=(
            "product",
            "person subject to FDA jurisdiction",
        ),
        client_purpose="We reported a problem with a medicine or device to those responsible for its safety.",
        frequency="prescribers",
        verification="V",
    ),
    Basis(
        code="communicable_disease_contact",
        group=GROUP_E,
        title="Person exposed to a communicable disease",
        citation="164.512(b)(1)(iv)",
        accountable=Accountable.YES,
        b3=True,
        minimum_necessary=MinimumNecessary.APPLIES,
        psychotherapy_notes=Notes.BARRED,
        evidence=("law authorising the notice",),
        client_purpose="We told a person they may have been exposed to a disease, as the law allows.",
        frequency="rare",
        verification="V",
    ),
    Basis(
        code="employer_workplace_health",
        group=GROUP_E,
        title="Employer: workplace surveillance or work-related illness",
        citation="164.512(b)(1)(v)",
        accountable=Accountable.YES,
        b3=True,
        minimum_necessary=MinimumNecessary.APPLIES,
        minimum_note="findings only",
        psychotherapy_notes=Notes.BARRED,
        evidence=(
            "care was at employer's request",
            "employer's OSHA/MSHA or state duty",
            "written notice given to the client",
        ),
        client_purpose="Your employer needed this finding to meet workplace-safety law.",
        frequency="occupational",
        verification="V",
    ),
    Basis(
        code="school_immunization",
        group=GROUP_E,
        title="Proof of immunisation to a school",
        citation="164.512(b)(1)(vi)",
        accountable=Accountable.YES,
        b3=True,
        minimum_necessary=MinimumNecessary.APPLIES,
        minimum_note="proof of immunisation only",
        psychotherapy_notes=Notes.BARRED,
        evidence=(
            "documented agreement of parent or adult student",
            "state law requiring proof",
        ),
        client_purpose="We sent proof of immunisation to the school, as agreed.",
        frequency="almost never",
        verification="V",
        effective_from=date(2013, 3, 26),
    ),
    Basis(
        code="adult_abuse_required",
        group=GROUP_E,
        title="Adult abuse, neglect or domestic violence report that law requires",
        citation="164.512(c)(1)(i)",
        accountable=Accountable.YES,
        b3=True,
        minimum_necessary=MinimumNecessary.CAPPED,
        minimum_note="502(b)(2)(v)",
        psychotherapy_notes=Notes.ALLOWED,
        notes_note="via 512(a)",
        evidence=(
            "client is the suspected victim",
            "statute",
            "agency and reference number",
            "(c)(2) client informed (when, how, orally is fine) or the exception relied on",
        ),
        client_purpose="A law required us to report suspected abuse, neglect or domestic violence to {recipient}.",
        note=(
            "(c) covers only PHI about the *victim*. If the client is the suspected abuser use "
            "`required_by_law` or `serious_threat`."
        ),
        frequency="common",
        verification="V/I",
    ),
    Basis(
        code="adult_abuse_agreed",
        group=GROUP_E,
        title="Adult abuse report the client agreed to",
        citation="164.512(c)(1)(ii)",
        accountable=Accountable.YES,
        b3=True,
        minimum_necessary=MinimumNecessary.APPLIES,
        psychotherapy_notes=Notes.BARRED,
        evidence=(
            "client's agreement (oral is enough; note it)",
            "(c)(2) informed",
        ),
        client_purpose="With your agreement we reported suspected abuse or violence to {recipient}.",
        frequency="occasional",
        verification="V",
    ),
    Basis(
        code="adult_abuse_authorized",
        group=GROUP_E,
        title="Adult abuse report expressly authorised (not required) by law",
        citation="164.512(c)(1)(iii)(A)-(B)",
        accountable=Accountable.YES,
        b3=True,
        minimum_necessary=MinimumNecessary.APPLIES,
        psychotherapy_notes=Notes.BARRED,
        evidence=(
            "statute or rule authorising",
            ("(A) professional-judgment note on serious harm, or (B) incapacity plus official's two representations"),
            "(c)(2) informed or exception",
        ),
        client_purpose=(
            "The law allows us to report suspected abuse or violence, and we judged it necessary to "
            "prevent serious harm."
        ),
        frequency="occasional",
        verification="V",
    ),
)
