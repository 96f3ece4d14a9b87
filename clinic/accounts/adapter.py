"""How allauth behaves here: nobody signs up by herself, nothing is announced, no e-mail is sent."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class ClosedDoorAdapter(DefaultAccountAdapter):
    """Accounts are opened by the clinic."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Our own pages say what happened."""

    def send_mail(self, *args: Any, **kwargs: Any) -> None:
        """Staff accounts carry no e-mail address."""
