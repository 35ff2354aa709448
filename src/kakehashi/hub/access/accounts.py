"""Accounts and logins: passwords by argon2, sessions of which only a hash is kept, guessing slowed down."""

import hashlib
import hmac
import re
import secrets
import threading
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Connection, delete, func, insert, select, update

from kakehashi.hub.store.errors import HubError, InvalidError, NotFoundError
from kakehashi.hub.store.hub import Hub, now
from kakehashi.hub.store.models import PRIVATE, ROLES, Account, Change, LoginAttempt, LoginSession

LOGIN = r"^[A-Za-z0-9._@-]{1,100}$"
SHORTEST, LONGEST = 12, 200
LASTS = timedelta(hours=12)
WINDOW = timedelta(minutes=15)
TRIES = {"login": 5, "address": 100}
"""How many failed logins within the window an account, and an address, may have."""
_ATTEMPT = insert(LoginAttempt).returning(LoginAttempt.id)
_AT_ONCE = threading.BoundedSemaphore(2)  # argon2 takes 64 MiB each


class LoginError(HubError):
    """Login and password do not fit, or the account is closed."""

    code = "login_failed"


class TooManyError(HubError):
    """Too many logins failed lately."""

    code = "too_many"


@dataclass(frozen=True)
class Caller:
    """Who asks: the name that changes carry, and the role. `csrf`: the token that changes must carry, if any."""

    name: str
    role: str
    csrf: str | None = None

    def may(self, role: str) -> bool:
        """Tell whether the caller's role includes a role."""
        return ROLES.index(self.role) >= ROLES.index(role)

    @property
    def unseen(self) -> tuple[str, ...]:
        """The kinds whose changes the caller does not see in the log."""
        return () if self.may("admin") else ("accounts",) if self.may("editor") else ("accounts", *PRIVATE)


class Accounts:
    """The accounts of a hub."""

    def __init__(self, hub: Hub, hasher: PasswordHasher | None = None) -> None:
        """Use a hub's database. `hasher`: another setting of argon2, such as a light one for tests."""
        self._hub = hub
        self._hasher = hasher or PasswordHasher()
        self._nobody = self._hasher.hash(secrets.token_hex(16))

    def add(self, login: str, password: str, role: str, author: str) -> None:
        """Open an account. Raises InvalidError."""
        _check(login, password, role)
        hashed = self._hasher.hash(password)
        with self._hub.unit(author) as unit:
            if unit.connection.execute(select(Account.login).where(Account.login == login)).first():
                raise InvalidError("account", {"login": "is taken; choose another"})
            values = {"login": login, "password": hashed, "role": role, "active": True, "created_at": now()}
            unit.connection.execute(insert(Account).values(values))
            _note(unit.connection, unit.batch, author, "account added", login)

    def change(
        self,
        login: str,
        author: str,
        *,
        role: str | None = None,
        password: str | None = None,
        active: bool | None = None,
    ) -> None:
        """Change an account and end its sessions. The last admin stays one. Raises NotFoundError, InvalidError."""
        _check(login, password, role)
        given: dict[str, Any] = {"role": role, "active": active}
        given["password"] = None if password is None else self._hasher.hash(password)
        with self._hub.unit(author) as unit:
            known = unit.connection.execute(
                select(Account.role, Account.active).where(Account.login == login).with_for_update()
            ).first()
            if known is None:
                raise NotFoundError(f"account {login}: there is no such account")
            values = {name: value for name, value in given.items() if value is not None}
            if values:
                unit.connection.execute(update(Account).where(Account.login == login).values(values))
            unit.connection.execute(delete(LoginSession).where(LoginSession.login == login))
            admins = select(func.count()).where(Account.role == "admin", Account.active)
            if not unit.connection.execute(admins).scalar_one() and known.role == "admin":
                raise InvalidError("account", {"role": "this is the last admin; make another one first"})
            _note(unit.connection, unit.batch, author, "account changed", login)

    def all(self) -> list[dict[str, Any]]:
        """Return the accounts without their passwords."""
        columns = (Account.login, Account.role, Account.active, Account.created_at)
        with self._hub.reading() as connection:
            return [dict(row) for row in connection.execute(select(*columns).order_by(Account.login)).mappings()]

    def log_in(self, login: str, password: str, address: str) -> tuple[str, Caller]:
        """Return a new session's token and its caller. Raises LoginError, TooManyError."""
        attempts = self._count(login, address)
        with self._hub.reading() as connection:
            found = connection.execute(select(Account).where(Account.login == login)).mappings().first()
        if not self._fits(found["password"] if found else self._nobody, password) or not found or not found["active"]:
            raise LoginError("login and password do not fit")
        token, csrf = secrets.token_urlsafe(32), secrets.token_hex(32)
        with self._hub.unit(login) as unit:
            unit.connection.execute(delete(LoginSession).where(LoginSession.expires < now()))
            mine = LoginAttempt.id.in_(attempts) | (LoginAttempt.subject == f"login:{login}")
            unit.connection.execute(delete(LoginAttempt).where(mine))
            values = {"token": _hash(token), "login": login, "csrf": csrf, "expires": now() + LASTS}
            unit.connection.execute(insert(LoginSession).values(values))
            _note(unit.connection, unit.batch, login, "logged in", login)
        return token, Caller(login, str(found["role"]), csrf)

    def caller(self, token: str) -> Caller | None:
        """Return whose session a token is, or nothing."""
        query = (
            select(Account.login, Account.role, LoginSession.csrf)
            .join(LoginSession, LoginSession.login == Account.login)
            .where(LoginSession.token == _hash(token), LoginSession.expires > now(), Account.active)
        )
        with self._hub.reading() as connection:
            found = connection.execute(query).first()
        return None if found is None else Caller(*found)

    def log_out(self, token: str, author: str) -> None:
        """End a session."""
        with self._hub.unit(author) as unit:
            unit.connection.execute(delete(LoginSession).where(LoginSession.token == _hash(token)))

    def _fits(self, hashed: str, password: str) -> bool:
        with _AT_ONCE:
            try:
                return self._hasher.verify(hashed, password)
            except (VerificationError, InvalidHashError):
                return False

    def _count(self, login: str, address: str) -> list[int]:
        """Count this attempt before it is judged, so that many at once do not slip through. Returns its ids."""
        since = now() - WINDOW
        subjects = {"login": f"login:{login}", "address": f"address:{address[:100]}"}
        with self._hub.unit("login") as unit:
            unit.connection.execute(delete(LoginAttempt).where(LoginAttempt.at < since))
            ids = [
                int(unit.connection.execute(_ATTEMPT.values(at=now(), subject=one)).scalar_one())
                for one in subjects.values()
            ]
        with self._hub.reading() as connection:
            for kind, subject in subjects.items():
                tries = select(func.count()).where(LoginAttempt.subject == subject, LoginAttempt.at >= since)
                if connection.execute(tries).scalar_one() > TRIES[kind]:
                    raise TooManyError("too many logins failed; wait a quarter of an hour")
        return ids


def same(one: str | None, other: str | None) -> bool:
    """Compare two tokens in a time that tells nothing. No token equals none."""
    return bool(one) and bool(other) and hmac.compare_digest(str(one).encode(), str(other).encode())


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def _check(login: str, password: str | None, role: str | None) -> None:
    problems = {}
    if not re.fullmatch(LOGIN, login):
        problems["login"] = "is no login; write 1 to 100 letters, digits, . _ @ -"
    if password is not None and not SHORTEST <= len(password) <= LONGEST:
        problems["password"] = f"has {len(password)} characters; give {SHORTEST} to {LONGEST}"
    if role is not None and role not in ROLES:
        problems["role"] = f"unknown {role!r}; choose from {', '.join(ROLES)}"
    if problems:
        raise InvalidError("account", problems)


def _note(connection: Connection, batch: str, author: str, action: str, login: str) -> None:
    values = {"batch": batch, "at": now(), "author": author, "action": action[:20], "kind": "accounts"}
    connection.execute(insert(Change).values(**values, record_id="account", after={"login": login}))
