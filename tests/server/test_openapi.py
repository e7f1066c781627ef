"""The OpenAPI document: it says what the routes do, with our problems and the commands told apart."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.server.driver import Person, Server


def test_the_document_names_every_route_and_problem(agent: Person) -> None:
    document = agent.get("/openapi.json")
    assert document["openapi"].startswith("3.1")
    assert {"/v1/commands", "/v1/changes", "/v1/changes/stream", "/v1/orders/{number}"} <= set(
        document["paths"]
    )
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            for status, response in operation["responses"].items():
                if int(status) >= 400:
                    assert list(response["content"]) == ["application/problem+json"], (
                        f"{method} {path} {status}"
                    )


def test_commands_are_told_apart_by_their_type(agent: Person) -> None:
    document = agent.get("/openapi.json")
    commands = document["components"]["schemas"]["CommandBatch"]["properties"]["commands"]["items"]
    assert commands["discriminator"]["propertyName"] == "type"
    assert {"send-reply", "claim-next", "set-emergency"} <= set(commands["discriminator"]["mapping"])


@pytest.fixture
def both(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[list[Server]]:
    """A server over each database: what is asked of one is asked of the other."""
    urls = [None, request.getfixturevalue("postgres")()]
    servers = [Server(tmp_path / str(n), url).start() for n, url in enumerate(urls)]
    yield servers
    for server in servers:
        server.end()


@pytest.mark.torture
def test_the_server_keeps_what_the_document_promises(both: list[Server]) -> None:
    """Making up requests costs most: each goes to both servers, as agent and as channel."""
    import requests
    import schemathesis
    from hypothesis import HealthCheck, Phase, given, settings
    from schemathesis.checks import not_a_server_error
    from schemathesis.specs.openapi.checks import (
        content_type_conformance,
        response_schema_conformance,
        status_code_conformance,
    )

    schema = schemathesis.openapi.from_url(f"{both[0].url}/openapi.json")
    checks = [
        not_a_server_error,
        status_code_conformance,
        content_type_conformance,
        response_schema_conformance,
    ]
    tokens = [(server.url, token) for server in both for token in tokens_of(server)]
    phases = [Phase.explicit, Phase.generate]
    session = requests.Session()
    for operation in (one.ok() for one in schema.get_all_operations()):
        if operation.path.endswith("/stream"):
            continue

        @settings(max_examples=25, phases=phases, suppress_health_check=list(HealthCheck))
        @given(operation.as_strategy())
        def holds(case: Any) -> None:
            for url, token in tokens:
                headers = {"Authorization": f"Bearer {token}"}
                case.call_and_validate(base_url=url, session=session, headers=headers, checks=checks)

        holds()
    session.close()


def tokens_of(server: Server) -> tuple[str, str]:
    """An agent's, and a channel's."""
    return server.person().token, server.channel().http.headers["authorization"].split()[1]
