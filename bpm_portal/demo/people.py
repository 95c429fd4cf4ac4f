"""The people of the demo and their roles."""

from django.contrib.auth.models import Group, Permission

from bpm_portal.accounts.models import User

PASSWORD = "demo"  # noqa: S105 - the demo's accounts are for trying out, and only the demo makes them

ROLES = (
    "Sales managers",
    "Sales assistants",
    "Purchasing",
    "Staff office",
    "Service desk",
    "Process administrators",
)

# username, first name, last name, manager, roles, language
PEOPLE = (
    ("dmitri", "Dmitri", "Orlov", None, ("Process administrators",), "ru"),
    ("anna", "Anna", "Keller", "dmitri", ("Sales assistants", "Staff office"), "en"),
    ("boris", "Boris", "Petrov", "dmitri", ("Sales managers", "Purchasing"), "en"),
    ("carla", "Carla", "Weiss", "dmitri", ("Sales managers", "Service desk"), "en"),
    ("mallory", "Mallory", "Stone", None, (), "en"),
)

ADMINISTRATION = (
    "add_processversion",
    "start_process",
    "disable_process",
    "cancel_processinstance",
    "run_processinstance",
)


def make_people() -> dict[str, User]:
    """The demo's people by username; those who exist keep what they have changed."""
    roles = {name: Group.objects.get_or_create(name=name)[0] for name in ROLES}
    allowed = Permission.objects.filter(codename__in=ADMINISTRATION, content_type__app_label="processes")
    away = Permission.objects.filter(codename="change_substitution", content_type__app_label="accounts")
    roles["Process administrators"].permissions.add(*allowed, *away)
    files = Permission.objects.filter(codename="import_record", content_type__app_label="records")
    roles["Sales managers"].permissions.add(*files)
    people = {"admin": _person("admin", "Ada", "Minister", "en", is_staff=True, is_superuser=True)}
    for username, first, last, manager, memberships, language in PEOPLE:
        person = _person(username, first, last, language)
        if manager and person.manager_id is None:
            person.manager = people[manager]
            person.save(update_fields=["manager"])
        person.groups.add(*(roles[name] for name in memberships))
        people[username] = person
    return people


def _person(username: str, first: str, last: str, language: str, **flags: bool) -> User:
    person = User.objects.filter(username=username).first()
    if person is None:
        person = User(
            username=username, first_name=first, last_name=last, email=f"{username}@example.com",
            language=language, time_zone="Europe/Berlin", **flags,
        )  # fmt: skip
        person.set_password(PASSWORD)
        person.save()
    return person
