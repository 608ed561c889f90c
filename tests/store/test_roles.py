"""The role that records on PostgreSQL can do all that the ledger needs, and can change no entry."""

import contextlib
import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from command import PASSPHRASE, Desk
from disclosure_ledger import erasing
from disclosure_ledger.errors import NotFound, Refused
from disclosure_ledger.hipaa.accounting import Practice as Letterhead
from disclosure_ledger.practice.drawing import Asked
from disclosure_ledger.store import roles
from disclosure_ledger.store.schema import metadata
from disclosure_ledger.store.sql import Store
from fictions import disclosure
from hands import Hands
from ledgers import PRACTICE, START, Practice, clock, from_objects, place_on, seven_years

LETTERHEAD = Letterhead(name=PRACTICE, address="12 Pier Road", contact="555-0100")
LONG_AGO = START - dt.timedelta(days=8 * 365)
ODD = """front "desk"; 50% DROP TABLE entries --"""


def quoted(role: str) -> str:
    return '"' + role.replace('"', '""') + '"'


@pytest.fixture
def owned(tmp_path: Path) -> Practice:
    """A ledger as its owner sees it."""
    return Practice(place_on("postgresql", tmp_path), tmp_path).create(clock(LONG_AGO))


@pytest.fixture
def hands(owned: Practice) -> Iterator[Hands]:
    with contextlib.closing(Hands(owned.place)) as made:
        yield made


@pytest.fixture
def role(hands: Hands) -> Iterator[str]:
    """A role of a name that asks for quotes, made for one test: roles belong to the whole server."""
    hands.run(f"CREATE ROLE {quoted(ODD)} LOGIN")
    yield ODD
    hands.run(f"DROP OWNED BY {quoted(ODD)}")
    hands.run(f"DROP ROLE {quoted(ODD)}")


@pytest.fixture
def worked(owned: Practice, role: str) -> Practice:
    """The same ledger as the role sees it."""
    roles.grant(owned.place, role)
    place = make_url(owned.place).set(username=role).render_as_string(hide_password=False)
    return Practice(place, owned.folder)


def test_the_role_records_seals_accounts_and_verifies(worked: Practice) -> None:
    with contextlib.closing(worked.open()) as ledger:
        ledger.record_all(from_objects(seven_years()))
        asked = Asked(client="C-1001", request="R-1", as_of=dt.date(2026, 11, 24))
        ledger.account(asked, practice=LETTERHEAD, render=lambda *_: b"a document")
        ledger.seal()
        ledger.checkpoint()
    assert worked.assert_whole() > 300


def test_the_role_runs_every_command_that_writes(owned: Practice, worked: Practice) -> None:
    worked.save_keys(PASSPHRASE)
    desk = Desk(worked.folder)
    desk.environment |= {"DISCLOSURE_LEDGER": worked.place, "DISCLOSURE_LEDGER_KEYS": "disclosures.keys"}
    desk.ok("keys", "add-recorder", "front-desk")
    desk.ok("record", "--input", "-", "--by", "front-desk", "--receipt", "r", stdin=json.dumps(disclosure()))
    desk.ok("keys", "rotate")
    desk.ok("keys", "revoke", "front-desk")
    desk.ok("seal")
    desk.ok("export", "audit", "package.zip")
    desk.ok("erase", "--reason", "retention ended", "--authority", "privacy officer")
    assert desk.ok("verify", "--full").out.startswith("VERIFIED")
    looked = desk("doctor", "--json").json
    assert {one["what"] for one in looked if one["state"] != "ok"} == {"settings"}  # which `init` would have written


def test_the_role_erases_and_leaves_no_copy(worked: Practice) -> None:
    with contextlib.closing(worked.open(now=clock(LONG_AGO))) as ledger:
        ledger.record_all(from_objects([disclosure(disclosed_on="2018-02-03", evidence=None)]))
    with contextlib.closing(worked.open("eraser")) as ledger:
        before = ledger.secrets
        new = erasing.with_new_vault_key(before, bytes(32))
        planned, made = erasing.erase(
            ledger,
            lambda opener: erasing.plan(opener, "C-1001", today=START.date()),
            reason="retention ended",
            authority="privacy officer",
            secrets=new,
        )
        assert (len(planned.entries), len(made)) == (2, 1)
        assert ledger.notices == []


def test_the_role_rewrites_what_an_erasure_empties(worked: Practice) -> None:
    with contextlib.closing(Store.open(worked.place)) as store:
        store.compact()


def test_the_role_begins_a_further_ledger_in_the_database(worked: Practice) -> None:
    assert Practice(worked.place, worked.folder, "alder.example/disclosures").create().assert_whole() == 1


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entries SET kind = 'hold'",
        "DELETE FROM entries",
        "TRUNCATE entries CASCADE",
        "ALTER TABLE entries DISABLE TRIGGER entries_keep_rows",
        "ALTER TABLE entries DISABLE TRIGGER ALL",
        "DROP TRIGGER entries_keep_rows ON entries",
        "DROP TABLE entries CASCADE",
        "DROP FUNCTION entries_keep() CASCADE",
        "CREATE OR REPLACE FUNCTION entries_keep() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$",
        "CREATE RULE hide AS ON INSERT TO entries DO INSTEAD NOTHING",
        "SET session_replication_role = replica",
        "UPDATE checkpoints SET note = ''",
        "DELETE FROM checkpoints",
        "DELETE FROM ledgers",
        "UPDATE disclosure_ledger_schema SET version = 2",
    ],
)
def test_the_role_is_refused_whatever_changes_an_entry(owned: Practice, worked: Practice, statement: str) -> None:
    with contextlib.closing(worked.open()) as ledger:
        ledger.record_all(from_objects([disclosure()]))
    plain = make_url(owned.place).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, user=ODD, autocommit=True) as connection:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(statement)
        (name,) = connection.execute("SELECT current_user").fetchone() or ("",)
        assert name == ODD
    assert worked.assert_whole() == 3


def test_every_table_has_its_rights() -> None:
    assert set(roles.RIGHTS) == set(metadata.tables)
    assert roles.RIGHTS["entries"] == ("SELECT", "INSERT")


def test_rights_that_the_role_had_before_are_taken(owned: Practice, hands: Hands, role: str) -> None:
    hands.run(f"GRANT ALL ON ALL TABLES IN SCHEMA public TO {quoted(role)}, PUBLIC")
    roles.grant(owned.place, role)
    found = hands.ask(
        """SELECT table_name, privilege_type FROM information_schema.role_table_grants
        WHERE grantee IN (?, 'PUBLIC') AND table_schema = 'public' AND privilege_type <> 'MAINTAIN'""",
        role,
    )
    assert set(found) == {(table, right) for table, rights in roles.RIGHTS.items() for right in rights}


def test_a_role_that_can_change_entries_by_another_is_refused(owned: Practice, hands: Hands, role: str) -> None:
    hands.run("DROP ROLE IF EXISTS ledger_editors")
    hands.run("CREATE ROLE ledger_editors")
    hands.run("GRANT UPDATE ON entries TO ledger_editors")
    hands.run(f"GRANT ledger_editors TO {quoted(role)}")
    try:
        with pytest.raises(Refused, match="UPDATE on entries through another role"):
            roles.grant(owned.place, role)
        assert hands.ask("SELECT has_table_privilege(?, 'entries', 'INSERT')", role) == [(False,)]
    finally:
        hands.run("DROP OWNED BY ledger_editors")
        hands.run("DROP ROLE ledger_editors")


def test_a_superuser_is_refused(owned: Practice) -> None:
    with pytest.raises(Refused, match="superuser"):
        roles.grant(owned.place, "postgres")


def test_who_may_act_as_the_owner_is_refused(owned: Practice, hands: Hands, role: str) -> None:
    for table in metadata.tables:
        hands.run(f"ALTER TABLE {table} OWNER TO {quoted(role)}")
    with pytest.raises(Refused, match="owns the tables"):
        roles.grant(owned.place, role)


def test_who_does_not_own_the_tables_cannot_grant(worked: Practice) -> None:
    with pytest.raises(Refused, match="only the role that owns the tables"):
        roles.grant(worked.place, ODD)


@pytest.mark.parametrize("name", ["nobody_of_this_name", "", "x" * 64, ODD.upper()])
def test_a_role_that_is_not_there_is_not_made(owned: Practice, name: str) -> None:
    with pytest.raises(NotFound):
        roles.grant(owned.place, name)


def test_the_command_says_what_it_granted(owned: Practice, role: str, tmp_path: Path) -> None:
    desk = Desk(tmp_path, passphrase=None)
    done = desk.ok("grant", role, "--ledger", owned.place)
    assert [line.split() for line in done.out.splitlines() if line.startswith("entries")] == [
        ["entries", "SELECT,", "INSERT"]
    ]
    done = desk.ok("grant", role, "--ledger", owned.place, "--json")
    assert json.loads(done.out)["rights"]["entries"] == ["SELECT", "INSERT"]


def test_the_command_refuses_sqlite_and_changes_nothing(tmp_path: Path) -> None:
    practice = Practice(place_on("sqlite", tmp_path), tmp_path).create()
    practice.save_keys(PASSPHRASE)
    before = Path(practice.place).read_bytes()
    done = Desk(tmp_path)("grant", "front_desk", "--ledger", practice.place)
    assert (done.exit, done.out) == (1, "")
    assert "SQLite has no roles" in done.err
    assert Path(practice.place).read_bytes() == before
