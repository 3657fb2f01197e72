"""Pages from templates, under a policy that lets them run and load nothing but our own files."""

from collections.abc import Mapping
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from litestar import MediaType, Response

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' blob:",
    "connect-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'self'",
    "require-trusted-types-for": "'script'",
    "trusted-types": "'none'",
}
"""`blob:` is for the pictures in a chat: they are fetched with the visitor's token."""
TEMPLATES = Environment(
    loader=PackageLoader("chatsession.demo"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
NOTHING: Mapping[str, str] = {}


def page(
    template: str,
    facts: Mapping[str, Any],
    *,
    status: int = 200,
    policy: Mapping[str, str] = NOTHING,
    headers: Mapping[str, str] = NOTHING,
) -> Response[str]:
    """A page; `policy` tightens or widens single directives of its content security policy."""
    rules = "; ".join(f"{name} {value}" for name, value in {**POLICY, **policy}.items())
    return Response(
        TEMPLATES.get_template(template).render(facts),
        media_type=MediaType.HTML,
        status_code=status,
        headers={"Content-Security-Policy": rules, "Cache-Control": "no-cache", **headers},
    )
