"""The OpenAPI document: routes and parameters as the framework knows them, types as msgspec has them, every refusal."""

from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import version
from typing import Any, get_args, get_origin, get_type_hints

import msgspec
from litestar import Litestar, MediaType, Response
from litestar.handlers import HTTPRouteHandler
from litestar.openapi import OpenAPIConfig

from chatsession.runtime.refused import RefusedError
from chatsession.server.examples import BODIES, DESCRIPTION, DOWNLOADS, HEADERS, REFUSALS, SCHEMES, UPLOADS
from chatsession.server.problems import MEDIA_TYPE, problem_of
from chatsession.server.providing import PROVIDED, always
from chatsession.server.routes import Access
from chatsession.server.shapes import Problem

REF = "#/components/schemas/{name}"
POSITIONED = ("read_events", "stream_session")
FIRST_OR_AGAIN = ("open_session", "post_message")
"""What answers 201 the first time and 200 again."""

Json = dict[str, Any]


def document_of(routes: Mapping[Access, Sequence[HTTPRouteHandler]]) -> bytes:
    """The document of these routes, each with its access."""
    shown = [(kind, one) for kind, group in routes.items() for one in group if one.include_in_schema is not False]
    handlers = {handler.handler_name: handler for _, handler in shown}
    access = {handler.handler_name: kind for kind, handler in shown}
    kinds = {repr(kind): kind for handler in handlers.values() for kind in _kinds(handler) if kind is not None}
    schemas, components = msgspec.json.schema_components([*kinds.values(), Problem], ref_template=REF)
    schema_of = dict(zip(kinds, schemas, strict=False))
    document = _framework_document(list(handlers.values()))
    for operation in _operations(document):
        handler = handlers[operation["operationId"]]
        _complete(operation, handler, schema_of)
        _refuse(operation, access[handler.handler_name])
    document["components"] = {
        "schemas": components,
        "responses": {_name(status): _problem_response(status) for status in REFUSALS},
        "securitySchemes": SCHEMES,
    }
    return msgspec.json.encode(document)


def _framework_document(handlers: list[HTTPRouteHandler]) -> Json:
    """What the framework says; from an application of its own, for it would add pages to the real one."""
    app = Litestar(
        handlers,
        dependencies={name: always(None) for name in PROVIDED},
        logging_config=None,
        openapi_config=OpenAPIConfig(
            title="chatsession",
            version=version("chatsession"),
            description=DESCRIPTION,
            use_handler_docstrings=True,
            operation_id_creator=_operation_id,
        ),
    )
    return app.openapi_schema.to_schema()


def _operation_id(handler: HTTPRouteHandler, _: Any, __: Any) -> str:
    return handler.handler_name


def _operations(document: Json) -> Iterator[Json]:
    for item in document["paths"].values():
        yield from item.values()


def _kinds(handler: HTTPRouteHandler) -> tuple[Any, Any]:
    """The types of body and answer; None where there is none, or none that is JSON."""
    hints = get_type_hints(handler.fn)
    body = next((kind for kind in _alternatives(hints.get("data")) if kind is not type(None)), None)
    returned = hints["return"]
    origin = get_origin(returned)
    answer = get_args(returned)[0] if isinstance(origin, type) and issubclass(origin, Response) else returned
    is_json = answer is not type(None) and handler.media_type in ("", MediaType.JSON)
    return body, answer if is_json else None


def _alternatives(kind: Any) -> tuple[Any, ...]:
    """The types of a union; a type alone is its only alternative."""
    if kind is None:
        return ()
    is_union = type(None) in get_args(kind)
    return get_args(kind) if is_union else (kind,)


def _complete(operation: Json, handler: HTTPRouteHandler, schema_of: Mapping[str, Json]) -> None:
    """Say what goes in and what comes out, in the words of our own types."""
    body, answer = _kinds(handler)
    operation["summary"] = operation["description"].partition("\n")[0].rstrip(".")
    operation["parameters"] = [_plain(parameter) for parameter in operation.get("parameters", [])]
    operation["responses"] = _successes(operation, handler, schema_of.get(repr(answer)))
    if body is not None:
        content: Json = {"schema": schema_of[repr(body)]}
        if (example := BODIES.get(handler.handler_name)) is not None:
            content["example"] = example
        is_needed = type(None) not in get_args(get_type_hints(handler.fn)["data"])
        operation["requestBody"] = {"content": {"application/json": content}, "required": is_needed}
    elif (kinds := UPLOADS.get(handler.handler_name)) is not None:
        operation["requestBody"] = {"content": {kind: {} for kind in kinds}, "required": True}


def _plain(parameter: Json) -> Json:
    """A parameter in an address is there or not; it is never null."""
    schema: Json = parameter["schema"]
    some = [each for each in schema.pop("oneOf", []) if each != {"type": "null"}]
    schema |= some[0] if some else {}
    if "null" in (kinds := schema.get("type", "")):
        schema["type"] = next(kind for kind in kinds if kind != "null")
        schema["enum"] = [each for each in schema["enum"] if each is not None]
    for bound in ("minimum", "maximum"):
        if bound in schema:
            schema[bound] = int(schema[bound])
    return {key: value for key, value in parameter.items() if value is not False}


def _successes(operation: Json, handler: HTTPRouteHandler, schema: Json | None) -> Json:
    statuses = (201, 200) if handler.handler_name in FIRST_OR_AGAIN else (handler.status_code,)
    said: Json = {"description": operation["summary"]}
    if schema is not None:
        said["content"] = {"application/json": {"schema": schema}}
    elif handler.status_code != 204:  # noqa: PLR2004  nothing comes back
        kinds = DOWNLOADS.get(handler.handler_name, (str(handler.media_type),))
        said["content"] = {
            kind: {} if handler.handler_name in DOWNLOADS else {"schema": {"type": "string"}} for kind in kinds
        }
    if (headers := HEADERS.get(handler.handler_name)) is not None:
        said["headers"] = {name: {"description": text, "schema": {"type": "string"}} for name, text in headers.items()}
    return {str(status): said for status in statuses}


def _refuse(operation: Json, access: Access) -> None:
    """Add every refusal the operation can answer with, and what the caller must show."""
    statuses = {401, 403, 406, 414, 429, 431, 500, 503}
    if "requestBody" in operation:
        statuses |= {408, 413, 415, 422}
    if operation["parameters"]:
        statuses |= {404, 422}
    if operation["operationId"] in POSITIONED:
        statuses.add(410)
    if access in (Access.KNOWN, Access.TICKET):
        statuses |= {404, 409}
        by_ticket: list[Json] = [{"ticket": []}] if access is Access.TICKET else []
        operation["security"] = [{"bearer": []}, *by_ticket]
    for status in sorted(statuses):
        operation["responses"][str(status)] = {"$ref": f"#/components/responses/{_name(status)}"}


def _problem_response(status: int) -> Json:
    refusals = REFUSALS[status]
    examples = {each.code: {"value": problem_of(RefusedError(each))} for each in refusals}
    response: Json = {
        "description": " · ".join(f"`{each.code}`" for each in refusals),
        "content": {MEDIA_TYPE: {"schema": {"$ref": REF.format(name="Problem")}, "examples": examples}},
    }
    if any("retry_after" in each.extra for each in refusals):
        response["headers"] = {"Retry-After": {"description": "Seconds.", "schema": {"type": "integer"}}}
    return response


def _name(status: int) -> str:
    return f"Problem{status}"
