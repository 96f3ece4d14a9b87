"""The two ways in: staff by user name and password, patients by card code and PIN. Neither opens the other's door."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest

from clinic.actions.try_card_pin import try_card_pin
from clinic.models import Account
from clinic.vocabulary import Role


class StaffBackend(AuthenticationBackend):
    """User name and password, for staff only. A patient's account is as unknown here as no account at all."""

    def _check_password(self, user: Any, password: str) -> Any:
        return super()._check_password(user if user is not None and user.role != Role.PATIENT else None, password)

    def user_can_authenticate(self, user: Any) -> bool:
        return bool(user.is_active and user.role != Role.PATIENT)


class PatientCardBackend(BaseBackend):
    """The code on the patient's card and the PIN she chose."""

    def authenticate(  # type: ignore[override]  # Django passes whatever credentials a backend names
        self, request: HttpRequest | None, card_code: str, pin: str
    ) -> Account | None:
        """**Raises** CardLockedError when the card is locked."""
        return try_card_pin(code=tidy_code(card_code), pin=pin)

    def get_user(self, user_id: Any) -> Account | None:
        return Account.objects.filter(pk=user_id, is_active=True, role=Role.PATIENT).first()


def tidy_code(typed: str) -> str:
    """A card code as typed from paper: any case, with blanks or dashes."""
    return "".join(sign for sign in typed.upper() if sign.isalnum())
