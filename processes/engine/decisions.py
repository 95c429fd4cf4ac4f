"""Decisions: tables of rules and literal expressions, and what they require (DMN 1.5, chapters 6 to 8)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from processes.engine.errors import Incident
from processes.engine.feel import Expression, UnaryTests

HIT_POLICIES = ("UNIQUE", "FIRST", "ANY", "PRIORITY", "COLLECT", "RULE ORDER", "OUTPUT ORDER")
AGGREGATIONS = ("", "SUM", "MIN", "MAX", "COUNT")


_AGGREGATE: Mapping[str, Callable[[list[Any]], Any]] = {"SUM": sum, "MIN": min, "MAX": max}


@dataclass(frozen=True, slots=True)
class Output:
    """A column of results; `values` are the possible ones, the most important first."""

    name: str
    values: tuple[Expression, ...] = ()
    default: Expression | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """One line: a test for each input, a result for each output."""

    tests: tuple[UnaryTests, ...]
    results: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A decision table with its hit policy (DMN 1.5, 8.2.8)."""

    inputs: tuple[Expression, ...]
    outputs: tuple[Output, ...]
    rules: tuple[Rule, ...]
    policy: str = "UNIQUE"
    aggregation: str = ""

    def decide(self, seen: Mapping[str, Any], now: datetime) -> Any:
        """One result or a list of them, by the hit policy; a context where there are several outputs.

        Nothing matches: the default, else None (a list: empty). Raises Incident where the policy is broken,
        FeelError.
        """
        values = [each.evaluate(seen, now=now) for each in self.inputs]
        hits = []
        for number, rule in enumerate(self.rules, 1):
            pairs = zip(rule.tests, values, strict=True)
            if all(test.matches(value, seen, now=now) for test, value in pairs):
                hits.append((number, [each.evaluate(seen, now=now) for each in rule.results]))
                if self.policy == "FIRST":
                    break
        if not hits:
            return self._nothing(seen, now)
        results = [result for _, result in hits]
        if self.policy in ("PRIORITY", "OUTPUT ORDER"):
            results = self._by_importance(results, seen, now)
        if self.policy in ("COLLECT", "RULE ORDER", "OUTPUT ORDER"):
            return self._aggregated([self._shaped(result) for result in results])
        if (self.policy == "UNIQUE" and len(hits) > 1) or (
            self.policy == "ANY" and results != results[:1] * len(hits)
        ):
            listed = ", ".join(str(number) for number, _ in hits)
            raise Incident(f"More than one rule of the decision matches: {listed}.")
        return self._shaped(results[0])

    def _nothing(self, seen: Mapping[str, Any], now: datetime) -> Any:
        if any(output.default is not None for output in self.outputs):
            given = [o.default.evaluate(seen, now=now) if o.default else None for o in self.outputs]
            return self._shaped(given)
        is_list = self.policy in ("COLLECT", "RULE ORDER", "OUTPUT ORDER")
        return self._aggregated([]) if is_list else None

    def _shaped(self, result: Sequence[Any]) -> Any:
        if len(self.outputs) == 1:
            return result[0]
        return {output.name: value for output, value in zip(self.outputs, result, strict=True)}

    def _by_importance(
        self, results: list[list[Any]], seen: Mapping[str, Any], now: datetime
    ) -> list[list[Any]]:
        orders = [[each.evaluate(seen, now=now) for each in output.values] for output in self.outputs]

        def rank(result: list[Any]) -> list[int]:
            pairs = zip(orders, result, strict=True)
            return [order.index(value) if value in order else len(order) for order, value in pairs]

        return sorted(results, key=rank)

    def _aggregated(self, results: list[Any]) -> Any:
        if self.policy != "COLLECT" or not self.aggregation:
            return results
        if self.aggregation == "COUNT":
            return Decimal(len(results))
        if not results:
            return None
        try:
            return _AGGREGATE[self.aggregation](results)
        except TypeError as error:
            raise Incident("The results of the decision cannot be aggregated.") from error


@dataclass(frozen=True, slots=True)
class Literal:
    """A decision that is one expression (DMN 1.5, 7.3.5)."""

    expression: Expression

    def decide(self, seen: Mapping[str, Any], now: datetime) -> Any:
        """Its value. Raises FeelError."""
        return self.expression.evaluate(seen, now=now)


@dataclass(frozen=True, slots=True)
class Part:
    """One decision of a graph. `name` is that of its variable; `requires` are the positions of others before it.

    `file` is the name of the DMN file it stands in, "" inside a diagram.
    """

    id: str
    name: str
    logic: Table | Literal
    requires: tuple[int, ...] = ()
    file: str = ""

    def variables(self, value: Any) -> dict[str, Any]:
        """What others see of its value: by its own name, and by those of its outputs."""
        outputs = self.logic.outputs if isinstance(self.logic, Table) else ()
        if len(outputs) == 1:
            return {self.name: value, outputs[0].name: value}
        return {self.name: value, **value} if isinstance(value, Mapping) else {self.name: value}


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision with all that it requires, the required ones first: the last part is the decision itself."""

    parts: tuple[Part, ...]

    @property
    def files(self) -> frozenset[str]:
        """The DMN files that it is made of."""
        return frozenset(part.file for part in self.parts if part.file)

    def decide(self, seen: Mapping[str, Any], now: datetime) -> Any:
        """The value of the last part; each part sees the variables and what it requires, nothing else.

        Raises Incident, FeelError.
        """
        values: list[Any] = []
        for part in self.parts:
            required: dict[str, Any] = {}
            for position in part.requires:
                required |= self.parts[position].variables(values[position])
            values.append(part.logic.decide({**seen, **required}, now))
        return values[-1]

    def assignments(self, value: Any) -> Mapping[str, Any]:
        """The variables that its value sets where no result variable is named."""
        last = self.parts[-1]
        if isinstance(last.logic, Table) and len(last.logic.outputs) == 1:
            return {last.logic.outputs[0].name: value}
        return value if isinstance(value, Mapping) else {last.name: value}
