"""Which passwords are accepted: long rather than complicated (NIST SP 800-63B)."""

from __future__ import annotations

from rules.refusals import Refusal

LEAST_LENGTH = 10
MOST_LENGTH = 200


class PasswordTooShort(Refusal):
    message = "A senha precisa de ao menos %(least)s caracteres. Uma frase curta serve."
    field = "new_password"


class PasswordTooLong(Refusal):
    message = "A senha pode ter até %(most)s caracteres."
    field = "new_password"


class PasswordTooSimple(Refusal):
    message = "A senha é fácil de adivinhar: não use seu usuário nem um só caractere repetido."
    field = "new_password"


class PasswordsDiffer(Refusal):
    message = "A confirmação é diferente da nova senha. Escreva-a de novo."
    field = "confirmation"


def check_password(password: str, *, login: str, confirmation: str) -> None:
    """This will accept the password, or refuse it with what to do better."""
    if len(password) < LEAST_LENGTH:
        raise PasswordTooShort(least=LEAST_LENGTH)
    if len(password) > MOST_LENGTH:  # argon2 is made slow on purpose; long texts make it slower
        raise PasswordTooLong(most=MOST_LENGTH)
    if login.lower() in password.lower() or len(set(password)) < 4:
        raise PasswordTooSimple
    if password != confirmation:
        raise PasswordsDiffer
