"""Diagrams made for other engines work as far as they can be understood; the rest is reported."""

from typing import Any

import pytest

from processes.engine.feel import Expression
from processes.engine.model import Element
from tests.engine.drawing import end, extended, look, node, script, start, user, xml


def element(text: str) -> tuple[Element, list[str]]:
    """The element `a`, and what is reported as ignored."""
    reading, codes = look(xml(start(), text, end(), flows=["start a", "a end"]))
    assert [code for code in codes if code not in ("vendor_ignored",)] == []
    ignored = [each.params["name"] for each in reading.problems if each.code == "vendor_ignored"]
    return reading.definitions[0].elements["a"], ignored


def plain(value: Any) -> Any:
    return f"={value.source}" if isinstance(value, Expression) else value


@pytest.mark.parametrize("vendor", ["camunda", "flowable", "activiti"])
def test_people_of_the_camunda_family(vendor: str) -> None:
    task, ignored = element(user("a", **{f"{vendor}_assignee": "anna", f"{vendor}_candidateGroups": "sales"}))
    assert task.portal == {"assignee": "anna", "role": "sales"}
    assert ignored == []


def test_expressions_of_the_camunda_family_are_translated() -> None:
    task, _ = element(user("a", camunda_assignee="${starter}"))
    assert plain(task.portal["assignee"]) == "=starter"


def test_own_attributes_win() -> None:
    task, _ = element(user("a", portal_assignee="boris", camunda_assignee="anna"))
    assert task.portal["assignee"] == "boris"


def test_a_second_group_is_reported() -> None:
    task, ignored = element(user("a", camunda_candidateGroups="sales, law"))
    assert (task.portal["role"], ignored) == ("sales", ["camunda:candidateGroups"])


def test_one_candidate_is_the_assignee_and_several_are_reported() -> None:
    assert element(user("a", camunda_candidateUsers="anna"))[0].portal == {"assignee": "anna"}
    assert element(user("a", camunda_candidateUsers="anna,boris"))[1] == ["camunda:candidateUsers"]


def test_a_due_date_is_a_duration_or_a_date() -> None:
    assert element(user("a", flowable_dueDate="P2D"))[0].portal == {"duration": "P2D"}
    assert element(user("a", flowable_dueDate="2030-01-01"))[0].portal == {"dueDate": "2030-01-01"}


def test_form_fields_of_camunda_become_a_form() -> None:
    form = extended(
        "<camunda:formData>"
        '<camunda:formField id="amount" label="Amount" type="long" defaultValue="${n}">'
        '<camunda:validation><camunda:constraint name="required"/></camunda:validation></camunda:formField>'
        '<camunda:formField id="size" type="enum"><camunda:value id="s" name="Small"/><camunda:value id="l"/>'
        "</camunda:formField>"
        "</camunda:formData>"
    )
    task, ignored = element(user("a", form))
    assert (task.kind, ignored) == ("form", [])
    amount, size, button = task.extras
    assert {name: plain(value) for name, value in amount.attributes.items()} == {
        "code": "amount",
        "label": "Amount",
        "type": "number",
        "default": "=n",
        "required": "true",
    }
    assert size.attributes["type"] == "choice"
    assert size.attributes["choices"].evaluate({}) == [
        {"code": "s", "label": "Small"},
        {"code": "l", "label": "l"},
    ]
    assert button.tag == "button"


def test_form_properties_of_flowable_become_a_form() -> None:
    form = extended(
        '<flowable:formProperty id="from" name="From" type="date" required="true"/>'
        '<flowable:formProperty id="why" name="Why"/>'
    )
    task, _ = element(user("a", form))
    assert [(extra.tag, extra.attributes["code"]) for extra in task.extras] == [
        ("field", "from"),
        ("button", "complete"),
        ("field", "why"),
    ]
    assert task.extras[0].attributes["required"] == "true"


def test_zeebe_says_it_in_children() -> None:
    task, ignored = element(
        user(
            "a",
            extended(
                '<zeebe:userTask/><zeebe:assignmentDefinition assignee="=starter" candidateGroups="sales"/>'
                '<zeebe:taskSchedule dueDate="=now()"/><zeebe:taskHeaders/>'
            ),
        )
    )
    assert {name: plain(value) for name, value in task.portal.items()} == {
        "assignee": "=starter",
        "role": "sales",
        "dueDate": "=now()",
    }
    assert ignored == ["zeebe:taskHeaders"]


def test_services_have_a_topic_or_a_type() -> None:
    task, ignored = element(
        node("serviceTask", "a", camunda_type="external", camunda_topic="post", camunda_resultVariable="r")
    )
    assert (task.service, task.result_variable, ignored) == ("post", "r", [])
    task, _ = element(node("serviceTask", "a", extended('<zeebe:taskDefinition type="count"/>')))
    assert task.service == "count"


def test_scripts_keep_their_result_variable() -> None:
    task, _ = element(script("a", "1 + 1", scriptFormat="feel", flowable_resultVariable="two"))
    assert task.result_variable == "two"
    task, _ = element(
        node("scriptTask", "a", extended('<zeebe:script expression="=1 + 1" resultVariable="two"/>'))
    )
    assert (task.script.evaluate({}), task.result_variable) == (2, "two")


@pytest.mark.parametrize(
    ("resource", "expected"),
    [
        ("<humanPerformer id='r'>{}</humanPerformer>", {"assignee": "anna"}),
        ("<performer id='r'>{}</performer>", {"assignee": "anna"}),
        ("<potentialOwner id='r'>{}</potentialOwner>", {"role": "anna"}),
    ],
)
def test_standard_resources_name_people(resource: str, expected: dict[str, str]) -> None:
    anna = "<formalExpression>anna</formalExpression>"
    assignment = f"<resourceAssignmentExpression>{anna}</resourceAssignmentExpression>"
    task, ignored = element(user("a", resource.format(assignment)))
    assert (task.portal, ignored) == (expected, [])


def test_potential_owners_may_be_users_or_groups() -> None:
    owner = (
        "<potentialOwner><resourceAssignmentExpression><formalExpression>user(anna), group(sales)"
        "</formalExpression></resourceAssignmentExpression></potentialOwner>"
    )
    task, ignored = element(user("a", owner))
    assert (task.portal, ignored) == ({"assignee": "anna", "role": "sales"}, [])


def test_a_resource_without_a_person_is_reported() -> None:
    _, ignored = element(user("a", "<potentialOwner><resourceRef>r</resourceRef></potentialOwner>"))
    assert ignored == ["bpmn:potentialOwner"]


def test_everything_else_of_the_family_is_reported_and_strangers_are_not() -> None:
    _, ignored = element(
        user(
            "a",
            extended(
                '<camunda:taskListener event="create" class="x"/>', '<other:thing xmlns:other="urn:o"/>'
            ),
            camunda_formKey="embedded:x",
            camunda_asyncBefore="true",
        )
    )
    assert sorted(ignored) == ["camunda:asyncBefore", "camunda:formKey", "camunda:taskListener"]
