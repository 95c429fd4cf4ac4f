"""Types of steps that stand for something else than a token at their element."""

#: Holds a token which an activity could not send on: the activity is done, so it is not run again, but its
#: conditional flows act like a gateway (BPMN 2.0.2, 13.3.1).
IMPLICIT_SPLIT = "implicitSplit"

#: Waits for the start event of an event sub-process; it does not keep its scope open.
SUBSCRIPTION = "subscription"

#: Undoes a completed sub-process, or runs beside a thrower that does not wait: a scope for the handlers.
COMPENSATION = "compensation"

#: Undoes what a cancelled transaction has completed, before that is left.
ROLLBACK = "rollback"

#: A token that waits at an activity until there are as many as this needs to begin.
GATHERING = "gathering"

STANDING_FOR = frozenset({GATHERING, IMPLICIT_SPLIT, SUBSCRIPTION, COMPENSATION, ROLLBACK})
