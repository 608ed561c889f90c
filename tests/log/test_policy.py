"""Policies: the file of C2SP tlog-policy, and that none of them accepts anything."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from disclosure_ledger.errors import DisclosureLedgerError, Malformed
from disclosure_ledger.log import policy
from disclosure_ledger.log.checkpoint import Quorum, Trust
from disclosure_ledger.log.note import COSIGNATURE, ED25519, MLDSA44, VerifierKey
from golden_log import keys, signer_from_seed

LOG, LOG_MLDSA = keys()["log-1"].vkey(), keys()["log-1-mldsa"].vkey()


def key(name: str, kind: int = COSIGNATURE) -> VerifierKey:
    return signer_from_seed(f"{name.lower()}.example/w", kind, name.encode().ljust(32, b".")).key


def witness(name: str, kind: int = COSIGNATURE) -> str:
    return f"witness {name} {key(name, kind).vkey()}\n"


def parse(text: str) -> Trust:
    return policy.parse(text.encode())


def met(text: str, *names: str) -> bool:
    quorum = parse(text).quorum
    assert isinstance(quorum, Quorum)
    return quorum.is_met_by([key(name) for name in names])


TWO_LEVELS = (
    f"log {LOG}\n\n"
    + "".join(witness(name) for name in ("X1", "X2", "X3"))
    + "group X-witnesses 2 X1 X2 X3\n\n"
    + "".join(witness(name) for name in ("Y1", "Y2", "Y3"))
    + "group Y-witnesses any Y1 Y2 Y3\n\ngroup X-and-Y all X-witnesses Y-witnesses\nquorum X-and-Y\n"
)


def test_the_published_example_means_what_it_says() -> None:
    trust = parse(TWO_LEVELS)
    assert [one.vkey() for one in trust.keys] == [LOG]
    assert set(trust.witnesses) == {key(name) for name in ("X1", "X2", "X3", "Y1", "Y2", "Y3")}
    assert met(TWO_LEVELS, "X1", "X3", "Y2")
    assert not met(TWO_LEVELS, "X1", "X2", "X3")
    assert not met(TWO_LEVELS, "X1", "Y1", "Y2", "Y3")
    assert not met(TWO_LEVELS)


def test_one_witness_can_be_the_quorum() -> None:
    text = witness("A") + witness("B") + "quorum A\n"
    assert met(text, "A")
    assert not met(text, "B")


def test_no_quorum_is_zero_witnesses() -> None:
    assert parse(f"log {LOG}\nquorum none\n").quorum == 0


def test_both_keys_of_a_log_and_a_witness_of_either_type_are_taken() -> None:
    trust = parse(f"log {LOG}\nlog {LOG_MLDSA} https://log.example\n" + witness("A", MLDSA44) + "quorum A\n")
    assert [one.kind for one in trust.keys] == [ED25519, MLDSA44]
    assert [one.kind for one in trust.witnesses] == [MLDSA44]


def test_blanks_tabs_and_comments_are_no_matter() -> None:
    text = f" \t# ours\n\n\tlog\t {LOG}  \n  #\nquorum   none\t\n"
    assert parse(text) == parse(f"log {LOG}\nquorum none\n")


def test_names_are_bytes_and_need_not_be_ascii() -> None:
    vkey = key("A").vkey().encode()
    k, kelvin = b"K", b"\xe2\x84\xaa"
    text = b"witness " + kelvin + b" " + vkey + b"\nquorum " + kelvin + b"\n"
    assert policy.parse(text).witnesses == (key("A"),)
    with pytest.raises(Malformed):
        policy.parse(text.replace(b"quorum " + kelvin, b"quorum " + k))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "a quorum line"),
        ("quorum none\n", "does not accept anything"),
        (witness("A") + "quorum none\n", "does not accept anything"),
        (f"log {LOG}\n", "a quorum line"),
        (f"log {LOG}\nquorum none", "newline at the end"),
        (f"log {LOG}\nquorum none\r\n", "control characters"),
        (f"log {LOG}\nquorum none\nquorum none\n", "one quorum line"),
        (f"log {LOG}\nlog {LOG}\nquorum none\n", "public key once"),
        (f"log {key('A').vkey()}\nquorum none\n", "type 1 or 6"),
        (f"log {LOG} u v\nquorum none\n", "what belongs to it"),
        (f"log {LOG}\nquorum A\n" + witness("A"), "a line before"),
        (f"witness A {LOG}\nquorum A\n", "type 4 or 6"),
        (witness("A") + f"witness B {key('A').vkey()}\nquorum A\n", "public key once"),
        (witness("A") + f"witness A {key('B').vkey()}\nquorum A\n", "not taken"),
        (f"witness none {key('A').vkey()}\nquorum none\n", "not taken"),
        (witness("A") + "group none all A\nquorum none\n", "not taken"),
        (witness("A") + "group A all A\nquorum A\n", "not taken"),
        (witness("A") + "group G all A none\nquorum G\n", "a line before"),
        (witness("A") + "group G 2 A\nquorum G\n", "from 1 to 1"),
        (witness("A") + "group G 0 A\nquorum G\n", "from 1 to 1"),
        (witness("A") + "group G 01 A\nquorum G\n", "from 1 to 1"),
        (witness("A") + "group G some A\nquorum G\n", "from 1 to 1"),
        (witness("A") + "group G all\nquorum G\n", "what belongs to it"),
        (witness("A") + "group G 1 A A\nquorum G\n", "one group at most"),
        (witness("A") + witness("B") + "group G any A B\ngroup H any A\nquorum H\n", "one group at most"),
        (witness("A") + "group G any H\ngroup H any A\nquorum G\n", "a line before"),
        ("witness A vkey\nquorum A\n", "a vkey"),
        ("trust everyone\n", "what belongs to it"),
        ("quorum\n", "what belongs to it"),
    ],
)
def test_what_is_no_policy_is_refused(text: str, message: str) -> None:
    with pytest.raises(Malformed, match=message):
        parse(text)


def test_an_error_names_the_line() -> None:
    with pytest.raises(Malformed, match="policy, line 3:"):
        parse(f"# ours\nlog {LOG}\nlog {LOG}\nquorum none\n")


def test_a_policy_is_bounded() -> None:
    with pytest.raises(Malformed, match="at most"):
        policy.parse(b"#" * (policy.MOST_BYTES + 1))
    with pytest.raises(Malformed, match="at most"):
        policy.parse(b"\n" * (policy.MOST_LINES + 1))


def test_as_many_groups_as_there_may_be_can_be_asked() -> None:
    chain = "".join(f"group g{n} any {'A' if n == 0 else f'g{n - 1}'}\n" for n in range(policy.MOST_GROUPS))
    text = witness("A") + chain + f"quorum g{policy.MOST_GROUPS - 1}\n"
    assert met(text, "A")
    assert not met(text)
    with pytest.raises(Malformed, match="groups"):
        parse(text.replace("quorum", f"group more any g{policy.MOST_GROUPS - 1}\nquorum"))


@given(st.binary(max_size=400) | st.text("logwitnesgrupqum \t\nABCall123#", max_size=200).map(str.encode))
def test_no_bytes_are_trusted_by_accident(data: bytes) -> None:
    try:
        found = policy.parse(data)
    except DisclosureLedgerError:
        return
    assert found.keys or found.quorum
