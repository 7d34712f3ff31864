import logging
from datetime import timedelta
from types import SimpleNamespace

import pytest
import running

from evidence.errors import ConflictError, StorageError, UnacceptableError, WeakPasswordError
from evidence.service.keys import sha256_of
from evidence.service.people import People
from evidence.service.sessions import NotSignedIn, SignedIn, csrf_token_of, session_of, sign_in
from evidence.service.staff import choose_password, invite, make_first_owner, reset_password

OWN = "nine cards in a wooden box"
HERE = "192.0.2.1"


@pytest.fixture
def people(tmp_path):
    nobody = SimpleNamespace(count=1)  # no photo is read here
    service = running.open_service(tmp_path / "home", nobody)
    yield People.of(service, running.CHEAP)
    service.registry.close()


@pytest.fixture
def owner(people):
    facts = {"name": "Ada Lovelace", "sign_in_name": "Ada", "password": OWN}
    return make_first_owner(people, people.set_up_code, address="127.0.0.1", **facts)


@pytest.fixture
def put_on(people):
    def put_on(**time):
        people.service.now.now += timedelta(**time)

    return put_on


def test_the_first_owner_is_made_with_the_code_and_once(people):
    facts = {"name": "Ada", "sign_in_name": "ada", "password": OWN}
    for wrong in ("", "wrong", "ｗｒｏｎｇ"):
        with pytest.raises(UnacceptableError, match="not the set-up code"):
            make_first_owner(people, wrong, address="127.0.0.1", **facts)
    code = people.set_up_code
    with pytest.raises(WeakPasswordError):
        make_first_owner(people, code, address="127.0.0.1", **facts | {"password": "ada"})
    owner = make_first_owner(people, code, address="127.0.0.1", **facts)
    assert (owner.role, owner.one_time, owner.active) == ("owner", False, True)
    with pytest.raises(ConflictError, match="an owner already"):
        make_first_owner(
            people, code, address="127.0.0.1", **facts | {"name": "Eve", "sign_in_name": "eve"}
        )
    assert People.of(people.service, running.CHEAP).set_up_code is None


def test_each_start_has_a_code_of_its_own(people):
    other = People.of(people.service, running.CHEAP)
    assert other.set_up_code != people.set_up_code
    assert len(people.set_up_code) >= 22  # 128 random bits


def test_the_code_of_one_process_is_good_in_another_until_there_is_an_owner(people, tmp_path):
    facts = {"name": "Ada", "sign_in_name": "ada", "password": OWN, "address": "127.0.0.1"}
    code = People.of(people.service, running.CHEAP).set_up_code
    make_first_owner(people, code, **facts)
    assert not people.service.registry.knows_set_up_code(sha256_of(code))


@pytest.mark.parametrize("name", ["operator", "First", "COMMAND  line", "ｅｖｉｄｅｎｃｅ"])
def test_nobody_is_named_like_a_program_in_the_history(people, owner, name):
    with pytest.raises(UnacceptableError, match="stands for a program"):
        invite(people, name=name, sign_in_name="x", role="support", actor="Ada")


def test_what_is_wrong_cannot_be_told_from_outside(people, owner, put_on):
    invited = invite(people, name="Ben", sign_in_name="ben", role="support", actor="Ada")
    late = invite(people, name="Cy", sign_in_name="cy", role="support", actor="Ada")
    people.service.registry.change_staff(2, role=None, active=False, actor="Ada", at=running.NOW)
    put_on(days=7, seconds=1)
    tried = [("nobody", OWN), ("ada", "wrong"), ("ben", invited.password), ("cy", late.password)]
    assert [sign_in(people, name, word, address=HERE) for name, word in tried] == [
        NotSignedIn(0)
    ] * 4


def test_a_one_time_password_waits_for_seven_days(people, owner, put_on):
    invited = invite(people, name="Ben", sign_in_name="ben", role="support", actor="Ada")
    put_on(days=7)
    assert isinstance(sign_in(people, "BEN", invited.password, address=HERE), SignedIn)


def test_a_password_of_ones_own_waits_for_ever(people, owner, put_on):
    put_on(days=400)
    assert isinstance(sign_in(people, "ada", OWN, address=HERE), SignedIn)


def test_a_session_ends_without_requests(people, owner, put_on):
    token = sign_in(people, "ada", OWN, address=HERE).token
    for _ in range(3):  # used now and then, it goes on
        put_on(minutes=60)
        assert session_of(people, token).staff == owner
    put_on(minutes=60, seconds=1)
    assert session_of(people, token) is None


def test_a_session_ends_after_a_working_day_however_much_it_is_used(people, owner, put_on):
    token = sign_in(people, "ada", OWN, address=HERE).token
    for _ in range(24):
        put_on(minutes=30)
        assert session_of(people, token) is not None
    put_on(seconds=1)
    assert session_of(people, token) is None


def test_a_full_disk_signs_nobody_out(people, owner, put_on, monkeypatch):
    token = sign_in(people, "ada", OWN, address=HERE).token
    put_on(minutes=2)

    def fail(*_):
        raise StorageError("no room")

    monkeypatch.setattr(type(people.service.registry), "see_session", fail)
    assert session_of(people, token).staff == owner


def test_old_sessions_are_cleared_when_somebody_signs_in(people, owner, put_on):
    old = sign_in(people, "ada", OWN, address=HERE).session.token_sha256
    put_on(hours=2)
    sign_in(people, "ada", OWN, address=HERE)
    assert people.service.registry.session(old) is None


def test_who_guesses_has_to_wait_and_so_has_the_right_password(people, owner, put_on):
    for _ in range(5):
        assert sign_in(people, "ada", "wrong", address=HERE) == NotSignedIn(0)
    assert sign_in(people, "Ada", OWN, address=HERE) == NotSignedIn(900)
    assert isinstance(sign_in(people, "ada", OWN, address="192.0.2.2"), SignedIn)
    put_on(minutes=15)
    assert isinstance(sign_in(people, "ada", OWN, address=HERE), SignedIn)


def test_a_new_password_ends_the_other_sessions_and_needs_the_one_until_now(people, owner):
    here = sign_in(people, "ada", OWN, address=HERE)
    there = sign_in(people, "ada", OWN, address=HERE)
    new = "ten cards in a paper bag"
    wrong = choose_password(people, here.session, "wrong", new, address=HERE)
    assert wrong == NotSignedIn(0)
    with pytest.raises(WeakPasswordError, match="until now"):
        choose_password(people, here.session, OWN, OWN + "!", address=HERE)
    choose_password(people, here.session, OWN, new, address=HERE)
    assert session_of(people, here.token) is not None
    assert session_of(people, there.token) is None
    assert sign_in(people, "ada", OWN, address=HERE) == NotSignedIn(0)
    assert isinstance(sign_in(people, "ada", new, address=HERE), SignedIn)


def test_guessing_in_an_open_browser_is_slowed_down_too(people, owner):
    session = sign_in(people, "ada", OWN, address=HERE).session
    for _ in range(5):
        choose_password(people, session, "wrong", "ten cards in a paper bag", address=HERE)
    wait = choose_password(people, session, OWN, "ten cards in a paper bag", address=HERE)
    assert wait == NotSignedIn(900)


def test_an_owner_gives_a_new_password_and_never_sees_the_old_one(people, owner):
    first = invite(people, name="Ben", sign_in_name="ben", role="support", actor="Ada")
    second = reset_password(people, 2, actor="Ada")
    assert first.password != second.password
    assert sign_in(people, "ben", first.password, address=HERE) == NotSignedIn(0)
    begun = sign_in(people, "ben", second.password, address=HERE)
    assert begun.session.staff.one_time is True


def test_tokens_differ_and_what_a_page_sends_beside_them_follows_from_them(people, owner):
    tokens = [sign_in(people, "ada", OWN, address=HERE).token for _ in range(3)]
    assert len(set(tokens)) == len({csrf_token_of(token) for token in tokens}) == 3
    assert csrf_token_of(tokens[0]) == csrf_token_of(tokens[0])
    assert not set(tokens) & {csrf_token_of(token) for token in tokens}


def test_nothing_secret_is_logged_shown_or_kept(people, owner, tmp_path, caplog):
    caplog.set_level(logging.DEBUG)
    invited = invite(people, name="Ben", sign_in_name="ben", role="support", actor="Ada")
    begun = sign_in(people, "ada", OWN, address=HERE)
    sign_in(people, "typed-a-password-as-the-name", "wrong", address=HERE)
    secrets = [people.set_up_code, OWN, invited.password, begun.token, csrf_token_of(begun.token)]
    secrets += ["typed-a-password-as-the-name", owner.password_hash, begun.session.token_sha256]
    shown = [caplog.text, repr(people), repr(owner), repr(invited), repr(begun)]
    assert "signed in from 192.0.2.1" in caplog.text
    for secret in secrets:
        assert not any(secret in text for text in shown)
    files = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    for secret in secrets[:6]:
        assert secret.encode() not in files
