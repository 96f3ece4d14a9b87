"""How the interpreter and the clinician who explained sign their statements."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from clinic.forms import HouseForm
from consent.queries.talk_pages import AskedOnSheet

NOT_REMEMBERED = {"autocomplete": "off"}


class InterpreterForm(HouseForm):
    """The interpreter's own statement."""

    typed_name = forms.CharField(
        label=_("Your name"),
        help_text=_("The interpreter types it here. It counts as your signature."),
        max_length=200,
        widget=forms.TextInput(attrs=NOT_REMEMBERED),
    )
    language = forms.ChoiceField(label=_("Language you interpreted into"))
    organisation = forms.CharField(
        label=_("Organisation you work for"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs=NOT_REMEMBERED),
    )

    def __init__(self, *args: Any, sheet: AskedOnSheet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = cast(forms.ChoiceField, self.fields["language"])
        language.choices = [("", _("Choose")), *sheet.spoken_languages]


class ObtainerForm(HouseForm):
    """The statement of the clinician who explained."""

    typed_name = forms.CharField(
        label=_("Your name"),
        help_text=_("Type it as it stands at the top of this page. It counts as your signature."),
        max_length=200,
        widget=forms.TextInput(attrs=NOT_REMEMBERED),
    )
