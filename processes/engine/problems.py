"""What can be wrong with a diagram: each code with its severity and its sentence."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Problem:
    """`severity` is `error` (the file is refused) or `warning`; `element` an id, "" for the whole file.

    `message` is the English sentence; pages translate `SENTENCES[code]` and format it with `params`.
    `file` is the name of the file where several are read together.
    """

    severity: Severity
    code: str
    element: str
    line: int
    message: str
    params: Mapping[str, Any] = field(default_factory=dict)
    file: str = ""


def gettext_noop(text: str) -> str:
    """Marks a sentence for the catalogue of translations; it is translated where it is shown."""
    return text


_ = gettext_noop

ERRORS: Mapping[str, str] = {
    # the file
    "empty": _("The file is empty."),
    "too_large": _("The file is larger than {limit} MB."),
    "has_dtd": _("The file has a document type declaration (DTD); these are not accepted."),
    "too_deep": _("The file is nested deeper than {limit} levels."),
    "too_many_attributes": _("An element has more than {limit} attributes."),
    "not_xml": _("The file is not well-formed XML: {reason}."),
    "not_bpmn": _("The file is not a BPMN 2.0 diagram: its root element is {root}."),
    "no_process": _("The file has no process."),
    "process_id": _("A process has no id."),
    "process_id_path": _(
        "The id of the process is “{element}”; it must not have a “/”, nor be “.” or “..”: addresses are made of it."
    ),
    "id_long": _("The id “{element}” has more than {limit} characters."),
    "name_long": _("“{element}” has or refers to a name of more than {limit} characters."),
    "duplicate_id": _("The id “{element}” is used twice; first in line {first}."),
    # references
    "flow_source": _(
        "The flow “{element}” begins at “{reference}”, which is no activity, gateway or event of the process."
    ),
    "flow_target": _(
        "The flow “{element}” ends at “{reference}”, which is no activity, gateway or event of the process."
    ),
    "flow_crosses": _("The flow “{element}” crosses the border of a sub-process ({source} → {target})."),
    "default_unknown": _("The default flow “{reference}” of “{element}” is not one of its outgoing flows."),
    "default_condition": _("The default flow “{reference}” of “{element}” must not have a condition."),
    "attached_unknown": _("“{element}” is attached to “{reference}”, which is not in the process."),
    "attached_outside": _("“{element}” is attached to “{reference}”, which is in another sub-process."),
    "attached_not_activity": _("“{element}” is attached to “{reference}”, which is not an activity."),
    "event_reference": _("“{element}” refers to the {type} “{reference}”, which is not in the file."),
    # the graph
    "no_start": _("The process “{element}” has nothing to begin with."),
    "sub_process_starts": _("The sub-process “{element}” has several start events: {starts}."),
    "start_incoming": _("A flow leads into the start event “{element}”."),
    "end_outgoing": _("A flow leads out of the end event “{element}”."),
    "boundary_incoming": _("A flow leads into the boundary event “{element}”."),
    "gateway_condition": _(
        "The flow “{flow}” out of the gateway “{element}” has no condition and is not the default."
    ),
    "condition_not_allowed": _("The flow “{flow}” out of “{element}” ({type}) must not have a condition."),
    "gateway_no_outgoing": _("No flow leads out of the gateway “{element}”."),
    "not_executable": _("The {construct} “{name}” cannot be run yet."),
    "start_not_executable": _(
        "The sub-process “{element}” begins with the start event “{start}”, which has a trigger."
    ),
    "event_gateway_boundary": _(
        "A boundary event is attached to “{element}”, a receive task behind an event-based gateway."
    ),
    # events
    "event_place": _("“{element}” cannot be a {type} event: a {place} may be {known}."),
    "event_code": _("“{element}” throws an {type} without a code."),
    "event_interrupts": _("The {type} event “{element}” always interrupts; it cannot be non-interrupting."),
    "cancel_place": _("The cancel event “{element}” does not belong to a transaction."),
    "parallel_events": _("“{element}” cannot wait for {types} together with other events."),
    "parallel_start": _(
        "The start event “{element}” would begin the process only after all of its events, which cannot be run:"
        " begin with a parallel event-based gateway, which waits for the others once one of them has come."
    ),
    "event_sub_process_flow": _("A flow leads into or out of the event sub-process “{element}”."),
    "event_sub_process_start": _(
        "The event sub-process “{element}” must have a start event, and each of them needs a trigger."
    ),
    "event_sub_process_boundary": _("A boundary event is attached to the event sub-process “{element}”."),
    "link_name": _("The link event “{element}” has no name."),
    "link_twice": _("The link “{name}” has more than one target; one of them is “{element}”."),
    "link_alone": _("The link “{name}” of “{element}” has no target in the same scope."),
    "link_no_source": _("Nothing in the process leads to a link; “{element}” is the target of “{name}”."),
    "link_flow": _("A flow leads out of the source or into the target of a link: “{element}”."),
    "compensation_handler": _(
        "The compensation event “{element}” is not connected with an activity that is for compensation."
    ),
    "compensation_flow": _("Flows lead into or out of “{element}”, which is for compensation."),
    "compensation_interrupts": _(
        "The compensation event “{element}” cannot be non-interrupting: remove its cancelActivity."
    ),
    "compensation_unbound": _(
        "“{element}” is for compensation, but no compensation event is connected with it."
    ),
    "compensation_reference": _("“{element}” undoes “{reference}”, which is not an activity of the process."),
    # the rules of the standard for whole files
    "reference_type": _("“{name}” of “{element}” refers to “{reference}”, which is a {type}."),
    "reference_missing": _("“{name}” of “{element}” refers to “{reference}”, which is not in the file."),
    "event_definition_owned": _(
        "“{element}” refers to “{reference}” inside “{owner}”: move that definition out of the process, or copy it."
    ),
    "import_missing": _(
        "The file imports the diagram “{location}”, which cannot be read from here: put what it needs into this file."
    ),
    "event_unnamed": _("“{element}” does not say which {type} it is about."),
    "misplaced": _("“{element}”: a {type} must not stand in a {place}."),
    "ad_hoc_empty": _(
        "The ad-hoc sub-process “{element}” has no activity: put at least one into it, or remove it."
    ),
    "event_sub_process_starts": _(
        "The event sub-process “{element}” has {number} start events: let one of them have all the triggers."
    ),
    "public_executable": _(
        "The process “{element}” is public and cannot be run: make it private, or not executable."
    ),
    "id_needed": _("A {type} in “{element}” lists flows and has no id: give it the one that the flows name."),
    "two_loops": _("“{element}” is marked both as a loop and as a multi-instance activity."),
    "loop_number": _("“{element}” does not say how often it is to be done."),
    "number_value": _("“{attribute}” of “{element}” is “{value}”, which is not a whole number above zero."),
    "end_without_start": _("“{element}” has an end event but no start event."),
    "nothing_leads_in": _("No flow leads into “{element}”, although there is a start event."),
    "start_no_outgoing": _("No flow leads out of the start event “{element}”."),
    "intermediate_no_incoming": _("No flow leads into the intermediate event “{element}”."),
    "boundary_no_outgoing": _("No flow leads out of the boundary event “{element}”."),
    "intermediate_no_outgoing": _("No flow leads out of the intermediate event “{element}”."),
    "instantiate_incoming": _("A flow leads into “{element}”, which begins the process."),
    "start_without_end": _(
        "“{element}” has a start event but no end event: let it end with one, or begin without the start event."
    ),
    "end_no_incoming": _("No flow leads into the end event “{element}”: connect it, or remove it."),
    "leads_nowhere": _(
        "No flow leads out of “{element}”, although there is an end event: lead on to the next element."
    ),
    "gateway_idle": _(
        "The gateway “{element}” has {into} flows in and {out} out, so that it neither merges nor splits: remove it."
    ),
    "event_gateway_alone": _(
        "The event-based gateway “{element}” has {out} flows out: let it lead to two events at least."
    ),
    "event_gateway_messages": _(
        "The parallel event-based gateway “{element}” leads to “{target}”: let it wait for messages only."
    ),
    "flow_pool": _("The flow “{element}” crosses the border of a pool: let a message flow do so."),
    "flow_not_listed": _("“{holder}” does not list the flow “{element}”, which it is connected with."),
    "flow_listed": _("“{element}” lists the flow “{flow}”, which it is not connected with."),
    "flow_not_immediate": _("The flow “{element}” is marked as not immediate; such a process cannot be run."),
    "gateway_direction": _(
        "The gateway “{element}” is marked as {direction}, but has {into} flows in and {out} out."
    ),
    "event_gateway_parallel": _("The event-based gateway “{element}” is parallel but begins no process."),
    "event_gateway_condition": _(
        "The flow “{flow}” out of the event-based gateway “{element}” has a condition."
    ),
    "event_gateway_target": _(
        "The event-based gateway “{element}” leads to “{target}”, which is neither a catching event nor a receive task."
    ),
    "event_gateway_shared": _(
        "The event-based gateway “{element}” leads to “{target}”, and so does another flow."
    ),
    "event_gateway_mixed": _(
        "The event-based gateway “{element}” leads both to message events and to receive tasks."
    ),
    "condition_alone": _("The only flow out of “{source}” has a condition: “{element}”."),
    "message_flow_end": _(
        "The message flow “{element}” leads from or to “{reference}”, which is no pool, activity or event."
    ),
    "message_flow_source": _("The message flow “{element}” begins at “{reference}”, which only catches."),
    "message_flow_target": _("The message flow “{element}” ends at “{reference}”, which only throws."),
    "message_flow_inside": _("The message flow “{element}” begins and ends in the same pool."),
    "message_flow_event": _(
        "The message flow “{flow}” begins or ends at “{element}”, which is no message event."
    ),
    "conversation_link": _(
        "The conversation link “{element}” must lead between a conversation and a pool, an activity or an event."
    ),
    "multiplicity": _("The pool “{element}” cannot stand for at least {least} and at most {most} partners."),
    "data_collection": _("“{element}” and its item “{item}” do not agree on whether it is a collection."),
    "data_in_no_set": _("“{element}” is in no {set}."),
    "data_not_in_set": _("A {set} of “{element}” calls “{reference}” optional but does not have it."),
    "sets_disagree": _("Of the sets “{one}” and “{other}” of “{element}” only one names the other."),
    "data_state": _("The name of “{element}” tells another state than “{state}”."),
    "data_name": _("“{element}” must be called “{name}”, after its data object and its state."),
    "association_item": _(
        "“{source}” and “{target}”, of which “{element}” copies one to the other, differ in kind."
    ),
    "association_empty": _("The data association “{element}” copies nothing: name its source, or remove it."),
    "association_sources": _(
        "The data association “{element}” has {number} sources and no transformation: make it one for each source."
    ),
    "association_foreign": _(
        "The data association “{element}” is about “{data}”, which is data of another element: put it there."
    ),
    "binding_missing": _(
        "“{element}” offers an interface and binds no data to its operations: add an ioBinding."
    ),
    "binding_item": _(
        "A binding of “{element}” binds “{set}” to “{message}”, which carries another item: let both be of one item."
    ),
    "operation_missing": _(
        "The message event “{element}” names no operation, as an executable process must: add an operationRef."
    ),
    "link_reference": _(
        "The link event “{element}” must name its {end}: add one {end} for each event it is linked with."
    ),
    "link_one_sided": _(
        "The link event “{element}” names “{other}”, which does not name it: let both name each other."
    ),
    "loop_collection": _(
        "“{name}” of “{element}” is “{reference}”, which is no data of its own: name one in its ioSpecification."
    ),
    "resource_both": _("“{element}” must have either a resource with its parameters or an expression."),
    "task_data_number": _("“{element}” must have exactly one {type}, in one set."),
    "task_data_item": _("“{data}” of “{element}” is not of the item that the message “{message}” carries."),
    "event_data_number": _("“{element}” needs data for each of its triggers that carries an item."),
    "event_data_item": _("The data of “{element}” is not of the item that its trigger carries."),
    "call_data": _("“{element}” and “{called}”, which it calls, do not have the same {type} elements."),
    "call_start": _("“{element}” calls “{called}”, which begins only with a trigger."),
    "loop_item": _("“{data}” of “{element}” is not of the item that one member of “{collection}” is."),
    "expression_informal": _(
        '“{what}” of “{element}” is not marked as a formal expression: add xsi:type="tFormalExpression" to it.'
    ),
    "expression_empty": _("“{what}” of “{element}” is empty."),
    "condition_value": _("A condition of “{element}” is “{text}”, which is neither true nor false."),
    "text_format": _("The format of the note “{element}” is “{value}”, which is not a MIME type."),
    # what elements say
    "unknown_kind": _("“{element}” has the unknown kind “{kind}”; known are: {known}."),
    "unknown_service": _("“{element}” asks for the unknown service “{service}”; known are: {known}."),
    "called_missing": _("The call activity “{element}” does not say which process it calls."),
    "service_missing": _("The service task “{element}” names no service."),
    "decision_missing": _("The business rule task “{element}” has no decision and names no service."),
    "decision_table": _("The decision of “{element}” has no table with an output."),
    "decision_policy": _("The decision of “{element}” has an unknown hit policy or aggregation: {value}."),
    "decision_rule": _("A rule of “{element}” does not have one cell for each input and output."),
    "decision_unknown": _(
        "“{element}” refers to the decision “{reference}”, which is in no file: give its DMN file with the diagram."
    ),
    "decision_twice": _("The decision “{element}” is in two files: {first} and {second}."),
    "decision_logic": _(
        "The decision “{element}” has neither a table nor a literal expression, but {found}."
    ),
    "decision_requires": _(
        "The decision “{element}” requires “{reference}”, which is no decision and no input of the files."
    ),
    "decision_cycle": _("The decision “{element}” requires itself: {path}."),
    "decision_knowledge": _(
        "The decision “{element}” requires business knowledge (“{reference}”); such models cannot be evaluated."
    ),
    "decision_language": _("The decision “{element}” is written in “{language}”; only FEEL can be run."),
    "decision_number": _("There are more than {limit} decisions in the files."),
    "decision_id": _("A decision has no id."),
    "no_decision": _("The file has no decision."),
    "decisions_alone": _(
        "The file has decisions and no process: give it with the diagram that refers to them."
    ),
    "script_missing": _("The script task “{element}” has no script."),
    "expression_syntax": _("{what} of “{element}” cannot be understood: {reason} The text is: {text}"),
    "expression_language": _("{what} of “{element}” is written in “{language}”; only FEEL can be run."),
    "condition_empty": _("The condition of the flow “{element}” is empty."),
    "condition_missing": _("The conditional event “{element}” has no condition."),
    "condition_section": _(
        "The conditional start event “{element}” has no records to look at: give the process portal:section, the code"
        " of a section; it starts when one of its records is added or changed so that the condition becomes true."
    ),
    "timer_missing": _("The timer of “{element}” has no date, duration or cycle."),
    "timer_several": _("The timer of “{element}” has more than one of date, duration and cycle."),
    "timer_value": _(
        "The timer of “{element}” has the {type} “{value}”, which is not written in ISO 8601"
        " (a timeCycle may also be a cron pattern whose days of the week have names)."
    ),
    "quantity_large": _("“{attribute}” of “{element}” is more than {limit}."),
    "category_value": _("“{element}” has the category “{value}”; it may be {known}."),
    "duration_value": _("“{attribute}” of “{element}” is “{value}”, which is not a duration in ISO 8601."),
    "outcome_value": _("A {tag} of “{element}” has the outcome “{value}”; possible are: {known}."),
    "boundary_catch": _("The boundary event “{element}” catches nothing."),
    "child_code": _("A {tag} of “{element}” has no code."),
    "duplicate_code": _("“{element}” has two {tag} elements with the code “{value}”."),
    "several_defaults": _("“{element}” has more than one default option."),
    "field_type": _("The field “{field}” of “{element}” has the unknown type “{type}”; known are: {known}."),
    "attribute_missing": _("“{element}” ({kind}) has no {attribute}."),
    "attribute_value": _("“{attribute}” of “{element}” is “{value}”; possible are: {known}."),
    "unknown_page": _("“{element}” asks for the unknown page “{page}”; known are: {known}."),
    "child_attribute": _("A {tag} of “{element}” has no {attribute}."),
    "child_missing": _("“{element}” ({kind}) has no {tag}."),
}

WARNINGS: Mapping[str, str] = {
    "link_unused": _("Nothing in the same scope leads to the link “{name}” of “{element}”."),
    "missing_id": _("A {type} has no id; it is called “{element}”."),
    "error_reference": _("“{element}” refers to the error “{reference}”, which is taken for its code."),
    "split_no_default": _(
        "“{element}” has conditions on all its flows and no default: a token may get stuck."
    ),
    "several_starts": _(
        "“{element}” has several start events without a trigger ({starts}); by hand it starts at the first."
    ),
    "condition_ignored": _(
        "The condition of the flow “{flow}” out of the parallel gateway “{element}” is ignored."
    ),
    "event_gateway_single": _("The event-based gateway “{element}” leads to one event only."),
    "message_missing": _("“{element}” names no message, so that none can reach it."),
    "unreachable": _("“{element}” cannot be reached from a start event."),
    "no_end": _("“{element}” has no end event."),
    "vendor_ignored": _("{name} of “{element}” is ignored."),
    "element_ignored": _("The element {type} “{element}” is ignored."),
    "portal_misspelt": _("“{element}” has an unknown attribute portal:{name}; did you mean portal:{known}?"),
    "lane_unknown": _("The lane “{element}” refers to “{reference}”, which is not in the process."),
}

SENTENCES: Mapping[str, str] = {**ERRORS, **WARNINGS}


def problem(code: str, *, element: str = "", line: int = 0, **params: Any) -> Problem:
    """The problem of that code; the sentence is filled with `params` and the element."""
    severity: Severity = "error" if code in ERRORS else "warning"
    filled = {"element": element, **params}
    return Problem(severity, code, element, line, SENTENCES[code].format(**filled), filled)
