"""A URL and the name of an environment variable in; where requests go, what may be shown of it, and the key, out."""

from __future__ import annotations

import ipaddress
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit, urlunsplit

from gemstead.core.environment import secret
from gemstead.core.errors import BadRequest

KEY_VARIABLES = {
    "api.openai.com": "OPENAI_API_KEY",
    "api.anthropic.com": "ANTHROPIC_API_KEY",
    "generativelanguage.googleapis.com": "GEMINI_API_KEY",
    "api.deepseek.com": "DEEPSEEK_API_KEY",
    "api.mistral.ai": "MISTRAL_API_KEY",
    "api.moonshot.ai": "MOONSHOT_API_KEY",
    "api.x.ai": "XAI_API_KEY",
    "api.groq.com": "GROQ_API_KEY",
    "api.cerebras.ai": "CEREBRAS_API_KEY",
    "api.together.xyz": "TOGETHER_API_KEY",
    "api.deepinfra.com": "DEEPINFRA_API_KEY",
    "api.fireworks.ai": "FIREWORKS_API_KEY",
    "openrouter.ai": "OPENROUTER_API_KEY",
    "router.huggingface.co": "HF_TOKEN",
}
"""Which variable holds a host's key, by the host's own documentation. A key is never sent to a host it is not for."""
ANY_HOST = "GEMSTEAD_API_KEY"
"""Variable of the key for every other host."""

_PLAIN_QUERY = {"api-version"}
"""Query fields that are no secret and belong to the address."""
_ROUTES = ("/chat/completions", "/completions", "/models")
_OURS = set(
    "model messages prompt stream stream_options n tools stop max_tokens seed temperature top_p top_k min_p "
    "repetition_penalty".split()
)


@dataclass(frozen=True, kw_only=True)
class EndpointSettings:
    """How an endpoint is spoken to.

    Args:
        url: Base of its OpenAI-style routes, e.g. "http://localhost:8000/v1"; a bare host means its "/v1".
        model: Which of its models.
        api_key_env: Variable that holds the key; by default the host's own, see `KEY_VARIABLES`.
        extra: Fields sent along with every request, e.g. {"reasoning_effort": "low"}.
        concurrency: Requests in flight at most.
        attempts: How often an answer is asked for before it is given up.
        first_wait_s: Wait before the second attempt; it doubles with each further one, less up to half at random.
        longest_wait_s: Longest such wait.
        patience_s: How long one answer may be put off by rate limits in all; these are no attempts.
        silence_s: How long the endpoint may say nothing before the line counts as dead.
        answer_s: How long one answer may take in all.

    Raises:
        BadRequest: A value is out of range, or `extra` sets a field that is ours to set.
    """

    url: str
    model: str
    api_key_env: str | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)
    concurrency: int = 8
    attempts: int = 6
    first_wait_s: float = 1.0
    longest_wait_s: float = 60.0
    patience_s: float = 900.0
    silence_s: float = 300.0
    answer_s: float = 3600.0

    def __post_init__(self) -> None:
        for name in ("concurrency", "attempts"):
            if getattr(self, name) < 1:
                raise BadRequest(f"{name} is {getattr(self, name)!r}; allowed is a whole number of at least 1")
        for name in ("first_wait_s", "longest_wait_s", "patience_s", "silence_s", "answer_s"):
            if not getattr(self, name) > 0:
                raise BadRequest(f"{name} is {getattr(self, name)!r}; allowed is a number above 0")
        taken = sorted(_OURS & set(self.extra))
        if taken:
            raise BadRequest(
                f"extra field {taken[0]!r} is set by gemstead; allowed are others than {', '.join(sorted(_OURS))}"
            )


@dataclass(frozen=True, kw_only=True)
class Address:
    """Where an endpoint is.

    Args:
        url: Base URL without credentials; may be shown and stored.
        query: Query fields of every request; no secrets.
        user: Name and password that stood in the URL; may be neither shown nor stored.
    """

    url: str
    query: Mapping[str, str]
    user: tuple[str, str] | None = field(default=None, repr=False)

    @property
    def host(self) -> str:
        """Name of the host, in lower case."""
        return urlsplit(self.url).hostname or ""

    @property
    def is_near(self) -> bool:
        """Whether the host is this machine, or one of a private network, as far as its name tells."""
        if self.host == "localhost" or self.host.endswith((".localhost", ".local", ".internal")):
            return True
        try:
            return ipaddress.ip_address(self.host).is_private
        except ValueError:
            return "." not in self.host

    @property
    def shown(self) -> str:
        """The address as it is shown and stored."""
        fields = "&".join(f"{name}={value}" for name, value in sorted(self.query.items()))
        return f"{self.url}?{fields}" if fields else self.url


@dataclass(frozen=True, kw_only=True)
class Credentials:
    """What lets us in. Never shown, stored or logged; `repr` shows neither key nor password.

    Args:
        variable: Name of the variable that the key comes from.
        key: The key; `None` where the variable is not set.
        user: Name and password, where the URL carried them.
    """

    variable: str
    key: str | None = field(default=None, repr=False)
    user: tuple[str, str] | None = field(default=None, repr=False)

    def redact(self, text: str, *, shortest: int = 4) -> str:
        """Text of others without our secrets, should they have sent them back.

        Args:
            text: Their words.
            shortest: Secrets with fewer characters are let be: they are placeholders such as "no", and in an answer
                even longer ones may stand by chance.
        """
        secrets = [self.key] if self.key is not None else []
        if self.user is not None:
            secrets += [b64encode(":".join(self.user).encode()).decode(), self.user[1]]
        for value in secrets:
            if len(value) >= shortest:
                text = text.replace(value, "[secret]")
        return text


def read_address(url: str) -> Address:
    """Take a URL apart.

    Raises:
        BadRequest: It is no URL of a web server, or carries something in its query that may be a secret.
    """
    hint = "give the base of an OpenAI-style API, e.g. `--endpoint http://localhost:8000/v1`"
    try:
        parts = urlsplit(url.strip() if "://" in url else f"http://{url.strip()}")
        port = parts.port
    except ValueError as error:
        raise BadRequest("the endpoint's URL cannot be read", hint=hint) from error
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise BadRequest(f"the endpoint's URL has scheme {parts.scheme!r}; allowed are http and https", hint=hint)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    unknown = sorted(set(query) - _PLAIN_QUERY)
    if unknown or parts.fragment:
        raise BadRequest(
            f"the endpoint's URL carries {unknown[0] if unknown else 'a fragment'!r}, which may be a secret and would "
            f"be stored; allowed is {', '.join(_PLAIN_QUERY)}",
            hint="give a key through an environment variable and `--api-key-env NAME`",
        )
    user = (unquote(parts.username or ""), unquote(parts.password or "")) if parts.username is not None else None
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    plain = SplitResult(parts.scheme, host if port is None else f"{host}:{port}", _base_path(parts.path), "", "")
    return Address(url=urlunsplit(plain), query=query, user=user)


def _base_path(path: str) -> str:
    path = path.rstrip("/")
    for route in _ROUTES:
        path = path.removesuffix(route)
    return path or "/v1"


def read_credentials(address: Address, variable: str | None) -> Credentials:
    """Read the key.

    Args:
        address: Whom it is for.
        variable: The variable the user named; `None` takes the host's own.

    Raises:
        BadRequest: The named variable is not set, or holds what no header can carry. The value is not in the message.
    """
    name = variable or KEY_VARIABLES.get(address.host, ANY_HOST)
    key = secret(name)
    if variable is not None and key is None:
        raise BadRequest(f"environment variable {variable} is not set, or blank", hint=f"export {variable}=…")
    if key is not None and not (key.isascii() and key.isprintable() and " " not in key):
        raise BadRequest(
            f"environment variable {name} holds characters that no key has", hint="set it to the key alone"
        )
    return Credentials(variable=name, key=key, user=address.user)
