"""People: accounts that can sign in, patients, practitioners, and the patient's card."""

import uuid

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from clinic.models.bases import CarefulQuerySet, HouseModel, choices, known_codes
from clinic.models.history import HouseHistory
from clinic.models.sites import Site
from clinic.vocabulary import ROLE_PERMISSIONS, Permission, Role, SafeContact


class AccountManager(BaseUserManager["Account"]):
    """Finds accounts by user name; making one is an action, and so is every change."""

    def get_queryset(self) -> CarefulQuerySet["Account"]:
        return CarefulQuerySet(self.model, using=self._db)


class Account(AbstractBaseUser):
    """Someone who can act here. Every act names one. Deactivated, never deleted."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    username = models.CharField(max_length=64, unique=True)
    display_name = models.CharField(max_length=200)
    role = models.CharField(max_length=20, choices=choices(Role))
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="accounts")
    is_active = models.BooleanField(default=True)
    opened_at = models.DateTimeField()

    objects = AccountManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["display_name"]

    class Meta:
        constraints = (known_codes("role", Role, name="account_role_known"),)

    def __str__(self) -> str:
        return self.display_name

    def may(self, permission: Permission) -> bool:
        """Whether the role carries the permission. Whose thing it is, is asked in `clinic.access`."""
        return self.is_active and permission in ROLE_PERMISSIONS[Role(self.role)]


class Patient(HouseModel):
    """A person who is treated. Nothing here is needed for care except a name and a birth date."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="patients")
    account = models.OneToOneField(Account, on_delete=models.PROTECT, related_name="patient")
    name = models.CharField(max_length=200)
    latin_name = models.CharField(max_length=200, blank=True)
    birth_date = models.DateField()
    languages = models.JSONField(default=list)  # BCP 47 codes in her order
    communication_needs = models.TextField(max_length=1000, blank=True)
    access_needs = models.JSONField(null=True, blank=True)  # codes of AccessNeed; None = not asked, [] = asked, none
    safe_contact = models.CharField(max_length=20, choices=choices(SafeContact), default=SafeContact.NONE)
    contact_detail = models.CharField(max_length=200, blank=True)
    ledger_subject = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    registered_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    registered_at = models.DateTimeField()
    form_key = models.UUIDField(unique=True, default=uuid.uuid4)

    history = HouseHistory()

    class Meta:
        constraints = (known_codes("safe_contact", SafeContact, name="patient_safe_contact_known"),)

    def __str__(self) -> str:
        return str(self.pk)


class Practitioner(HouseModel):
    """A registered professional ("clinician" on screen)."""

    account = models.OneToOneField(Account, on_delete=models.PROTECT, related_name="practitioner")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="practitioners")
    profession = models.CharField(max_length=100)
    registration = models.CharField(max_length=100, blank=True)
    trained_for = models.JSONField(default=list, blank=True)  # codes of ProcedureCategory

    history = HouseHistory()

    def __str__(self) -> str:
        return self.account.display_name


class PatientCard(HouseModel):
    """The paper card a patient signs in with: a code printed on it and a PIN she chose. Five wrong PINs lock it."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="cards")
    code = models.CharField(max_length=8, unique=True)
    pin_hash = models.CharField(max_length=128)
    failed_tries = models.PositiveSmallIntegerField(default=0)
    locked_at = models.DateTimeField(null=True)
    issued_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    issued_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["patient"],
                condition=models.Q(ended_at__isnull=True),
                name="one_card_in_use_per_patient",
            ),
        )

    def __str__(self) -> str:
        return str(self.pk)
