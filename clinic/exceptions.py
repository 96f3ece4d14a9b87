"""What can go wrong on the ground floor, in words the views can show."""


class ClinicError(Exception):
    """A refusal with a sentence for the person on the screen. Subclasses fix the class of cause."""

    def __init__(self, message: str = "", *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class NotAllowedError(ClinicError):
    """This person may not do this."""


class WrongStateError(ClinicError):
    """The thing is not in a state in which this act makes sense."""


class TimeTakenError(ClinicError):
    """The practitioner already has a booking that overlaps."""


class InvalidInputError(ClinicError):
    """A value is missing or impossible; `field` names it."""


class LookAlikeError(ClinicError):
    """A patient with the same name or birth date exists; the desk must look before registering again."""


class NotSavedError(ClinicError):
    """The act could not be put on disk; nothing was changed."""


class TryAgainError(NotSavedError):
    """Another act came in between; the same act, tried again from its beginning, will most likely succeed."""


class CardLockedError(ClinicError):
    """The patient's card is locked after too many wrong PINs; the desk can lift it."""
