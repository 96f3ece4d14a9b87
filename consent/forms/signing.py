"""How a patient signs: draws, types the name, or makes a mark beside a witness."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clinic.forms import HouseForm
from clinic.wording import word_choices
from consent.actions.signing import SignatureInput
from consent.forms.drawing import read_picture, read_strokes
from consent.vocabulary import CopyChoice, SignatureMethod
from consent.wording import METHOD_WORDS
from consent.wording_talk import COPY_CHOICE_WORDS


class SignatureForm(HouseForm):
    """One signature under one text. `shown_digest` names the text that was on the screen."""

    shown_digest = forms.CharField(required=False, widget=forms.HiddenInput)
    method = forms.ChoiceField(
        label=_("How do you want to sign?"),
        choices=word_choices(METHOD_WORDS),
        widget=forms.RadioSelect,
        required=False,
    )
    strokes = forms.CharField(required=False, widget=forms.HiddenInput)
    image = forms.CharField(required=False, widget=forms.HiddenInput)
    typed_name = forms.CharField(
        label=_("Your name"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    witness_name = forms.CharField(
        label=_("Name of the witness"),
        help_text=_("Someone you choose. Not the clinician who talked with you, and not the interpreter."),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    witness_relation = forms.CharField(
        label=_("Who is the witness to you?"),
        help_text=_("For example: a friend, a nurse from another ward."),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    copy_choice = forms.ChoiceField(
        label=_("How do you want your own copy?"),
        help_text=_("It is yours. If somebody at home must not find it, leave it here; you can ask for it any time."),
        choices=word_choices(COPY_CHOICE_WORDS),
        widget=forms.RadioSelect,
        required=False,
    )

    def __init__(self, *args: Any, must_choose_copy: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["copy_choice"].required = must_choose_copy

    def copy_choice_made(self) -> CopyChoice | None:
        """How the patient wants her copy; None where she did not say."""
        chosen = self.cleaned_data["copy_choice"]
        return CopyChoice(chosen) if chosen else None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        method = cleaned.get("method") or self._only_method_filled(cleaned)
        cleaned["method"] = method
        checks = {
            SignatureMethod.DRAWN.value: self._check_drawn,
            SignatureMethod.TYPED.value: self._check_typed,
            SignatureMethod.MARK.value: self._check_mark,
        }
        if method:
            checks[method](cleaned)
        elif "method" not in self.errors:
            self.add_error("method", _("Choose how you want to sign."))
        return cleaned

    def signature(self) -> SignatureInput:
        """The valid form as the actions take it; what belongs to another way of signing is left out."""
        data = self.cleaned_data
        method = SignatureMethod(data["method"])
        is_mark = method is SignatureMethod.MARK
        return SignatureInput(
            method=method,
            typed_name=data["typed_name"] if method is SignatureMethod.TYPED else "",
            strokes=data["drawing"] if method is SignatureMethod.DRAWN else None,
            image=data["picture"] if method is SignatureMethod.DRAWN else None,
            witness_name=data["witness_name"] if is_mark else "",
            witness_relation=data["witness_relation"] if is_mark else "",
        )

    def _only_method_filled(self, cleaned: dict[str, Any]) -> str:
        """The one way of signing that was filled in, or nothing when none or several were."""
        filled = [
            method
            for method, field in (
                (SignatureMethod.DRAWN, "strokes"),
                (SignatureMethod.TYPED, "typed_name"),
                (SignatureMethod.MARK, "witness_name"),
            )
            if cleaned.get(field)
        ]
        return filled[0] if len(filled) == 1 else ""

    def _check_drawn(self, cleaned: dict[str, Any]) -> None:
        if not cleaned.get("strokes") or not cleaned.get("image"):
            self.add_error("method", _("Draw your signature in the box, or choose another way to sign."))
            return
        try:
            cleaned["drawing"] = read_strokes(cleaned["strokes"])
            cleaned["picture"] = read_picture(cleaned["image"])
        except forms.ValidationError as error:
            self.add_error("method", error)

    def _check_typed(self, cleaned: dict[str, Any]) -> None:
        if not cleaned.get("typed_name") and "typed_name" not in self.errors:
            self.add_error("typed_name", _("Type your name."))

    def _check_mark(self, cleaned: dict[str, Any]) -> None:
        if not cleaned.get("witness_name") and "witness_name" not in self.errors:
            self.add_error("witness_name", _("Write the name of the witness."))
        if not cleaned.get("witness_relation") and "witness_relation" not in self.errors:
            self.add_error("witness_relation", _("Write who the witness is to you."))
