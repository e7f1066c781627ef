"""The OpenAPI 3.1 document: written from what each route says of itself and from the wire's own structs."""

import re
from http import HTTPStatus
from typing import Any

import msgspec
from litestar import Litestar
from msgspec import Struct

from agent_tui.domain.commands import KINDS
from agent_tui.server.http.forms import PART_TYPES, WITH_FILE
from agent_tui.server.http.problems import MEDIA
from agent_tui.wire import Problem

_REF = "#/components/schemas/{name}"

# One character that is to be seen: what the door drops and what is blank do not count.
_WORDS = r"[^\s\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"


class Param(Struct, frozen=True, kw_only=True):
    """A query parameter or header with its schema."""

    name: str
    schema: dict[str, Any]
    about: str = ""
    required: bool = False
    place: str = "query"


class Doc(Struct, frozen=True, kw_only=True):
    """What a route says of itself; a raw `media` stands for bodies that are not JSON structs."""

    about: str
    body: Any = None
    raw_body: str = ""
    answer: Any = None
    media: str = "application/json"
    status: int = 200
    params: tuple[Param, ...] = ()
    problems: tuple[int, ...] = (400, 401, 403, 404, 429)
    security: str = "token"
    ids: dict[str, dict[str, Any]] = {}


ID_SCHEMA: dict[str, Any] = {
    "type": "string",
    "minLength": 1,
    "maxLength": 200,
    "pattern": "^[A-Za-z0-9._~-]+$",
}


def document(app: Litestar, version: str) -> dict[str, Any]:
    """The document for every route of `app` that has a `Doc`."""
    found = list(_documented(app))
    types = [kind for _, _, doc in found for kind in (doc.body, doc.answer) if kind is not None]
    schemas, components = msgspec.json.schema_components([*types, Problem], ref_template=_REF)
    # Rules that the structs can only check by code.
    components["Transfer"]["anyOf"] = [_given("assignee"), _given("team")]
    components["OutgoingPart"] = _outgoing_part(components["Part"])
    for name in (kind.__name__ for kind in KINDS if "parts" in kind.__struct_fields__):
        components[name]["properties"]["parts"]["items"] = {"$ref": _REF.format(name="OutgoingPart")}
    by_type = dict(zip([id(kind) for kind in [*types, Problem]], schemas, strict=True))
    paths: dict[str, Any] = {}
    for path, method, doc in found:
        paths.setdefault(path, {})[method] = _operation(path, method, doc, by_type)
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

    words = {"type": "string", "minLength": 1, "maxLength": 10_000, "pattern": _WORDS}
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


def _documented(app: Litestar) -> Any:
    for route in app.routes:
        for handler in getattr(route, "route_handlers", ()):
            doc = handler.opt.get("doc")
            if isinstance(doc, Doc):
                for method in sorted(handler.http_methods - {"OPTIONS", "HEAD"}):
                    yield route.path_format, method.lower(), doc


def _operation(path: str, method: str, doc: Doc, by_type: dict[int, Any]) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": _operation_id(path, method),
        "summary": doc.about,
        "parameters": [*_path_params(path, doc), *(_param(p) for p in doc.params)],
        "responses": {str(doc.status): _good(doc, by_type), **_problems(doc, by_type)},
        "security": [{doc.security: []}] if doc.security else [],
    }
    if doc.body is not None:
        content = {"application/json": {"schema": by_type[id(doc.body)]}}
        operation["requestBody"] = {"required": True, "content": content}
    elif doc.raw_body:
        operation["requestBody"] = {"required": True, "content": {doc.raw_body: {"schema": _BYTES}}}
    return operation


def _operation_id(path: str, method: str) -> str:
    return method + re.sub(r"[^A-Za-z0-9]+", "_", path).rstrip("_")


def _path_params(path: str, doc: Doc) -> list[dict[str, Any]]:
    names = re.findall(r"{(\w+)}", path)
    return [
        {"name": name, "in": "path", "required": True, "schema": doc.ids.get(name, ID_SCHEMA)}
        for name in names
    ]


def _param(param: Param) -> dict[str, Any]:
    return {
        "name": param.name,
        "in": param.place,
        "required": param.required,
        "description": param.about,
        "schema": param.schema,
    }


def _good(doc: Doc, by_type: dict[int, Any]) -> dict[str, Any]:
    if doc.status == HTTPStatus.NO_CONTENT:
        return {"description": HTTPStatus.NO_CONTENT.phrase}
    schema = by_type[id(doc.answer)] if doc.answer is not None else {}
    return {"description": HTTPStatus(doc.status).phrase, "content": {doc.media: {"schema": schema}}}


def _problems(doc: Doc, by_type: dict[int, Any]) -> dict[str, Any]:
    content = {MEDIA: {"schema": by_type[id(Problem)]}}
    statuses = sorted({*doc.problems, 503})
    return {str(s): {"description": HTTPStatus(s).phrase, "content": content} for s in statuses}
