"""Who sees which records, and what the searches find."""

import pytest
from django.contrib.auth.models import Permission
from django.db.models import Q

from records import lifecycle
from records.models import Record, RecordType
from records.querysets import SEARCH_LIMIT
from tests import factories

pytestmark = pytest.mark.django_db


def seen(user):
    return set(Record.objects.visible_to(user))


def test_roles_owners_and_reach(contract, account, alice, bob, carol, mallory, admin, monkeypatch):
    monkeypatch.setattr(lifecycle, "_reach", [])
    other = factories.RecordFactory(record_type=factories.RecordTypeFactory(code="other"), owner=alice)
    assert seen(admin) == {contract, account, other}
    assert seen(bob) == seen(carol) == {contract, account}
    assert seen(alice) == {other}
    assert seen(mallory) == set()
    monkeypatch.setattr(lifecycle, "_reach", [lambda user: [Q(pk=account.pk)]])
    assert seen(alice) == {other, account}


def test_the_permission_opens_everything(contract, mallory):
    mallory.user_permissions.add(Permission.objects.get(codename="view_record"))
    assert seen(mallory) == {contract}
    assert contract.record_type in RecordType.objects.visible_to(mallory)


def test_a_section_is_listed_once_for_two_roles(contracts, bob):
    second = factories.RoleFactory(name="Second")
    contracts.roles.add(second)
    bob.groups.add(second)
    assert list(RecordType.objects.visible_to(bob).filter(pk=contracts.pk)) == [contracts]


def test_search_ignores_case_in_any_alphabet(contracts):
    pumps = factories.RecordFactory(record_type=contracts, caption="Поставка НАСОСОВ 100%_")
    factories.RecordFactory(record_type=contracts, caption="Delivery")
    assert list(Record.objects.search("насос")) == [pumps]
    assert list(Record.objects.search("100%_")) == [pumps]
    assert not Record.objects.search("_elivery").exists()
    assert Record.objects.search(" \x00 ").count() == 2


def test_search_keeps_the_filters_before_it(contract, account, bob, mallory):
    Record.objects.update(caption="Pipes")
    assert set(Record.objects.of_type("contract").search("pip")) == {contract}
    assert not Record.objects.visible_to(mallory).search("pip").exists()


def test_a_search_is_fenced_so_that_a_rare_word_does_not_walk_the_section():
    sql = str(Record.objects.of_type("contract").search("pipes").order_by("-id")[:50].query)
    assert f"LIMIT {SEARCH_LIMIT})" in sql


def test_referring_records(contract, account):
    contract.data["account"] = {"id": account.pk, "caption": "Alpha Ltd"}
    contract.save()
    assert list(Record.objects.referring_to(account)) == [contract]
    assert not Record.objects.referring_to(contract).exists()
