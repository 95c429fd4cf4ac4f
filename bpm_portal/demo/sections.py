"""The sections of the demo and their records."""

import random
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import Group

from records.models import Record, RecordField, RecordType
from records.services import create_record

# code, name, plural, icon, caption template, roles, fields (code, label, kind, options)
SECTIONS: tuple[tuple[Any, ...], ...] = (
    (
        "account", "Account", "Accounts", "building", "{name}", ("Sales managers", "Sales assistants", "Purchasing"),
        (
            ("name", "Name", "text", {"required": True}),
            ("industry", "Industry", "choice", {"choices": [
                ["retail", "Retail"], ["transport", "Transport"], ["health", "Health"], ["industry", "Industry"],
            ], "in_list": True}),
            ("city", "City", "text", {"in_list": True}),
            ("customer", "Customer", "boolean", {"in_list": True}),
            ("email", "E-mail", "text", {}),
        ),
    ),
    (
        "contact", "Contact", "Contacts", "address-book", "{name}",
        ("Sales managers", "Sales assistants", "Service desk"),
        (
            ("name", "Name", "text", {"required": True}),
            ("account", "Account", "lookup", {"lookup": "account", "in_list": True}),
            ("phone", "Phone", "text", {"in_list": True}),
            ("email", "E-mail", "text", {}),
        ),
    ),
    (
        "contract", "Contract", "Contracts", "contract", "{number} {subject}",
        ("Sales managers", "Sales assistants"),
        (
            ("number", "Number", "text", {"required": True}),
            ("subject", "Subject", "text", {"required": True}),
            ("account", "Account", "lookup", {"lookup": "account", "in_list": True}),
            ("amount", "Amount", "number", {"required": True, "in_list": True}),
            ("starts_on", "Starts on", "date", {"in_list": True}),
            ("state", "State", "choice", {"choices": [
                ["draft", "Draft"], ["in_force", "In force"], ["ended", "Ended"],
            ], "in_list": True}),
            ("registry_number", "Registry number", "text", {}),
        ),
    ),
    (
        "request", "Request", "Requests", "inbox", "{subject}",
        ("Sales managers", "Sales assistants", "Purchasing", "Service desk", "Staff office"),
        (
            ("subject", "Subject", "text", {"required": True}),
            ("account", "Account", "lookup", {"lookup": "account", "in_list": True}),
            ("urgency", "Urgency", "choice", {"choices": [["low", "Low"], ["high", "High"]], "in_list": True}),
        ),
    ),
)  # fmt: skip

# Names of sections, fields and choices.
RUSSIAN = {
    "Account": "Контрагент", "Accounts": "Контрагенты", "Contact": "Контакт", "Contacts": "Контакты",
    "Contract": "Договор", "Contracts": "Договоры", "Request": "Обращение", "Requests": "Обращения",
    "Name": "Название", "Industry": "Отрасль", "City": "Город", "Customer": "Клиент", "E-mail": "E-mail",
    "Retail": "Торговля", "Transport": "Транспорт", "Health": "Здравоохранение", "Phone": "Телефон",
    "Number": "Номер", "Subject": "Тема", "Amount": "Сумма", "Starts on": "Дата начала", "State": "Состояние",
    "Draft": "Черновик", "In force": "Действует", "Ended": "Завершён", "Registry number": "Номер в реестре",
    "Urgency": "Срочность", "Low": "Низкая", "High": "Высокая",
}  # fmt: skip

ACCOUNTS = (
    ("Nordwind Logistics", "transport", "Hamburg", True), ("Sonnen Apotheken", "health", "Leipzig", True),
    ("ООО «Ромашка»", "retail", "Казань", True), ("Alpine Tools", "industry", "Innsbruck", True),
    ("Baltic Freight", "transport", "Riga", False), ("Клиника «Здоровье»", "health", "Самара", True),
    ("Cedar & Sons", "retail", "Leeds", True), ("Volta Maschinenbau", "industry", "Graz", False),
    ("Papier Union", "industry", "Dresden", False), ("Office World", "retail", "Berlin", False),
)  # fmt: skip
CONTACTS = (
    ("Greta Lindholm", 0), ("Markus Feld", 1), ("Ольга Смирнова", 2), ("Luis Herrero", 3), ("Anete Kalniņa", 4),
    ("Павел Кузнецов", 5), ("Emily Hart", 6), ("Jonas Vogt", 7),
)  # fmt: skip
CONTRACTS = (
    ("Warehouse rental", 0, "84000"), ("Delivery of medicines", 1, "152000.50"), ("Поставка мебели", 2, "47900"),
    ("Machine maintenance", 3, "23800"), ("Sea freight", 4, "310000"), ("Медицинское оборудование", 5, "98750.25"),
    ("Shop fitting", 6, "61200"), ("Milling cutters", 7, "18400"), ("Cold storage", 0, "129900"),
    ("Framework agreement", 3, "250000"), ("Годовое обслуживание", 2, "36000"), ("Return logistics", 4, "72000"),
)  # fmt: skip
REQUESTS = (
    ("Two standing desks", 9, "low"), ("Broken pallet in delivery 4711", 0, "high"),
    ("Printer paper for a year", 8, "low"),
    ("Счёт выставлен дважды", 2, "high"), ("Laptops for the new team", 9, "high"), ("Wrong colour delivered", 6, "low"),
    ("Late delivery in Riga", 4, "high"), ("Meeting room screen", 9, "low"),
)  # fmt: skip


def make_sections() -> dict[str, RecordType]:
    """The demo's sections by code; those that exist keep what administrators have changed."""
    types: dict[str, RecordType] = {}
    for position, (code, name, plural, icon, caption, roles, fields) in enumerate(SECTIONS, 1):
        record_type, is_new = RecordType.objects.get_or_create(
            code=code,
            defaults={
                "name": name, "name_ru": RUSSIAN[name], "name_plural": plural, "name_plural_ru": RUSSIAN[plural],
                "icon": icon, "caption_template": caption,
                "position": position * 10,
            },
        )  # fmt: skip
        types[code] = record_type
        if is_new:
            record_type.roles.set(Group.objects.filter(name__in=roles))
            for place, (field, label, kind, options) in enumerate(fields):
                _make_field(record_type, types, place, field, label, kind, dict(options))
    return types


def _make_field(
    record_type: RecordType, types: dict[str, RecordType], place: int, code: str, label: str, kind: str,
    options: dict[str, Any],
) -> None:  # fmt: skip
    lookup = types.get(options.pop("lookup", ""))
    choices = [[*row, RUSSIAN[row[1]]] for row in options.pop("choices", ())]
    RecordField.objects.create(
        record_type=record_type,
        code=code,
        label=label,
        label_ru=RUSSIAN[label],
        kind=kind,
        choices=choices,
        position=place,
        lookup_type=lookup,
        **options,
    )


def make_records(
    types: dict[str, RecordType], people: dict[str, Any], now: datetime
) -> dict[str, list[Record]]:
    """The demo's records by section, oldest first; made once."""
    dice = random.Random(7)  # noqa: S311 - the same demo everywhere

    def make(code: str, position: int, values: dict[str, Any]) -> Record:
        key = f"demo-{code}-{position}"
        known = Record.objects.filter(record_type=types[code], external_id=key).first()
        owner = people[dice.choice(("anna", "boris", "carla"))]
        made = now - timedelta(days=dice.randrange(20, 90))
        return known or create_record(
            record_type=types[code], values=values, by=people["anna"], now=made, external_id=key, owner=owner
        )

    accounts = [
        make("account", n, {
            "name": name, "industry": industry, "city": city, "customer": customer,
            "email": f"office{n}@example.com",
        })
        for n, (name, industry, city, customer) in enumerate(ACCOUNTS)
    ]  # fmt: skip
    contacts = [
        make("contact", n, {
            "name": name, "account": accounts[at].pk, "phone": f"+49 30 5550{n:03d}",
            "email": f"contact{n}@example.com",
        })
        for n, (name, at) in enumerate(CONTACTS)
    ]  # fmt: skip
    contracts = [
        make("contract", n, {
            "number": f"C-{2600 + n}", "subject": subject, "account": accounts[at].pk, "amount": amount,
            "starts_on": (now + timedelta(days=7 * n)).date().isoformat(), "state": "draft",
        })
        for n, (subject, at, amount) in enumerate(CONTRACTS)
    ]  # fmt: skip
    requests = [
        make("request", n, {"subject": subject, "account": accounts[at].pk, "urgency": urgency})
        for n, (subject, at, urgency) in enumerate(REQUESTS)
    ]
    return {"account": accounts, "contact": contacts, "contract": contracts, "request": requests}
