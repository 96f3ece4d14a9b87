"""Freeze the information sheets of the catalogue at a site. Safe to run twice."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from clinic.exceptions import ClinicError
from clinic.models import Account, Site
from clinic.vocabulary import Role
from consent.actions.publish_sheets import publish_sheets
from consent.catalogue import UnreadableSheetError


class Command(BaseCommand):
    help = "Publishes every complete information sheet at each site; refuses all when one lacks an element."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--by", required=True, help="user name of the administrator who publishes")
        parser.add_argument("--folder", type=Path, help="another catalogue folder than our own")

    def handle(self, *args: Any, **options: Any) -> None:
        by = Account.objects.filter(username=options["by"], role=Role.ADMINISTRATOR).first()
        if by is None:
            raise CommandError(f"No administrator has the user name {options['by']!r}.")
        for site in Site.objects.order_by("opened_at"):
            try:
                report = publish_sheets(site_id=site.pk, by=by, folder=options["folder"])
            except (ClinicError, UnreadableSheetError) as error:
                raise CommandError(str(error)) from error
            for label in report.published:
                self.stdout.write(f"published {label}")
            self.stdout.write(f"{site.name}: {len(report.published)} published, {len(report.unchanged)} stood already.")
