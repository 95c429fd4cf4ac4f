"""What people fill in about the elements and the variables of an instance."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from processes.engine.feel import FeelError, compile_expression, encode
from processes.engine_words import in_words
from processes.forms import ReasonForm


class SkipForm(ReasonForm):
    """Why, and for a gateway with several ways out, by which one to go on."""

    flow = forms.ChoiceField(label=_("Go on by"))

    def __init__(self, *args: Any, flows: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        if not flows:
            del self.fields["flow"]
        else:
            self.fields["flow"].choices = flows
            self.order_fields(["flow", "reason"])


class VariableForm(forms.Form):
    """A variable of an instance, and its value as expressions write it."""

    name = forms.RegexField(
        r"^[^\W\d]\w*$",
        label=_("Name"),
        max_length=100,
        error_messages={"invalid": _("Letters, digits and _ only, and no digit first.")},
    )
    value = forms.CharField(
        label=_("Value"),
        max_length=10_000,
        widget=forms.Textarea({"rows": 2}),
        help_text=_(
            'As in an expression: <code>12.5</code>, <code>"text"</code>, <code>true</code>, <code>null</code>,'
            ' <code>date("2026-03-01")</code>, <code>["a", "b"]</code>.'
        ),
    )

    def clean_value(self) -> Any:
        """The value itself."""
        try:
            expression = compile_expression(self.cleaned_data["value"])
            if expression.names:
                raise forms.ValidationError(
                    _("“%(name)s” is no value. Write texts in quotation marks."),
                    params={"name": min(expression.names)},
                )
            value = expression.evaluate({}, now=timezone.now())
            encode(value)
        except FeelError as problem:
            raise forms.ValidationError(in_words(str(problem))) from problem
        return value


class BeginForm(forms.Form):
    """Which element of an ad-hoc sub-process is to begin."""

    element = forms.ChoiceField(label=_("Element"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, elements: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["element"].choices = elements
        self.fields["element"].initial = elements[0][0]
