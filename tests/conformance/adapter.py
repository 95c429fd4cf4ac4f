"""Plays conformance cases through the whole portal: deployed files, rows, turns and the workers' jobs, all at once.

It translates and passes on; what happens is decided by the services.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from tests.conformance.database import prepare

prepare()

from bpm_portal.common.errors import NotFound  # noqa: E402 - models need a prepared database
from processes.errors import DeployRefused  # noqa: E402
from processes.models import Process, ProcessInstance, ProcessStart, ProcessStep  # noqa: E402
from processes.service_calls import BpmnError, ServiceCall  # noqa: E402
from processes.services import instances, messages, steps  # noqa: E402
from processes.services.definitions import deploy_file  # noqa: E402
from tests.conformance.simulation import Simulation  # noqa: E402
from tests.conformance.translation import SCRIPT_TEXT, parse, to_bytes, translate  # noqa: E402
from tests.conformance.words import BpmnErrorCode, EngineError, Refused  # noqa: E402
from tests.conformance.world import World  # noqa: E402

Script = Callable[..., float | None]
Waits = ProcessStep.WaitsOn


class PortalAdapter:
    """One case. `choose` and `wait_at` are given for token simulation and may change between the steps of a case."""

    def __init__(
        self,
        expressions: Mapping[str, str],
        script: Script,
        work_item_kinds: Collection[str],
        choose: Mapping[str, Sequence[str]] | None = None,
        wait_at: Collection[str] = (),
    ) -> None:
        self._expressions = expressions
        self._script = script
        self._work_items = work_item_kinds if choose is None else ("userTask",)  # set up by the simulation
        self._simulation = None if choose is None else Simulation(choose, wait_at)
        self.world = World(self._play)

    def close(self) -> None:
        """Forget the rows of the case; the next adapter does so, too."""
        if World.current is self.world:
            self.world.close()

    # -- what a case does

    def deploy(self, *sources: bytes) -> None:
        """Deploy the files, those that the first one calls before it. Raises Refused with all problems."""
        for source in reversed(sources):
            if self._simulation is not None:
                self._simulation.take(source)
            self._deploy(self._translated(source))

    def start(self, process_id: str, variables: Mapping[str, Any], start_event: str | None = None) -> None:
        """As a person would start it by hand."""
        process = Process.objects.filter(key=process_id).first()
        if process is None:
            raise EngineError(f"There is no process {process_id}.")
        with self.world.move():
            instances.start_process(
                process=process,
                variables=dict(variables),
                start_event=start_event,
                by=self.world.by,
                now=self.world.now,
            )

    def waiting(self) -> list[str]:
        """Ids of the elements of waiting work items and receive tasks."""
        live = self.world.live_steps()
        people = live.human().values_list("element_id", flat=True)
        receivers = live.filter(element_type="receiveTask", waits_on=Waits.MESSAGE)
        return [*people, *receivers.values_list("element_id", flat=True)]

    def complete(self, element_id: str, variables: Mapping[str, Any]) -> None:
        """Finish the oldest work item of that element, or send what its receive task waits for."""
        waiting = self.world.live_steps(element_id=element_id)
        step = waiting.human().first()
        receiver = waiting.filter(element_type="receiveTask", waits_on=Waits.MESSAGE).first()
        context = {"variables": dict(variables), "by": self.world.by, "now": self.world.now}
        if step is None and receiver is None:
            raise EngineError(f"Nobody is waiting at {element_id}.")
        with self.world.move():
            if step is not None:
                steps.complete_step(step_id=step.pk, **context)
            else:
                messages.send_message(name=receiver.topic, **context)

    def message(self, name: str) -> bool:
        """Send a message from outside; whether something took it."""
        return self._send(messages.send_message, name)

    def signal(self, name: str) -> bool:
        """Throw a signal from outside, which may reach nobody."""
        return self._send(messages.throw_signal, name)

    def fire_timer(self, element_id: str) -> bool:
        """Let the oldest timer of that element come due, of a running instance or of a process that it starts."""
        timer = self.world.live_steps(element_id=element_id, waits_on=Waits.TIMER).first()
        timer = timer or ProcessStart.objects.filter(element_id=element_id, waits_on=Waits.TIMER).first()
        if timer is None:
            return False
        with self.world.move():
            return self.world.fire(timer)

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self.world.advance(seconds)

    def set_variables(self, variables: Mapping[str, Any]) -> None:
        """Set variables of the only instance, as an administrator would."""
        instance = ProcessInstance.objects.live().roots().first()
        if instance is None:
            raise EngineError("No instance is running.")
        with self.world.move():
            instances.set_variables(
                instance_id=instance.pk, values=dict(variables), by=self.world.by, now=self.world.now
            )

    def trigger(self, element_id: str, in_scope_of: str | None = None) -> None:
        """Token simulation: start there, or let happen what waits there."""
        assert self._simulation is not None
        self._follow_choices()
        process_id = self._simulation.process_started_by(element_id)
        if process_id is not None:
            return self.start(process_id, self._simulation.decisions(), element_id)
        step = (
            self.world.live_steps(element_id=element_id).exclude(waits_on__in=("tokens", "children")).first()
        )
        if step is None:
            raise EngineError(f"Nothing waits at {element_id}.")
        return self._let_happen(step)

    # -- what a case asks

    def ended(self) -> bool:
        """Whether every instance has ended."""
        ended = (ProcessInstance.Status.COMPLETED, ProcessInstance.Status.CANCELLED)
        return not ProcessInstance.objects.exclude(status__in=ended).exists()

    def uncaught_errors(self) -> list[str]:
        """Codes of BPMN errors that nothing caught."""
        return self.world.uncaught_errors()

    def flows_taken(self) -> list[str]:
        """The flows by which tokens have come, in order."""
        taken = ProcessStep.objects.exclude(flow_id="").order_by("id").values_list("flow_id", flat=True)
        return [flow for flow in taken if self._simulation is None or self._simulation.counts(flow)]

    # -- how

    def _translated(self, source: bytes) -> bytes:
        root = parse(source)
        if root is None:
            return source
        if self._simulation is not None:
            self._simulation.prepare(root)
        translate(root, expressions=self._expressions, work_items=self._work_items)
        return to_bytes(root)

    def _deploy(self, source: bytes) -> None:
        try:
            deploy_file(source=source, by=self.world.by, now=self.world.now)
        except DeployRefused as refusal:
            errors = [problem for problem in refusal.problems if problem.severity == "error"]
            raise Refused("; ".join(f"{each.code}: {each.message}" for each in errors)) from refusal

    def _send(self, send: Callable[..., Any], name: str) -> bool:
        with self.world.move():
            try:
                send(name=name, variables={}, by=self.world.by, now=self.world.now)
            except NotFound:
                return False
        return True

    def _follow_choices(self) -> None:
        """What the person at the screen has decided since: where to wait, and which ways to go."""
        assert self._simulation is not None
        for source in self._simulation.sources_to_deploy_again():
            self._deploy(self._translated(source))
        for instance in ProcessInstance.objects.live().roots():
            decisions = self._simulation.decisions()
            if any(instance.variables.get(name) != value for name, value in decisions.items()):
                instances.set_variables(
                    instance_id=instance.pk, values=decisions, by=self.world.by, now=self.world.now
                )

    def _let_happen(self, step: ProcessStep) -> None:
        assert self._simulation is not None
        if step.is_human:
            self.complete(step.element_id, {})
        elif step.waits_on == Waits.TIMER:
            self.fire_timer(step.element_id)
        elif step.waits_on == Waits.MESSAGE:
            self.message(step.topic)
        elif step.waits_on == Waits.SIGNAL:
            self.signal(step.topic)
        elif step.waits_on == Waits.CONDITION:
            with self.world.move(), self._simulation.declared_true(step.element_id):
                self._follow_choices()
        else:
            raise EngineError(f"{step.element_id} waits on {step.waits_on}, which nobody can trigger.")

    def _play(self, call: ServiceCall, clock: Callable[[], float]) -> tuple[Mapping[str, Any], float]:
        """A script of the case: the variables that it sets, and the seconds that it takes."""
        values = dict(call.variables)
        written: dict[str, Any] = {}

        def put(name: str, value: Any) -> None:
            values[name] = written[name] = value

        text = str(call.settings[SCRIPT_TEXT])
        try:
            length = self._script(text, values.get, put, clock) if text else None
        except BpmnErrorCode as error:
            raise BpmnError(error.code) from error
        return written, length or 0
