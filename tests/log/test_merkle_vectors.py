"""The tree of RFC 6962 against public vectors and the golden ledger."""

import base64
import hashlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from disclosure_ledger.errors import ProofFailed
from disclosure_ledger.log import merkle
from disclosure_ledger.log.merkle import leaf_hash, node_hash
from locate import vectors
from trees import LEAVES, reader


def b64(text: str) -> bytes:
    return base64.b64decode(text)


def probes(kind: str) -> list[Path]:
    return sorted((vectors() / "merkle-proofs" / kind).rglob("*.json"))


NOT_32_BYTES = "sizes-are-equal-one-and-proof-is-empty.json"
"""Two upstream probes use roots that are no hashes: a strict verifier refuses them."""


def holds(check: Callable[..., None], *arguments: object) -> bool:
    try:
        check(*arguments)
    except ProofFailed:
        return False
    return True


def test_inclusion_agrees_with_the_public_probes() -> None:
    for path in probes("inclusion"):
        probe = json.loads(path.read_text())
        proof = [b64(item) for item in probe["proof"] or []]
        place = probe["leafIdx"], probe["treeSize"]
        found = holds(merkle.check_inclusion, b64(probe["leafHash"]), *place, proof, b64(probe["root"]))
        assert found is not (probe["wantErr"] or path.name == NOT_32_BYTES), path


def test_consistency_agrees_with_the_public_probes() -> None:
    for path in probes("consistency"):
        probe = json.loads(path.read_text())
        roots = b64(probe["root1"]), b64(probe["root2"])
        proof = [b64(item) for item in probe["proof"] or []]
        found = holds(merkle.check_consistency, probe["size1"], probe["size2"], *roots, proof)
        assert found is not (probe["wantErr"] or path.name == NOT_32_BYTES), path


def test_the_tree_of_rfc_6962_has_its_published_nodes() -> None:
    tree = json.loads((vectors() / "rfc6962-tree/tree.json").read_text())
    leaves = [leaf_hash(bytes.fromhex(item)) for item in tree["leaf_inputs_hex"]]
    levels = [leaves]
    while len(levels[-1]) > 1:
        levels.append([node_hash(a, b) for a, b in zip(levels[-1][::2], levels[-1][1::2], strict=True)])
    assert [[node.hex() for node in level] for level in levels] == tree["node_hashes_by_level_hex"]
    assert [merkle.root(leaves[:size]).hex() for size in range(9)] == tree["root_hashes_by_size_hex"]


def subtrees(most: int) -> Iterator[tuple[int, int]]:
    for end in range(most + 1):
        for start in range(end + 1):
            width = end - start
            if start == 0 or width == 0 or start % (1 << (width - 1).bit_length()) == 0:
                yield start, end


def test_all_subtrees_hash_to_the_accumulated_oracle() -> None:
    oracle = json.loads((vectors() / "rfc6962-tree/accumulated_subtree.json").read_text())["rolling_sha256"]
    rolling = hashlib.sha256()
    for start, end in subtrees(130):
        rolling.update(f"[{start}, {end}) {merkle.root(LEAVES[start:end]).hex()}\n".encode())
    assert rolling.hexdigest() == oracle["subtree_hash"]["sha256"]


def test_all_inclusion_proofs_hash_to_the_accumulated_oracle() -> None:
    oracle = json.loads((vectors() / "rfc6962-tree/accumulated_subtree.json").read_text())["rolling_sha256"]
    nodes: dict[tuple[int, int], bytes] = {(0, index): leaf for index, leaf in enumerate(LEAVES)}
    for level in range(1, 8):
        for index in range(130 >> level):
            nodes[level, index] = node_hash(nodes[level - 1, 2 * index], nodes[level - 1, 2 * index + 1])
    rolling = hashlib.sha256()
    for start, end in subtrees(130):
        for index in range(start, end):
            proof = merkle.prove_inclusion(
                index - start, end - start, lambda level, number, start=start: nodes[level, (start >> level) + number]
            )
            rolling.update(f"{index} [{start}, {end}){''.join(' ' + item.hex() for item in proof)}\n".encode())
    assert rolling.hexdigest() == oracle["subtree_inclusion"]["sha256"]


def golden_log() -> dict[str, Any]:
    return json.loads((vectors() / "format-v1/log.json").read_text())


def test_the_golden_log_has_its_roots_and_proofs() -> None:
    golden = golden_log()
    leaves, roots = [b64(item) for item in golden["leaf_hashes"]], [b64(item) for item in golden["roots"]]
    assert [merkle.root(leaves[:size]) for size in range(len(leaves) + 1)] == roots
    for case in golden["inclusion"]:
        index, size, proof = case["index"], case["size"], [b64(item) for item in case["proof"]]
        assert list(merkle.prove_inclusion(index, size, reader(leaves))) == proof
        merkle.check_inclusion(leaves[index], index, size, proof, roots[size])
    for case in golden["consistency"]:
        old, new, proof = case["old"], case["new"], [b64(item) for item in case["proof"]]
        assert list(merkle.prove_consistency(old, new, reader(leaves))) == proof
        merkle.check_consistency(old, new, roots[old], roots[new], proof)


def test_the_golden_logs_wrong_proofs_are_refused() -> None:
    golden = golden_log()
    for case in golden["refused_inclusion"]:
        proof = [b64(item) for item in case["proof"]]
        with pytest.raises(ProofFailed):
            merkle.check_inclusion(b64(case["leaf"]), case["index"], case["size"], proof, b64(case["root"]))
    for case in golden["refused_consistency"]:
        proof = [b64(item) for item in case["proof"]]
        roots = b64(case["old_root"]), b64(case["new_root"])
        with pytest.raises(ProofFailed):
            merkle.check_consistency(case["old"], case["new"], *roots, proof)
