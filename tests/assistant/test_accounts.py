"""Accounts, passwords, sessions, links and tokens, without a server."""

import stat
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from people import CHEAP, PASSWORD, Office, office

from assistant.accounts.access import WRONG_TEXT, Access
from assistant.accounts.attempts import FIRST_WAIT, LONGEST_WAIT, PER_ADDRESS, PER_NAME, Locked
from assistant.accounts.passwords import OWASP, Passwords, check_password
from assistant.accounts.person import Person, Role, current_person, normal_name
from assistant.accounts.sessions import IDLE, LONGEST
from assistant.accounts.set_up_links import VALID
from assistant.accounts.tables import AccountTables
from assistant.audit.log import Actor
from knowledge_base.audit import AuditAction
from knowledge_base.errors import AccountError, AssistantError, NotAllowed

HERE = "192.0.2.7"
OTHER_PASSWORD = "조례호수공원 한 바퀴"


@pytest.fixture
def people(tmp_path: Path) -> Iterator[Office]:
    made = office(tmp_path)
    yield made
    made.access.tables.close()


# Names, roles and passwords


@pytest.mark.parametrize("name", ["", "  ", "a b", "<script>", "a/b", "가" * 33, "a\nb", "../x", "=1+1", "a\x00"])
def test_impossible_names(people: Office, name: str) -> None:
    with pytest.raises(AccountError, match="이름으로 쓸 수 없습니다"):
        people.add(name, Role.AGENT)


def test_one_person_has_one_spelling(people: Office) -> None:
    people.add(" Ｋim ", Role.AGENT)
    with pytest.raises(AccountError, match="이미 있습니다"):
        people.add("KIM", Role.QA)
    assert people.access.log_in("kIM", PASSWORD, HERE)
    assert normal_name("김상담") == normal_name("김상담")


def test_a_program_is_not_a_person(people: Office) -> None:
    with pytest.raises(AccountError, match="함께 줄 수 없습니다"):
        people.registrar.add("cti", [Role.MACHINE, Role.AGENT])
    with pytest.raises(AccountError, match="토큰을 줍니다"):
        people.registrar.add("cti", [Role.MACHINE], PASSWORD)
    people.add("cti", Role.MACHINE)
    people.add("kim", Role.AGENT)
    for attempt in (
        lambda: people.registrar.reset("cti"),
        lambda: people.registrar.set_roles("cti", [Role.ADMIN]),
        lambda: people.registrar.issue_token("kim"),
        lambda: people.access.log_in("cti", "", HERE),
    ):
        with pytest.raises(AccountError):
            attempt()


@pytest.mark.parametrize(
    "password",
    [
        "",
        "짧은것",
        "123456789",
        "1234567890",
        "QWERTYUIOP",
        "password123",
        "aaaaaaaaaaaa",
        "1212121212",
        "honggildong1",
    ],
)
def test_passwords_too_easy(password: str) -> None:
    with pytest.raises(AccountError):
        check_password(password, "honggildong1")


@pytest.mark.parametrize("password", [PASSWORD, "correct horse battery", "k" * 5 + "12ab!x9"])
def test_passwords_taken(password: str) -> None:
    check_password(password, "kim")


def test_the_cost_is_at_least_what_owasp_asks(people: Office) -> None:
    assert (OWASP.type.name, OWASP.memory_cost >= 19_456, OWASP.time_cost >= 2) == ("ID", True, True)
    people.add("kim", Role.AGENT)
    dear = Access(people.access.tables, people.access.audit, Passwords())
    dear.log_in("kim", PASSWORD, HERE)
    account = people.access.accounts.get("kim")
    assert account.password is not None
    assert account.password.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert account.password not in repr(account)


def test_hangul_from_any_keyboard_is_the_same_password(people: Office) -> None:
    import unicodedata

    people.add("kim", Role.AGENT)
    assert people.access.log_in("kim", unicodedata.normalize("NFD", PASSWORD), HERE)


# Logging in


def test_whoever_is_refused_is_refused_alike(people: Office) -> None:
    people.add("kim", Role.AGENT)
    people.add("lee", Role.AGENT)
    people.registrar.add("new", [Role.AGENT])
    people.registrar.disable("lee")
    for name, password in (("kim", "wrong"), ("lee", PASSWORD), ("nobody", PASSWORD), ("new", ""), ("", "")):
        with pytest.raises(AccountError) as refused:
            people.access.log_in(name, password, HERE)
        assert str(refused.value) == WRONG_TEXT


def test_a_password_taken_away_while_it_is_being_checked_does_not_come_back(people: Office) -> None:
    people.add("kim", Role.AGENT)

    class Slow(Passwords):
        """An administrator takes the password away while it is being compared."""

        def matches(self, password: str, stored: str | None) -> bool:
            is_right = super().matches(password, stored)
            people.registrar.reset("kim")
            return is_right

    access = Access(people.access.tables, people.access.audit, Slow(CHEAP))
    for attempt in (
        lambda: access.log_in("kim", PASSWORD, HERE),
        lambda: access.change_password(PASSWORD, OTHER_PASSWORD, Actor("kim", HERE)),
    ):
        people.access.accounts.set_password("kim", people.access.passwords.hashed(PASSWORD))
        with pytest.raises(AccountError):
            attempt()
        assert people.access.accounts.get("kim").password is None
        assert people.actions()[-1] == (AuditAction.LOG_IN_FAILED, "kim")


def test_unknown_names_cost_a_hash_too(people: Office) -> None:
    hashed = []

    class Counting(Passwords):
        def matches(self, password: str, stored: str | None) -> bool:
            hashed.append(stored)
            return super().matches(password, stored)

    access = Access(people.access.tables, people.access.audit, Counting())
    with pytest.raises(AccountError):
        access.log_in("nobody", PASSWORD, HERE)
    assert hashed == [None]


@pytest.mark.parametrize("name", ["kim", "nobody"])
def test_a_name_is_shut_after_five_failures_and_longer_each_time(people: Office, name: str) -> None:
    people.add("kim", Role.AGENT)
    waits = []
    for attempt in range(PER_NAME + 6):
        with pytest.raises(AccountError) as refused:
            people.access.log_in(name, "wrong", f"192.0.2.{attempt}")
        assert not isinstance(refused.value, Locked)
        if attempt >= PER_NAME - 1:
            with pytest.raises(Locked) as locked:
                people.access.log_in(name, PASSWORD, "198.51.100.1")
            waits.append(locked.value.seconds)
            people.clock.now += locked.value.seconds
    assert waits == [FIRST_WAIT, FIRST_WAIT * 2, FIRST_WAIT * 4, FIRST_WAIT * 8, *[LONGEST_WAIT] * 3]


def test_the_right_password_clears_the_count(people: Office) -> None:
    people.add("kim", Role.AGENT)
    for _ in range(3):
        for _ in range(PER_NAME - 1):
            with pytest.raises(AccountError):
                people.access.log_in("kim", "wrong", HERE)
        assert people.access.log_in("kim", PASSWORD, HERE)


def test_an_administrator_lets_a_locked_person_in(people: Office) -> None:
    people.add("kim", Role.AGENT)
    for _ in range(PER_NAME):
        with pytest.raises(AccountError):
            people.access.log_in("kim", "wrong", HERE)
    link = people.registrar.reset("kim")
    assert people.access.set_up(link, "", OTHER_PASSWORD, HERE)
    assert people.access.log_in("kim", OTHER_PASSWORD, HERE)


def test_an_address_that_tries_many_names_is_shut_for_all_of_them(people: Office) -> None:
    people.add("kim", Role.AGENT)
    for number in range(PER_ADDRESS):
        with pytest.raises(AccountError):
            people.access.log_in(f"name{number}", "wrong", HERE)
    with pytest.raises(Locked):
        people.access.log_in("kim", PASSWORD, HERE)
    assert people.access.log_in("kim", PASSWORD, "192.0.2.8")
    locked = [row for row in people.audited() if row.action == "log-in-locked"]
    assert [row.address for row in locked] == [HERE]


def test_many_guesses_at_once_are_counted_one_by_one(people: Office) -> None:
    people.add("kim", Role.AGENT)
    refused: list[str] = []

    def guess() -> None:
        try:
            people.access.log_in("kim", "wrong", HERE)
        except AccountError as error:
            refused.append(type(error).__name__)

    threads = [threading.Thread(target=guess) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(refused) == ["AccountError"] * PER_NAME + ["Locked"] * (20 - PER_NAME)


# Sessions


def test_a_session_ends_when_nobody_uses_it(people: Office) -> None:
    people.add("kim", Role.AGENT)
    token = people.access.log_in("kim", PASSWORD, HERE)
    for _ in range(3):
        people.clock.now += IDLE - 1
        assert people.access.sessions.person(token) == Person("kim", frozenset({Role.AGENT}))
    people.clock.now += IDLE
    assert people.access.sessions.person(token) is None


def test_a_session_ends_after_a_shift_however_much_it_is_used(people: Office) -> None:
    people.add("kim", Role.AGENT)
    token = people.access.log_in("kim", PASSWORD, HERE)
    for _ in range(LONGEST // 1800 - 1):
        people.clock.now += 1800
        assert people.access.sessions.person(token)
    people.clock.now += 1800
    assert people.access.sessions.person(token) is None


def test_whoever_is_disabled_is_out_at_once_and_not_back_in_later(people: Office) -> None:
    people.add("kim", Role.AGENT)
    tokens = [people.access.log_in("kim", PASSWORD, HERE) for _ in range(2)]
    people.registrar.disable("kim")
    assert [people.access.sessions.person(token) for token in tokens] == [None, None]
    people.registrar.enable("kim")
    assert [people.access.sessions.person(token) for token in tokens] == [None, None]
    assert people.access.log_in("kim", PASSWORD, HERE)


def test_a_new_password_ends_every_other_session(people: Office) -> None:
    people.add("kim", Role.AGENT)
    old = people.access.log_in("kim", PASSWORD, HERE)
    with pytest.raises(AccountError):
        people.access.change_password("wrong", OTHER_PASSWORD, Actor("kim", HERE))
    assert people.access.sessions.person(old)
    new = people.access.change_password(PASSWORD, OTHER_PASSWORD, Actor("kim", HERE))
    assert people.access.sessions.person(old) is None
    assert people.access.sessions.person(new)
    with pytest.raises(AccountError):
        people.access.log_in("kim", PASSWORD, HERE)


def test_other_roles_count_at_once(people: Office) -> None:
    people.add("kim", Role.AGENT)
    token = people.access.log_in("kim", PASSWORD, HERE)
    people.registrar.set_roles("kim", [Role.QA, Role.ADMIN])
    person = people.access.sessions.person(token)
    assert person is not None
    assert person.roles == {Role.QA, Role.ADMIN}


# Links and tokens


def test_the_first_link_makes_one_administrator(people: Office) -> None:
    older, link = people.access.links.issue(None), people.access.links.issue(None)
    with pytest.raises(AccountError, match="쓸 수 없는 링크"):
        people.access.set_up(older, "kim", PASSWORD, HERE)
    for name, password in (("kim lee", PASSWORD), ("kim", "short"), ("", PASSWORD)):
        with pytest.raises(AccountError):  # a slip does not use the link up
            people.access.set_up(link, name, password, HERE)
    token = people.access.set_up(link, "Kim", PASSWORD, HERE)
    assert people.access.sessions.person(token) == Person("kim", frozenset(Role) - {Role.MACHINE})
    with pytest.raises(AccountError, match="쓸 수 없는 링크"):
        people.access.set_up(link, "lee", PASSWORD, HERE)
    assert people.actions() == [("set-up", "kim")]


def test_the_first_link_is_void_once_somebody_has_an_account(people: Office) -> None:
    link = people.access.links.issue(None)
    people.add("kim", Role.ADMIN)
    with pytest.raises(AccountError):
        people.access.set_up(link, "lee", PASSWORD, HERE)


def test_two_at_one_link_make_one_account(people: Office) -> None:
    link = people.access.links.issue(None)
    start = threading.Barrier(4)
    outcomes: list[bool] = []

    def use(name: str) -> None:
        start.wait()
        try:
            outcomes.append(bool(people.access.set_up(link, name, PASSWORD, HERE)))
        except AccountError:
            outcomes.append(False)

    threads = [threading.Thread(target=use, args=(f"name{number}",)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == [False, False, False, True]
    assert len(people.access.accounts.all()) == 1


def test_a_link_lasts_a_day(people: Office) -> None:
    link = people.registrar.add("kim", [Role.AGENT])
    people.clock.now += VALID - 1
    assert people.access.links.name(link) == "kim"
    people.clock.now += 1
    with pytest.raises(AccountError):
        people.access.set_up(link, "", PASSWORD, HERE)


def test_a_link_does_not_bring_a_disabled_person_back(people: Office) -> None:
    link = people.registrar.add("kim", [Role.AGENT])
    people.registrar.disable("kim")
    with pytest.raises(AccountError):
        people.access.set_up(link, "", PASSWORD, HERE)
    with pytest.raises(AccountError, match="enable"):
        people.registrar.reset("kim")


def test_a_machine_token_lives_until_it_is_replaced_revoked_or_disabled(people: Office) -> None:
    first = people.registrar.add("cti", [Role.MACHINE])
    assert people.access.tokens.person(first) == Person("cti", frozenset({Role.MACHINE}))
    second = people.registrar.issue_token("cti")
    assert people.access.tokens.person(first) is None
    people.registrar.disable("cti")
    assert people.access.tokens.person(second) is None
    people.registrar.enable("cti")
    assert people.access.tokens.person(second)
    people.registrar.revoke_token("cti")
    assert people.access.tokens.person(second) is None
    with pytest.raises(AccountError, match="거둘 토큰"):
        people.registrar.revoke_token("cti")


# What is kept


def test_no_secret_is_kept_in_the_clear(people: Office) -> None:
    link = people.access.links.issue(None)
    session = people.access.set_up(link, "kim", PASSWORD, HERE)
    other_link, token = people.registrar.add("lee", [Role.AGENT]), people.registrar.add("cti", [Role.MACHINE])
    mistyped = "비밀번호를 이름칸에"
    with pytest.raises(AccountError):
        people.access.log_in(mistyped, "x", HERE)
    stored = people.stored()
    for secret in (PASSWORD, link, session, other_link, token, token.removeprefix("onnuri_"), mistyped):
        assert secret.encode() not in stored
    assert b"kim" in stored


def test_only_the_owner_can_read_the_file(people: Office) -> None:
    people.add("kim", Role.AGENT)
    assert stat.S_IMODE((people.folder / "accounts.db").stat().st_mode) == 0o600


def test_what_cannot_be_audited_is_not_done(people: Office) -> None:
    people.add("kim", Role.AGENT)
    journal = people.folder / "journal.db"
    journal.unlink()
    journal.mkdir()
    for change in (
        lambda: people.add("lee", Role.AGENT),
        lambda: people.registrar.disable("kim"),
        lambda: people.access.log_in("kim", PASSWORD, HERE),
    ):
        with pytest.raises(AssistantError, match="감사 기록"):
            change()
    [account] = people.access.accounts.all()
    assert (account.person.name, account.disabled, account.seen) == ("kim", None, None)


def test_a_broken_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "accounts.db").write_bytes(b"no database" * 100)
    with closing(AccountTables(tmp_path / "accounts.db")) as file, pytest.raises(AssistantError, match=r"accounts\.db"):
        Access(file, office(tmp_path).access.audit, Passwords()).accounts.all()


def test_handlers_learn_who_is_calling() -> None:
    class State:
        person = Person("kim", frozenset({Role.AGENT}))

    class Request:
        state = State()

    assert current_person(Request()).name == "kim"
    assert current_person(Request(), Role.ADMIN, Role.AGENT).name == "kim"
    with pytest.raises(NotAllowed, match="지식 관리자 권한"):
        current_person(Request(), Role.ADMIN)
    Request.state = object()  # type: ignore[assignment]
    with pytest.raises(NotAllowed, match="로그인"):
        current_person(Request())
