"""The registered pages of the demo's processes, and an example of how to write one."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bpm_portal.common.forms import NumberField, Picker
from processes.hooks import decisions_on
from processes.pages import Button, Page, Visit, register
from processes.step_kinds.common import read_choices
from records.models import Record
from records.values import shown_changes, shown_fields

CHECKLIST = (
    ("terms", gettext_lazy("The terms follow our template")),
    ("amount", gettext_lazy("The amount agrees with the offer")),
    ("account", gettext_lazy("The account exists and owes us nothing")),
)
MOST_EVENTS = 6
MOST_QUOTES = 5
SHOWN_QUOTES = 3


@register
class ContractSummary(Page):
    """All about a contract on one page, and a checklist that must be complete before it is confirmed.

    The parameter `checklist` replaces the points: `code=Words; code=Words`.
    """

    code = "contract-summary"
    label = gettext_lazy("Summary of a contract")
    template = "demo/contract_summary.html"
    buttons = (
        Button("confirmed", gettext_lazy("Confirm"), "success"),
        Button("returned", gettext_lazy("Back to the author"), "failure", validates=False),
        Button(
            "saved", gettext_lazy("Save for later"), completes=False, validates=False, symbol="clock-pause"
        ),
    )

    def form(self, visit: Visit, data: Any, initial: Mapping[str, Any]) -> forms.Form:
        """One box per point; each must be ticked."""
        form = forms.Form(data, initial=dict(initial))
        for code, words in read_choices(visit.parameters.get("checklist")) or CHECKLIST:
            refusal = {"required": _("Tick this first.")}
            form.fields[f"check_{code}"] = forms.BooleanField(label=words, error_messages=refusal)
        return form

    def context(self, visit: Visit, form: forms.Form, step: Any) -> dict[str, Any]:
        """The contract, its account where the reader may see it, and what happened to it."""
        contract = Record.objects.with_fields().get(pk=visit.record_id)
        fields = [shown for shown in shown_fields(contract) if shown.text]
        linked = [shown.record_id for shown in fields if shown.record_id]
        seen = Record.objects.visible_to(visit.by).with_fields().filter(pk__in=linked)
        account = seen.of_type("account").first()
        return {
            "contract": contract,
            "fields": fields,
            "open_targets": {record.pk for record in seen},
            "account": account,
            "account_fields": [shown for shown in shown_fields(account) if shown.text] if account else [],
            "history": history_of(contract, visit.by),
        }

    def outputs(self, visit: Visit, values: Mapping[str, Any]) -> dict[str, Any]:
        """The codes of the points that were ticked."""
        return {"checked": [name.removeprefix("check_") for name, ticked in values.items() if ticked]}

    def note(self, button: Button) -> str:
        """After saving for later."""
        return _("Saved. Confirm as soon as every point is ticked.")

    def schema(self, visit: Visit) -> dict[str, Any]:
        """One truth value per point."""
        fields = self.form(visit, None, {}).fields
        points = {name: {"title": str(field.label), "kind": "boolean"} for name, field in fields.items()}
        return {"type": "object", "properties": points, "required": list(points)}


def history_of(record: Record, user: Any) -> list[dict[str, Any]]:
    """The latest decisions about a record and changes of it, newest first: text, outcome, remark, who and when."""
    decisions = [
        {
            "text": str(decision["step"]),
            "outcome": decision["result"],
            "remark": decision["step"].details,
            "by": decision["step"].closed_by,
            "at": decision["step"].closed_at,
        }
        for decision in decisions_on(record, user)
    ]
    changes = [
        {
            "text": f"{change.label}: {change.old or '—'} → {change.new or '—'}",
            "by": change.by,
            "at": change.at,
        }
        for change in shown_changes(record, record.changes.select_related("by").order_by("-id")[:MOST_EVENTS])
    ]
    return sorted([*decisions, *changes], key=lambda event: event["at"], reverse=True)[:MOST_EVENTS]


class QuotesForm(forms.Form):
    """Up to five quotes of supplier, price and days; `quotes` are the complete ones, by row."""

    def __init__(self, *args: Any, by: Any, least: int, **options: Any) -> None:
        super().__init__(*args, **options)
        self.least = least
        self.quotes: dict[int, dict[str, Any]] = {}
        accounts = Record.objects.of_type("account")
        accounts = accounts.visible_to(by) if by else accounts
        decimal = forms.TextInput({"inputmode": "decimal"})
        for row in range(1, MOST_QUOTES + 1):
            self.fields[f"supplier_{row}"] = forms.ModelChoiceField(
                accounts, label=_("Supplier"), required=False, widget=Picker("records:options", "account")
            )
            self.fields[f"price_{row}"] = NumberField(
                label=_("Price"), required=False, min_value=0, max_digits=14, localize=True, widget=decimal
            )
            self.fields[f"days_{row}"] = forms.IntegerField(
                label=_("Delivery, days"), required=False, min_value=0, max_value=365
            )

    def clean(self) -> dict[str, Any]:
        """A row is complete or empty, and there are enough of them."""
        values = self.cleaned_data
        for row in range(1, MOST_QUOTES + 1):
            names = [f"{name}_{row}" for name in ("supplier", "price", "days")]
            given = [name for name in names if values.get(name) is not None]
            if len(given) == len(names):
                self.quotes[row] = dict(
                    zip(("supplier", "price", "days"), map(values.get, names), strict=True)
                )
            elif given:
                for name in set(names) - set(given) - set(self.errors):
                    self.add_error(name, _("Fill this in, or empty the row."))
        if len(self.quotes) < self.least and not self.errors:
            raise ValidationError(_("Enter at least %(least)d quotes."), params={"least": self.least})
        return values

    def best(self) -> int:
        """The row of the lowest price, of two equal ones the faster; 0 where there is no quote."""
        return min(
            self.quotes, key=lambda row: (self.quotes[row]["price"], self.quotes[row]["days"]), default=0
        )


@register
class PriceComparison(Page):
    """Quotes side by side; the lowest price wins, of two equal ones the faster delivery.

    The parameter `least` says how many quotes are needed (2).
    """

    code = "price-comparison"
    label = gettext_lazy("Comparison of prices")
    template = "demo/price_comparison.html"
    buttons = (
        Button("chosen", gettext_lazy("Choose the best offer"), "success"),
        Button("compared", gettext_lazy("Compare"), completes=False, symbol="scale"),
    )

    def form(self, visit: Visit, data: Any, initial: Mapping[str, Any]) -> QuotesForm:
        """Five rows, those beyond the first three folded away while they are empty."""
        return QuotesForm(data, initial=dict(initial), by=visit.by, least=least_of(visit))

    def context(self, visit: Visit, form: forms.Form, step: Any) -> dict[str, Any]:
        """The rows, and which is the best as far as they are filled in."""
        assert isinstance(form, QuotesForm)
        filled = form
        if not form.is_bound:
            typed = {name: form[name].value() for name in form.fields}
            filled = QuotesForm(typed, by=visit.by, least=0)
            filled.is_valid()
        rows = [
            {
                "number": row,
                "fields": [form[f"{name}_{row}"] for name in ("supplier", "price", "days")],
                "is_best": row == filled.best(),
                "is_filled": any(form[f"{name}_{row}"].value() for name in ("supplier", "price", "days")),
            }
            for row in range(1, MOST_QUOTES + 1)
        ]
        rest = rows[SHOWN_QUOTES:]
        return {"rows": rows[:SHOWN_QUOTES], "rest": rest, "is_open": any(row["is_filled"] for row in rest)}

    def outputs(self, visit: Visit, values: Mapping[str, Any]) -> dict[str, Any]:
        """Supplier (a context with `id` and `caption`), price and days of the best quote."""
        form = QuotesForm(values, by=visit.by, least=1)
        form.is_valid()
        best = form.quotes[form.best()]
        supplier = {"id": best["supplier"].pk, "caption": best["supplier"].caption}
        return {"supplier": supplier, "price": best["price"], "delivery_days": best["days"]}

    def note(self, button: Button) -> str:
        """After comparing."""
        return _("The best offer is marked. Nothing is decided yet.")

    def schema(self, visit: Visit) -> dict[str, Any]:
        """Rows of supplier (id of an account), price and days."""
        kinds = {
            "supplier": {"title": _("Supplier"), "kind": "lookup", "record-type": "account"},
            "price": {"title": _("Price"), "kind": "number"},
            "days": {"title": _("Delivery, days"), "kind": "number", "minimum": 0, "maximum": 365},
        }
        rows = range(1, MOST_QUOTES + 1)
        return {
            "type": "object",
            "properties": {f"{name}_{row}": kind for row in rows for name, kind in kinds.items()},
            "required": [f"{name}_{row}" for row in rows[: least_of(visit)] for name in kinds],
        }


def least_of(visit: Visit) -> int:
    """How many quotes the diagram asks for."""
    return int(visit.parameters.get("least") or 2)
