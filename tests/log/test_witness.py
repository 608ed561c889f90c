"""A witness: the published requests and the race, what it refuses, and that it remembers before it answers."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from disclosure_ledger.errors import Malformed, ProofFailed, UnknownVersion
from disclosure_ledger.log import checkpoint, merkle, witness
from disclosure_ledger.log.checkpoint import Checkpoint
from disclosure_ledger.log.note import COSIGNATURE, ED25519, MLDSA44, VerifierKey
from disclosure_ledger.log.witness import Refusal, State, Watched
from golden_log import SeedSigner, b64, folder, golden, keys, signer_from_seed, signers
from locate import vectors

WITNESS = signer_from_seed("board.example/w", COSIGNATURE, b"w" * 32)
NOW = 1_800_000_000


class Memory:
    """A witness's state as a file would keep it."""

    def __init__(self, state: State) -> None:
        self.kept = [witness.format_state(state)]

    @property
    def state(self) -> State:
        return witness.parse_state(self.kept[-1])

    def ask(self, raw: bytes, signer: SeedSigner = WITNESS, time: int = NOW) -> bytes:
        return witness.answer(
            raw,
            state=self.state,
            keep=lambda state: self.kept.append(witness.format_state(state)),
            signer=signer,
            time=time,
        )

    def status(self, raw: bytes, signer: SeedSigner = WITNESS) -> int:
        before = len(self.kept)
        try:
            self.ask(raw, signer)
        except Refusal as refused:
            assert len(self.kept) == before, "a refusal changes nothing"
            return refused.status
        return 200


def published() -> Any:
    return json.loads((vectors() / "tlog-witness" / "add_checkpoint.json").read_text())


def published_witness() -> tuple[Memory, SeedSigner]:
    case = published()
    signer = signer_from_seed(case["witness_name"], COSIGNATURE, bytes.fromhex(case["witness_ed25519_seed_hex"]))
    origin = case["steps"][0]["body"].split("\n")[2]
    log = VerifierKey(name=origin, kind=ED25519, public=bytes.fromhex(case["log_ed25519_pub_hex"]))
    return Memory(State(name=signer.name, logs=()).watching([log])), signer


def test_the_published_requests_are_answered_as_the_specification_says() -> None:
    memory, signer = published_witness()
    for step in published()["steps"]:
        assert memory.status(step["body"].encode(), signer) == step["status_spec"], step.get("why")


def test_the_slower_of_two_requests_is_refused_and_rolls_nothing_back() -> None:
    memory, signer = published_witness()
    race = published()["race"]
    memory.ask(published()["steps"][0]["body"].encode(), signer)
    memory.ask(race["fast"].encode(), signer)
    with pytest.raises(Refusal) as refused:
        memory.ask(race["slow"].encode(), signer)
    assert (refused.value.status, refused.value.size) == (409, race["final_size"])
    assert memory.state.logs[0].size == race["final_size"]


def note(size: int) -> bytes:
    return (folder() / f"checkpoints/{size}.note").read_bytes()


def proof(old: int, new: int) -> tuple[bytes, ...]:
    leaves = [b64(one) for one in golden("log.json")["leaf_hashes"]]
    return merkle.prove_consistency(old, new, lambda level, at: merkle.root(leaves[at << level : (at + 1) << level]))


def watching(*roles: str) -> Memory:
    return Memory(State(name=WITNESS.name, logs=()).watching([keys()[role] for role in roles]))


def at_16() -> Memory:
    memory = watching("log-1", "log-1-mldsa")
    memory.ask(witness.format_request(0, (), note(16)))
    return memory


def test_the_golden_ledger_is_followed_through_its_rotation() -> None:
    memory = at_16()
    line = memory.ask(witness.format_request(16, proof(16, 27), note(27)))
    assert checkpoint.verify_cosignature(checkpoint.parse(note(27) + line), WITNESS.key) == NOW
    request = witness.format_request(27, proof(27, 32), note(32))
    assert memory.status(request) == 403
    trusted = Memory(memory.state.watching([keys()["log-2"], keys()["log-2-mldsa"]]))
    assert trusted.status(request) == 200
    assert trusted.state.logs[0].size == 32


def test_the_golden_cosignature_is_made_to_the_byte() -> None:
    witnessed = (folder() / "checkpoints/32-witnessed.note").read_bytes()
    time = checkpoint.verify_cosignature(checkpoint.parse(witnessed), keys()["witness"])
    signer = signers()["witness"]
    memory = Memory(State(name=signer.name, logs=()).watching([keys()["log-2"], keys()["log-2-mldsa"]]))
    assert note(32) + memory.ask(witness.format_request(0, (), note(32)), signer, time) == witnessed


def test_it_remembers_before_it_answers() -> None:
    memory = at_16()

    def fails(state: State) -> None:
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        witness.answer(
            witness.format_request(16, proof(16, 27), note(27)),
            state=memory.state,
            keep=fails,
            signer=WITNESS,
            time=NOW,
        )
    assert memory.state.logs[0].size == 16


def test_the_same_checkpoint_is_cosigned_again() -> None:
    memory = at_16()
    assert memory.status(witness.format_request(16, (), note(16))) == 200


def signed(size: int, root: bytes, log: str = "log-1", mldsa: bool = True) -> bytes:
    named = Checkpoint(origin=keys()[log].name, size=size, root=root)
    raw = checkpoint.sign(named, signers()[log])
    return checkpoint.add_mldsa(raw, signers()[f"{log}-mldsa"], 5) if mldsa else raw


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (witness.format_request(16, (), signed(16, bytes(32))), 422),
        (witness.format_request(16, (bytes(32),), note(16)), 422),
        (witness.format_request(16, (), note(27)), 422),
        (witness.format_request(16, proof(8, 27), note(27)), 422),
        (witness.format_request(16, proof(16, 27), signed(27, bytes(32))), 422),
        (witness.format_request(8, proof(8, 27), note(27)), 409),
        (witness.format_request(0, (), note(27)), 409),
        (witness.format_request(28, (), note(27)), 400),
        (witness.format_request(16, (), note(8)), 400),
        (witness.format_request(8, (), note(8)), 409),
        (witness.format_request(16, proof(16, 27), signed(27, bytes(32), mldsa=False)), 403),
        (witness.format_request(16, proof(16, 27), signed(27, bytes(32), log="log-2")), 403),
        (witness.format_request(16, proof(16, 27), note(27).replace(b"/disclosures\n", b"/other\n", 1)), 404),
        (b"old 16\n" + b"AAAA\n" + b"\n" + note(27), 400),
        (b"old 016\n\n" + note(27), 400),
        (b"old -1\n\n" + note(27), 400),
        (b"old 16\r\n\n" + note(27), 400),
        (b"old 16\n", 400),
        (note(27), 400),
        (b"", 400),
    ],
)
def test_what_may_not_be_cosigned_is_refused_with_its_number(request_: bytes, status: int) -> None:
    assert at_16().status(request_) == status


def test_a_line_of_a_trusted_key_that_does_not_verify_is_refused() -> None:
    good = note(27)
    at = good.index(b"oakstreet.example/disclosures bGUz") + 45
    changed = good[:at] + (b"A" if good[at : at + 1] != b"A" else b"B") + good[at + 1 :]
    assert at_16().status(witness.format_request(16, proof(16, 27), changed)) == 403


def test_a_proof_from_nothing_is_empty_and_an_empty_tree_has_its_root() -> None:
    fresh = watching("log-1", "log-1-mldsa")
    assert fresh.status(witness.format_request(0, (bytes(32),), note(16))) == 422
    assert fresh.status(witness.format_request(0, (), signed(0, bytes(32)))) == 422
    assert fresh.status(witness.format_request(0, (), signed(0, merkle.EMPTY_ROOT))) == 200
    assert fresh.status(witness.format_request(0, (), note(16))) == 200


def test_more_hashes_than_the_specification_allows_are_refused() -> None:
    assert at_16().status(witness.format_request(16, (bytes(32),) * 64, note(27))) == 400


def test_every_changed_hash_of_a_proof_is_refused() -> None:
    hashes = proof(16, 27)
    for place in range(len(hashes)):
        changed = (*hashes[:place], bytes(32), *hashes[place + 1 :])
        assert at_16().status(witness.format_request(16, changed, note(27))) == 422
        assert at_16().status(witness.format_request(16, hashes[:place], note(27))) == 422


def test_another_key_than_the_witnesss_own_is_an_error_of_the_caller() -> None:
    memory, request = at_16(), witness.format_request(16, proof(16, 27), note(27))
    other = signer_from_seed("other.example/w", COSIGNATURE, b"o" * 32)
    for signer in (other, signers()["log-1"]):
        with pytest.raises(ValueError, match="own key"):
            memory.ask(request, signer)
    assert len(memory.kept) == 2


def test_a_witness_may_cosign_by_mldsa() -> None:
    signer = signer_from_seed(WITNESS.name, MLDSA44, b"m" * 32)
    memory = at_16()
    line = memory.ask(witness.format_request(16, proof(16, 27), note(27)), signer)
    assert checkpoint.verify_cosignature(checkpoint.parse(note(27) + line), signer.key) == NOW


def test_a_line_counts_for_nobody_else_and_for_no_other_checkpoint() -> None:
    line = at_16().ask(witness.format_request(16, proof(16, 27), note(27)))
    other = signer_from_seed("x.example/w", COSIGNATURE, b"x" * 32).key
    for size, key in ((27, other), (16, WITNESS.key)):
        with pytest.raises(ProofFailed):
            checkpoint.verify_cosignature(checkpoint.parse(note(size) + line), key)


def test_the_state_has_one_spelling() -> None:
    data = at_16().kept[-1]
    assert witness.format_state(witness.parse_state(data)) == data
    with pytest.raises(Malformed):
        witness.parse_state(data + b"\n")


def _edited(data: bytes, **changed: Any) -> bytes:
    value = {**json.loads(data), **changed}
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def test_a_state_that_makes_no_sense_is_refused() -> None:
    data = at_16().kept[-1]
    log = json.loads(data)["logs"][0]
    for logs in (
        [log, log],
        [{**log, "keys": []}],
        [{**log, "keys": [WITNESS.key.vkey()]}],
        [{**log, "origin": "elm.example/d"}],
        [{**log, "checkpoint": "no note"}],
        [{**log, "checkpoint": log["checkpoint"].replace("oakstreet", "elmstreet", 1)}],
        [{**log, "checkpoint": 5}],
        [{**log, "more": 1}],
        [{**log, "keys": [5]}],
        [{**log, "keys": log["keys"][0]}],
        [{**log, "origin": 5}],
        ["log"],
        "logs",
    ):
        with pytest.raises(Malformed):
            witness.parse_state(_edited(data, logs=logs))
    with pytest.raises(Malformed):
        witness.parse_state(_edited(data, name=5))
    with pytest.raises(UnknownVersion):
        witness.parse_state(_edited(data, format="disclosure-ledger/witness/v2"))
    with pytest.raises(Malformed):
        witness.parse_state(_edited(data, format="disclosure-ledger/state/v1"))
    with pytest.raises(Malformed):
        witness.parse_state(bytes(witness.MOST_STATE + 1))


def test_a_log_is_watched_by_its_own_keys() -> None:
    with pytest.raises(Malformed):
        Watched(origin="elm.example/d", keys=(keys()["log-1"],))
    log = replace(at_16().state.logs[0], keys=(keys()["log-1"],))
    assert log.size == 16


@given(st.binary(max_size=300) | st.binary(max_size=80).map(lambda end: b"old 16\n" + end + note(27)))
def test_no_bytes_are_cosigned_by_accident(data: bytes) -> None:
    assert at_16().status(data) != 200
