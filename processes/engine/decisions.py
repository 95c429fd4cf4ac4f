"""Decision tables: rules over inputs, and what becomes of several that match (DMN 1.5, chapter 8)."""

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
