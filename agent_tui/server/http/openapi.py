"""The OpenAPI 3.1 document: from what Litestar knows of each route, and msgspec of the wire's structs.

Path, method, status, who may ask and the summary are the route's own; which problems it can answer follows
from them. Litestar's own generator stays off: of our structs it makes `oneOf` with an empty schema for every
tuple, no discriminator for the commands, and its own error document for every 400. Bodies are decoded by hand
as well (`forms`): the framework's decoding takes `"1"` for 1, doesn't clean outside text, and resets the
connection where a body is too large instead of answering 413.
"""

import re
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

import msgspec
from litestar import Litestar
from litestar.params import ParameterKwarg
from litestar.typing import FieldDefinition
from msgspec import Struct

from agent_tui.domain.commands import KINDS
from agent_tui.domain.text import SEEN
from agent_tui.server.http.guards import RoleGuard
from agent_tui.server.http.params import ID_SCHEMA
from agent_tui.server.http.problems import MEDIA
from agent_tui.server.intake.forms import PART_TYPES, WITH_FILE
from agent_tui.wire import Problem

_REF = "#/components/schemas/{name}"


class Doc(Struct, frozen=True, kw_only=True):
    """What a route says of its bodies; a raw `media` stands for those that are not JSON structs."""

    body: Any = None
    raw_body: str = ""
    answer: Any = None
    media: str = "application/json"
    # Problems beyond those that follow from guard, body, path and parameters.
    also: tuple[int, ...] = ()
    is_signed: bool = False


def document(app: Litestar, version: str) -> dict[str, Any]:
    """The document for every route of `app` that has a `Doc`."""
    found = list(_operations(app))
    types = [kind for one in found for kind in (one.doc.body, one.doc.answer) if kind is not None]
    schemas, components = msgspec.json.schema_components([*types, Problem], ref_template=_REF)
    # Rules that the structs can only check by code.
    components["Transfer"]["anyOf"] = [_given("assignee"), _given("team")]
    components["HandDraft"]["anyOf"] = [
        {"required": ["text"], "properties": {"text": {"type": "string", "minLength": 1}}},
        {"required": ["parts"], "properties": {"parts": {"type": "array", "minItems": 1}}},
    ]
    components["OutgoingPart"] = _outgoing_part(components["Part"])
    for name in (kind.__name__ for kind in KINDS if "parts" in kind.__struct_fields__):
        components[name]["properties"]["parts"]["items"] = {"$ref": _REF.format(name="OutgoingPart")}
    by_type = dict(zip([id(kind) for kind in [*types, Problem]], schemas, strict=True))
    paths: dict[str, Any] = {}
    for one in found:
        paths.setdefault(one.path, {})[one.method] = _described(one, by_type)
    return {
        "openapi": "3.1.0",
        "info": {"title": "agent-tui", "version": version, "description": "The HTTP contract, version 1."},
        "paths": paths,
        "components": {"schemas": components, "securitySchemes": _SECURITY},
    }


def _outgoing_part(part: dict[str, Any]) -> dict[str, Any]:
    """A part as agents write it: only types a channel knows, with what each must have."""
    known = part["properties"]

    def one(types: tuple[str, ...], needs: str = "", schema: Any = None) -> dict[str, Any]:
        properties = {**known, "type": {"enum": list(types)}}
        if needs:
            properties[needs] = schema
        return {
            **part,
            "title": types[0],
            "properties": properties,
            "required": ["type", *filter(None, [needs])],
        }

    words = {"type": "string", "minLength": 1, "maxLength": 10_000, "pattern": SEEN}
    cards = tuple(kind for kind in PART_TYPES if kind != "text" and kind not in WITH_FILE)
    file = {"$ref": _REF.format(name="FileInfo")}
    return {"anyOf": [one(("text",), "text", words), one(WITH_FILE, "file", file), one(cards)]}


def _given(name: str) -> dict[str, Any]:
    return {"required": [name], "properties": {name: {"type": "string"}}}


_BYTES = {"type": "string", "format": "binary", "minLength": 1}
_SECURITY = {
    "token": {"type": "http", "scheme": "bearer"},
    "signature": {
        "type": "apiKey",
        "in": "header",
        "name": "webhook-signature",
        "description": "Standard Webhooks: webhook-id, webhook-timestamp, webhook-signature",
    },
}


class _Operation(Struct, frozen=True):
    """A route's method with what the framework knows of it."""

    path: str
    method: str
    summary: str
    status: int
    is_guarded: bool
    doc: Doc
    parameters: list[dict[str, Any]]

    @property
    def security(self) -> str:
        """The name of the scheme it asks for, empty for nobody's."""
        return "signature" if self.doc.is_signed else "token" if self.is_guarded else ""

    @property
    def problems(self) -> list[int]:
        """Every status of a problem that it can answer."""
        doc, found = self.doc, {503, *self.doc.also}
        if self.security:
            found.add(401)
        if self.is_guarded:
            found |= {403, 429}
        if doc.body is not None or doc.raw_body:
            found |= {400, 413}
        if doc.body is not None:
            found.add(415)
        if self.parameters:
            found.add(400)
        if "{" in self.path:
            found |= {400, 404}
        return sorted(found)


def _operations(app: Litestar) -> Iterator[_Operation]:
    for route in app.routes:
        for handler in getattr(route, "route_handlers", ()):
            doc = handler.opt.get("doc")
            if isinstance(doc, Doc):
                summary = (handler.fn.__doc__ or "").strip().splitlines()[0].rstrip(".")
                guarded = any(isinstance(guard, RoleGuard) for guard in handler.guards or ())
                for method in sorted(handler.http_methods - {"OPTIONS", "HEAD"}):
                    status, parameters = handler.status_code, _parameters(handler, doc)
                    yield _Operation(
                        route.path_format, method.lower(), summary, status, guarded, doc, parameters
                    )


def _described(one: _Operation, by_type: dict[int, Any]) -> dict[str, Any]:
    doc = one.doc
    operation: dict[str, Any] = {
        "operationId": _operation_id(one.path, one.method),
        "summary": one.summary,
        "parameters": one.parameters,
        "responses": {str(one.status): _good(one, by_type), **_problems(one, by_type)},
        "security": [{one.security: []}] if one.security else [],
    }
    if doc.body is not None:
        content = {"application/json": {"schema": by_type[id(doc.body)]}}
        operation["requestBody"] = {"required": True, "content": content}
    elif doc.raw_body:
        operation["requestBody"] = {"required": True, "content": {doc.raw_body: {"schema": _BYTES}}}
    return operation


def _operation_id(path: str, method: str) -> str:
    return method + re.sub(r"[^A-Za-z0-9]+", "_", path).rstrip("_")


def _parameters(handler: Any, doc: Doc) -> list[dict[str, Any]]:
    """What the route's function names of path, query and headers; a webhook's headers are read by hand."""
    fields = [one for one in handler.parsed_fn_signature.parameters.values() if not one.is_di_field]
    named = [_parameter(one) for one in fields if isinstance(one.kwarg_definition, ParameterKwarg)]
    return named + ([_signed(name) for name in ("webhook-id", "webhook-timestamp")] if doc.is_signed else [])


def _parameter(field: FieldDefinition) -> dict[str, Any]:
    said = field.kwarg_definition
    assert isinstance(said, ParameterKwarg)
    place = said.param_type.value
    checks = {"minLength": said.min_length, "maxLength": said.max_length, "pattern": said.pattern}
    schema = {"type": "string"} | {name: check for name, check in checks.items() if check is not None}
    if field.has_default and field.default is not None:
        schema["default"] = field.default
    return {
        "name": said.name or field.name,
        "in": place,
        "required": place == "path" or not field.has_default,
        "description": said.description or "",
        "schema": said.schema_extra or (ID_SCHEMA if place == "path" else schema),
    }


def _signed(name: str) -> dict[str, Any]:
    return {"name": name, "in": "header", "required": True, "description": "", "schema": {"type": "string"}}


def _good(one: _Operation, by_type: dict[int, Any]) -> dict[str, Any]:
    doc = one.doc
    if one.status == HTTPStatus.NO_CONTENT:
        return {"description": HTTPStatus.NO_CONTENT.phrase}
    schema = by_type[id(doc.answer)] if doc.answer is not None else {}
    return {"description": HTTPStatus(one.status).phrase, "content": {doc.media: {"schema": schema}}}


def _problems(one: _Operation, by_type: dict[int, Any]) -> dict[str, Any]:
    content = {MEDIA: {"schema": by_type[id(Problem)]}}
    return {str(s): {"description": HTTPStatus(s).phrase, "content": content} for s in one.problems}
