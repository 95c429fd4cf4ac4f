"""What a person may do: as Django says, in one statement, which also says whom he stands in for."""

import pytest
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import Permission

from bpm_portal.accounts.models import User
from bpm_portal.accounts.substitution import standing_of
from tests.factories import SubstitutionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def fresh(bob, role):
    """Bob, with a permission of his own and one of his role, as a request finds him."""
    own, of_role = Permission.objects.filter(codename__in=("view_record", "start_process"))
    bob.user_permissions.add(own)
    role.permissions.add(of_role, own)
    return lambda: User.objects.get(pk=bob.pk)


def test_permissions_are_those_that_django_finds(fresh) -> None:
    expected = {"records.view_record", "processes.start_process"}
    assert fresh().get_all_permissions() == expected == ModelBackend().get_all_permissions(fresh())


def test_who_has_left_may_do_nothing(fresh, bob) -> None:
    User.objects.filter(pk=bob.pk).update(is_active=False)
    assert fresh().get_all_permissions() == set()


def test_permissions_and_roles_are_read_together(fresh, bob, alice, role, django_assert_num_queries) -> None:
    SubstitutionFactory(absent=alice, substitute=bob)
    user = fresh()
    with django_assert_num_queries(1):
        assert user.has_perm("records.view_record")
        assert not user.has_perm("records.delete_record")
        standing = standing_of(user)
    assert standing.absent_ids == [alice.pk]
    assert standing.own_role_ids == [role.pk]
