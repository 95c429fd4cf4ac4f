"""What a step is about stands on its page, for whoever may open it."""

import pytest

from processes.step_kinds.subject import subject_of

KINDS = {
    "approval": ('portal:kind="approval" portal:assignee="bob"', ""),
    "question": ('portal:kind="user-question" portal:assignee="bob"', '<portal:option code="a"/>'),
    "question on the record": (
        'portal:kind="user-question" portal:assignee="bob" portal:createActivity="false"',
        '<portal:option code="a"/>',
    ),
    "form": ('portal:kind="form" portal:assignee="bob"', '<portal:button code="ok"/>'),
}


@pytest.mark.parametrize(("attributes", "children"), KINDS.values(), ids=KINDS)
def test_who_answers_reads_the_fields_of_the_record_without_leaving_the_page(
    ask, contract, visit, bob, attributes, children
):
    step = ask(attributes, children, record=contract).step
    page = visit(bob).get(f"/steps/{step.pk}/").content.decode()
    assert page.count('class="step-subject"') == 1
    assert "Paper" in page.partition('class="step-subject"')[2].partition("</section>")[0]


def test_a_record_that_the_reader_may_not_open_is_not_told_of(ask, contract, bob, mallory):
    step = ask(*KINDS["question"], record=contract).step
    assert subject_of(step, by=bob)["subject"] == contract
    assert subject_of(step, by=mallory) == {}


def test_a_step_about_nothing_has_no_subject(ask, bob, visit):
    step = ask(*KINDS["question"]).step
    assert 'class="step-subject"' not in visit(bob).get(f"/steps/{step.pk}/").content.decode()


def test_a_process_card_tells_what_was_filled_in_before(ask, bob, visit):
    children = '<portal:field code="place" label="Where to" type="text"/><portal:button code="ok"/>'
    step = ask('portal:kind="form" portal:assignee="bob"', children, place="Samara").step
    page = visit(bob).get(f"/steps/{step.pk}/").content.decode()
    assert "Samara" in page.partition('class="step-subject"')[2].partition("</section>")[0]
