"""How allauth behaves here: nobody signs up by herself, no e-mail is sent."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

SELF_EVIDENT = frozenset({"account/messages/logged_in.txt", "account/messages/logged_out.txt"})


class ClosedDoorAdapter(DefaultAccountAdapter):
    """Accounts are opened by the clinic."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def add_message(
        self, request: HttpRequest, level: int, message_template: str | None = None, *args: Any, **kwargs: Any
    ) -> None:
        if message_template not in SELF_EVIDENT:
            super().add_message(request, level, message_template, *args, **kwargs)

    def is_safe_url(self, url: str | None) -> bool:
        """Only addresses of this host. allauth's own check breaks on an address that cannot be read at all."""
        return url_has_allowed_host_and_scheme(
            url, allowed_hosts={context.request.get_host()}, require_https=context.request.is_secure()
        )

    def send_mail(self, *args: Any, **kwargs: Any) -> None:
        """Staff accounts carry no e-mail address."""
