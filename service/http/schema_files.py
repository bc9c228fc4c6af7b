"""Serve the schema as files: SDL, the result of introspection, and what caches of clients need."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from fastapi import FastAPI, Request, Response
from graphql import (
    GraphQLSchema,
    get_introspection_query,
    is_abstract_type,
    is_introspection_type,
    is_object_type,
)
from strawberry import Schema

from service.graphql.run.engine import Engine
from service.http.compression import ENCODING, EncodedBody
from service.http.conditional import has_current, make_etag
from service.http.graphql_response import encode_json

INTROSPECTION = get_introspection_query(
    specified_by_url=True, directive_is_repeatable=True, schema_description=True,
    input_value_deprecation=True,
).replace("specifiedByURL", "specifiedByURL isOneOf")  # fmt: skip
"""The query whose result has all that a schema says of itself."""
CACHE_CONTROL = "public, no-cache"
"""A cache may store a file, and asks by its ETag whether it is still the same."""


@dataclass(slots=True)
class SchemaFile:
    """A file that is made when it is first requested."""

    media_type: str
    make: Callable[[], Awaitable[bytes]]
    _made: "asyncio.Task[tuple[EncodedBody, str]] | None" = field(default=None)

    async def respond(self, request: Request) -> Response:
        """Return the file, or 304 if the client has it."""
        if self._made is None:
            self._made = asyncio.create_task(self._make())
        body, etag = await asyncio.shield(self._made)
        headers = {"etag": f"W/{etag}", "cache-control": CACHE_CONTROL}
        if has_current(request, etag):
            return Response(status_code=304, headers=headers)
        coding: bytes | None = request.scope.get(ENCODING)
        if coding is not None:
            headers["content-encoding"] = coding.decode()
        return Response(await body.encode(coding), headers=headers, media_type=self.media_type)

    async def _make(self) -> tuple[EncodedBody, str]:
        body = await self.make()
        return EncodedBody(body), make_etag(body)


def add_schema_files(app: FastAPI, schema: Schema, engine: Engine) -> None:
    """Add the files of a schema to an application."""
    core: GraphQLSchema = schema._schema

    async def make_sdl() -> bytes:
        return (await asyncio.to_thread(schema.as_str)).encode() + b"\n"

    async def introspect() -> bytes:
        result, _ = await engine.execute(core, INTROSPECTION)
        return encode_json({"data": result.data})

    async def find_possible_types() -> bytes:
        return encode_json(possible_types(core))

    async def make_client_settings() -> bytes:
        return encode_json(client_settings(core))

    for path, media_type, make in (
        ("/schema.graphql", "text/plain", make_sdl),
        ("/schema.json", "application/json", introspect),
        ("/possible-types.json", "application/json", find_possible_types),
        ("/client-settings.json", "application/json", make_client_settings),
    ):
        respond = SchemaFile(media_type, make).respond
        app.add_api_route(path, respond, methods=["GET", "HEAD"])


def possible_types(schema: GraphQLSchema) -> dict[str, list[str]]:
    """Return the object types of each interface and union, as Apollo Client's cache takes them."""
    return {
        name: sorted(one.name for one in schema.get_possible_types(found))
        for name, found in sorted(schema.type_map.items())
        if is_abstract_type(found)
    }


def client_settings(schema: GraphQLSchema) -> dict[str, object]:
    """Return what the normalized cache of a client has to know of a schema.

    ``typesWithoutId`` are the objects that a cache stores within the object that leads to them.
    """
    return {
        "possibleTypes": possible_types(schema),
        "typesWithoutId": sorted(
            name
            for name, found in schema.type_map.items()
            if is_object_type(found)
            and found is not schema.query_type
            and not is_introspection_type(found)
            and "id" not in found.fields
        ),
    }
