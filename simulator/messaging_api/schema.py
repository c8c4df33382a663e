"""Request bodies checked against LINE's OpenAPI file, as strictly as LINE does it.

A general validator does not fit here: OpenAPI's discriminators and ``allOf`` have to be followed for unknown fields to
be found, and LINE names the place of a fault in a way of its own. The file is read by `Spec.load`; what it leaves out
comes in as a `Supplement` (see `simulator.messaging_api.limits`).
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from simulator.messaging_api.answers import Problem

Json = Any
Rule = Callable[[Mapping[str, Json]], Iterator[Problem]]
"""Finds what is wrong with an object whose fields have the right types; properties are relative to it."""

_FILE = Path(__file__).with_name("openapi") / "messaging-api.json"
_REFERENCE = "#/components/schemas/"
_TYPES: Mapping[str, tuple[type, ...]] = {
    "array": (list,),
    "boolean": (bool,),
    "integer": (int,),
    "number": (int, float),
    "object": (dict,),
    "string": (str,),
}


def utf16_length(text: str) -> int:
    """Length as LINE counts it unless it says otherwise (docs, "Character counting in a text")."""
    return len(text.encode("utf-16-le")) // 2


@dataclass(slots=True)
class Schema:
    """One schema of the file with its ``allOf`` parts merged and its references followed.

    Filled in after it is made, because LINE's schemas contain each other.
    """

    name: str = ""
    kind: str | None = None
    properties: dict[str, "Schema"] = field(default_factory=dict)
    required: set[str] = field(default_factory=set)
    tag: tuple[str, str] | None = None
    """The property and value that tell this schema from its siblings, such as ``type: bubble``."""
    chosen_by: str | None = None
    """The property whose value chooses among `choices`."""
    choices: dict[str, "Schema"] = field(default_factory=dict)
    items: "Schema | None" = None
    values: "Schema | None" = None
    enum: tuple[str, ...] = ()
    pattern: re.Pattern[str] | None = None
    bounds: dict[str, int] = field(default_factory=dict)
    rules: tuple[Rule, ...] = ()

    def problems(self, value: Json, where: str = "") -> Iterator[Problem]:
        """Whatever LINE would refuse in `value`, which stands at the property `where`."""
        if self.chosen_by is not None and isinstance(value, dict):
            yield from self._chosen_problems(value, where)
        elif self.kind is not None and not _is(value, self.kind):
            yield Problem(where, "May not be null" if value is None else f"Must be of type {self.kind}")
        elif isinstance(value, dict):
            yield from self._object_problems(value, where)
        elif isinstance(value, list):
            yield from self._array_problems(value, where)
        elif isinstance(value, str):
            yield from self._string_problems(value, where)
        elif not isinstance(value, bool) and value is not None:
            yield from self._number_problems(value, where)

    def _chosen_problems(self, value: dict[str, Json], where: str) -> Iterator[Problem]:
        assert self.chosen_by is not None  # noqa: S101 - for the type checker; `problems` asked
        choice = value.get(self.chosen_by)
        schema = self.choices.get(choice) if isinstance(choice, str) else None
        if schema is None:
            options = ", ".join(self.choices)
            yield Problem(_join(where, self.chosen_by), f"Must be one of the following values: [{options}]")
        else:
            yield from schema.problems(value, where)

    def _object_problems(self, value: dict[str, Json], where: str) -> Iterator[Problem]:
        found = list(self._field_problems(value, where))
        if not found:
            found = [Problem(_join(where, each.property), each.message) for rule in self.rules for each in rule(value)]
        yield from found

    def _field_problems(self, value: dict[str, Json], where: str) -> Iterator[Problem]:
        if self.tag is not None and value.get(self.tag[0]) != self.tag[1]:
            yield Problem(_join(where, self.tag[0]), f"Must be one of the following values: [{self.tag[1]}]")
        for name in sorted(self.required - value.keys()):
            yield Problem(_join(where, name), "May not be empty")
        for name, member in value.items():
            schema = self.properties.get(name, self.values)
            if schema is None and (self.properties or self.tag):
                yield Problem(_join(where, name), "unknown field")
            elif schema is not None:
                yield from schema.problems(member, _join(where, name))

    def _array_problems(self, value: list[Json], where: str) -> Iterator[Problem]:
        yield from self._outside("Items", len(value), where, "Size")
        if self.items is not None:
            for index, item in enumerate(value):
                yield from self.items.problems(item, f"{where}[{index}]")

    def _string_problems(self, value: str, where: str) -> Iterator[Problem]:
        yield from self._outside("Length", utf16_length(value), where, "Length")
        if self.enum and value not in self.enum:
            yield Problem(where, f"Must be one of the following values: [{', '.join(self.enum)}]")
        if self.pattern is not None and not self.pattern.search(value):
            yield Problem(where, f"Must match {self.pattern.pattern}")

    def _number_problems(self, value: float, where: str) -> Iterator[Problem]:
        if value < self.bounds.get("minimum", value):
            yield Problem(where, f"Must be greater than or equal to {self.bounds['minimum']}")
        if value > self.bounds.get("maximum", value):
            yield Problem(where, f"Must be less than or equal to {self.bounds['maximum']}")

    def _outside(self, suffix: str, measure: int, where: str, what: str) -> Iterator[Problem]:
        least, most = self.bounds.get(f"min{suffix}", 0), self.bounds.get(f"max{suffix}")
        if measure < least or (most is not None and measure > most):
            yield Problem(where, between(what, least, most))


def between(what: str, least: int, most: int | None) -> str:
    """LINE's words for a length or size that is out of range."""
    return f"{what} must be between {least} and {most}" if most is not None else f"{what} must be at least {least}"


@dataclass(frozen=True, slots=True)
class Operation:
    """What an endpoint takes: the schema of its JSON body, if any, and whether a retry key is allowed."""

    body: Schema | None
    body_required: bool
    takes_retry_key: bool


@dataclass(frozen=True, slots=True)
class Supplement:
    """What the reference knows and the document does not, by schema name.

    Args:
        rules: Further checks of an object; they run once its fields have the right types.
        required: Further properties that must be there.
        superseded: Bounds of a property that have changed since the document was published; None where none holds.
    """

    rules: Mapping[str, tuple[Rule, ...]]
    required: Mapping[str, frozenset[str]]
    superseded: Mapping[tuple[str, str], Mapping[str, int | None]]


class Spec:
    """LINE's OpenAPI document with its supplement."""

    def __init__(self, document: Mapping[str, Json], supplement: Supplement) -> None:
        self._paths: Mapping[str, Json] = document["paths"]
        self._nodes: Mapping[str, Json] = document["components"]["schemas"]
        self._supplement = supplement
        self._known: dict[str, Schema] = {}

    @classmethod
    def load(cls, supplement: Supplement) -> "Spec":
        """Read the file that lies beside this module."""
        return cls(json.loads(_FILE.read_text(encoding="utf-8")), supplement)

    def operation(self, method: str, path: str) -> Operation:
        """What LINE documents for this method and path.

        Raises:
            KeyError: LINE has no such endpoint.
        """
        node = self._paths[path][method.lower()]
        request = node.get("requestBody", {})
        content = request.get("content", {}).get("application/json")
        return Operation(
            body=self._compile(content["schema"]) if content else None,
            body_required=request.get("required", False),
            takes_retry_key=any(each["name"] == "X-Line-Retry-Key" for each in node.get("parameters", ())),
        )

    def schema(self, name: str) -> Schema:
        """The schema with this name.

        Raises:
            KeyError: LINE has no such schema.
        """
        if name not in self._known:
            schema = self._known[name] = Schema(name=name, rules=self._supplement.rules.get(name, ()))
            self._fill(schema, self._nodes[name])
            schema.required |= self._supplement.required.get(name, frozenset())
            schema.tag = self._tags.get(name)
            if discriminator := self._nodes[name].get("discriminator"):
                schema.chosen_by = discriminator["propertyName"]
                schema.choices = {key: self._referred(ref) for key, ref in discriminator["mapping"].items()}
        return self._known[name]

    @cached_property
    def _tags(self) -> dict[str, tuple[str, str]]:
        """Schema name → the discriminating property and value that lead to it."""
        return {
            reference.removeprefix(_REFERENCE): (discriminator["propertyName"], key)
            for node in self._nodes.values()
            if (discriminator := node.get("discriminator"))
            for key, reference in discriminator["mapping"].items()
        }

    def _referred(self, reference: str) -> Schema:
        return self.schema(reference.removeprefix(_REFERENCE))

    def _compile(self, node: Mapping[str, Json]) -> Schema:
        if "$ref" in node:
            return self._referred(node["$ref"])
        schema = Schema()
        self._fill(schema, node)
        return schema

    def _fill(self, schema: Schema, node: Mapping[str, Json]) -> None:
        for part in node.get("allOf", ()):
            self._fill(schema, self._nodes[part["$ref"].removeprefix(_REFERENCE)] if "$ref" in part else part)
        schema.kind = "object" if "properties" in node else node.get("type", schema.kind)
        schema.required.update(node.get("required", ()))
        for name, member in node.get("properties", {}).items():
            schema.properties[name] = self._property(schema.name, name, member)
        if "items" in node:
            schema.items = self._compile(node["items"])
        if "additionalProperties" in node:
            schema.values = self._compile(node["additionalProperties"])
        schema.enum = tuple(node.get("enum", schema.enum))
        schema.pattern = re.compile(node["pattern"]) if "pattern" in node else schema.pattern
        for end in ("minItems", "maxItems", "minLength", "maxLength", "minimum", "maximum"):
            if node.get(end) is not None:
                schema.bounds[end] = node[end]

    def _property(self, owner: str, name: str, node: Mapping[str, Json]) -> Schema:
        newer = self._supplement.superseded.get((owner, name), {})
        return self._compile({**node, **newer})


def _is(value: Json, kind: str) -> bool:
    return isinstance(value, _TYPES[kind]) and (kind == "boolean" or not isinstance(value, bool))


def _join(where: str, name: str) -> str:
    return f"{where}.{name}" if where and name else where or name
