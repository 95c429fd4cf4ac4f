"""Forms: every input has its label, its help and its errors tied to it."""

from decimal import Decimal

import pytest
from django import forms
from django.utils import translation
from lxml import html

from bpm_portal.accounts.models import User
from bpm_portal.common.forms import NumberField, Picker


class Example(forms.Form):
    title = forms.CharField(help_text="A few words.")
    details = forms.CharField(widget=forms.Textarea, required=False)
    kind = forms.ChoiceField(choices=[("a", "A"), ("b", "B")])
    answer = forms.ChoiceField(choices=[("y", "Yes"), ("n", "No")], widget=forms.RadioSelect)
    agreed = forms.BooleanField()
    secret = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean(self):
        raise forms.ValidationError("This cannot be & never could.")


@pytest.fixture
def tree():
    return html.fromstring(f"<form>{Example({'title': '', 'kind': 'a'})}</form>")


def test_every_visible_input_has_a_label(tree):
    for control in tree.xpath("//input[not(@type='hidden')]|//select|//textarea"):
        by_id = tree.xpath("//label[@for=$id]", id=control.get("id"))
        around = control.xpath("ancestor::label")
        assert by_id or around, control.get("name")


def test_help_and_errors_are_tied_to_the_input(tree):
    title = tree.get_element_by_id("id_title")
    described = [tree.get_element_by_id(name) for name in title.get("aria-describedby").split()]
    texts = " ".join(part.text_content() for part in described)
    assert "A few words." in texts
    assert "This field is required." in texts
    assert title.get("aria-invalid") == "true"


def test_several_choices_are_a_group_with_a_legend(tree):
    (group,) = tree.xpath("//fieldset")
    assert "Answer" in group.find("legend").text_content()
    assert len(group.xpath(".//input[@type='radio']")) == 2


@pytest.mark.parametrize(
    ("name", "css"),
    [
        ("title", "form-control"),
        ("kind", "form-select"),
        ("agreed", "form-check-input"),
        ("details", "form-control"),
    ],
)
def test_an_input_has_the_class_of_its_kind(tree, name, css):
    (control,) = tree.xpath("//*[@name=$name]", name=name)
    assert css in control.get("class").split()


def test_what_is_wrong_with_the_whole_form_is_an_alert(tree):
    (alert,) = tree.xpath("//*[@role='alert']")
    assert "This cannot be & never could." in alert.text_content()


def test_a_hidden_field_takes_no_room(tree):
    (secret,) = tree.xpath("//input[@name='secret']")
    assert not secret.xpath("ancestor::div[contains(@class, 'field')]")


@pytest.mark.django_db
class TestPicker:
    class Form(forms.Form):
        owner = forms.ModelChoiceField(User.objects.all(), widget=Picker("accounts:people"), help_text="Who?")

    def test_it_shows_the_name_and_sends_the_id(self, bob):
        tree = html.fromstring(f"<form>{self.Form(initial={'owner': bob.pk})}</form>")
        (box,) = tree.xpath("//input[@role='combobox']")
        (value,) = tree.xpath("//input[@name='owner']")
        assert (box.get("value"), value.get("value")) == ("Bob", str(bob.pk))
        assert tree.xpath("//label[@for=$id]", id=box.get("id"))
        assert tree.get_element_by_id(box.get("aria-controls")).get("role") == "listbox"
        assert box.get("aria-describedby") == "id_owner_helptext"

    def test_an_id_that_does_not_exist_is_an_error_of_the_field(self, bob):
        form = self.Form({"owner": "999999"})
        assert not form.is_valid()
        tree = html.fromstring(f"<form>{form}</form>")
        (box,) = tree.xpath("//input[@role='combobox']")
        assert box.get("aria-invalid") == "true"


@pytest.mark.parametrize(
    ("language", "text", "number"),
    [
        ("ru", "1 234,5", "1234.5"),
        ("ru", "1\xa0234\xa0567,50", "1234567.50"),
        ("ru", "-2 000", "-2000"),
        ("ru", "1234,5", "1234.5"),
        ("ru", "1 2 3", None),
        ("ru", "12 34", None),
        ("ru", "1.234,5", None),
        ("en", "1,234.5", "1234.5"),
        ("en", "1 234.5", "1234.5"),
        ("en", "2,000", "2000"),
        ("en", "1,5", None),
        ("en", "1,234,5", None),
        ("en", "1,234,567", "1234567"),
        ("en", "1,2345", None),
    ],
)
def test_a_number_is_read_as_the_portal_shows_it(language, text, number):
    with translation.override(language):
        field = NumberField(localize=True)
        if number is None:
            with pytest.raises(forms.ValidationError):
                field.clean(text)
        else:
            assert field.clean(text) == Decimal(number)
