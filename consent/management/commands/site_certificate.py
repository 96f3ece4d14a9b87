"""The certificate with which a clinic seals its papers: show it, make one for a demonstration, import a real one."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from clinic import clock
from clinic.models import Site
from consent.exceptions import KeyStoreError
from consent.keys.site_seals import keep_site_seal, read_site_seal, seal_paths
from consent.management.sites import the_site
from consent.record.certificates import SealError, SealFiles, SiteSeal, check_time, demonstration_files, read_seal


class Command(BaseCommand):
    help = (
        "Show what each clinic seals its papers with and until when it is valid; make a certificate for a"
        " demonstration; import a real one after checking it. A passphrase is read from SEAL_PASSPHRASE."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--site", help="id or name of one clinic")
        parser.add_argument("--demonstration", action="store_true", help="make one that does not prove who you are")
        parser.add_argument(
            "--import",
            dest="files",
            nargs=2,
            type=Path,
            metavar=("KEY", "CHAIN"),
            help="PEM files: the private key; the clinic's certificate, then those above it up to the root",
        )
        parser.add_argument(
            "--revoked", type=Path, metavar="LIST", help="PEM: the authority's list of revoked certificates"
        )
        parser.add_argument("--replace", action="store_true", help="put it in the place of the one that is there")

    def handle(self, *args: Any, **options: Any) -> None:
        site = the_site(options["site"]) if options["site"] else None
        if options["demonstration"] == bool(options["files"]):
            if options["demonstration"]:
                raise CommandError("Give either --demonstration or --import.")
            for one in [site] if site else Site.objects.order_by("name"):
                self._show(one)
            return
        if site is None:
            raise CommandError("Say for which clinic, with --site.")
        try:
            files = self._files(site, options)
            self._check_free(site, options)
            keep_site_seal(site.pk, files)
        except (SealError, KeyStoreError) as error:
            raise CommandError(f"Nothing was changed: {error}") from error
        self._show(site)

    def _files(self, site: Site, options: dict[str, Any]) -> SealFiles:
        """The files to keep, once they are known to be usable now."""
        at = clock.now()
        if options["demonstration"]:
            return demonstration_files(site.name, at=at)
        key, chain = (_read(path) for path in options["files"])
        lists = _read(options["revoked"]) if options["revoked"] else b""
        check_time(read_seal(key, chain, lists=lists, passphrase=settings.SEAL_PASSPHRASE), at=at)
        return SealFiles(key=key, chain=chain, lists=lists)

    def _check_free(self, site: Site, options: dict[str, Any]) -> None:
        if seal_paths(site.pk).key.exists() and not options["replace"]:
            raise CommandError(f"{site.name} has a certificate; give --replace to put this one in its place.")

    def _show(self, site: Site) -> None:
        try:
            seal = read_site_seal(site.pk)
        except (SealError, KeyStoreError) as error:
            self.stdout.write(f"{site.name}: cannot seal: {error}")
            return
        if seal is None:
            self.stdout.write(f"{site.name}: no certificate; papers are handed over without a seal, and say so.")
            return
        self.stdout.write(f"{site.name}: {seal.name}, by {seal.certificate.issuer.rfc4514_string()}")
        self.stdout.write(f"  {_validity(seal)}; {_lists(seal)}")
        if seal.is_demonstration:
            self.stdout.write("  For a demonstration only: it shows that nothing was changed, not who the clinic is.")


def _validity(seal: SiteSeal) -> str:
    try:
        check_time(seal, at=clock.now())
    except SealError as error:
        return f"cannot seal: {error}"
    return f"valid until {seal.valid_until:%Y-%m-%d %H:%M} UTC"


def _lists(seal: SiteSeal) -> str:
    return "with a list of revoked certificates" if seal.lists else "without a list of revoked certificates"


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise CommandError(f"{path} cannot be read ({error.strerror}).") from error
