"""URLs are taken apart, credentials taken out, and secrets refused where they would be stored."""

from __future__ import annotations

import pytest

from gemstead.core.errors import BadRequest
from gemstead.remote.address import EndpointSettings, read_address


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("http://localhost:8000", "http://localhost:8000/v1"),
        ("localhost:8000/", "http://localhost:8000/v1"),
        ("https://Api.Example.com/v1/", "https://api.example.com/v1"),
        ("https://openrouter.ai/api/v1/chat/completions", "https://openrouter.ai/api/v1"),
        ("http://[::1]:80/v1", "http://[::1]:80/v1"),
        ("https://me:secret@example.com/v1", "https://example.com/v1"),
        (
            "https://x.azure.com/openai/v1?api-version=2024-10-21",
            "https://x.azure.com/openai/v1?api-version=2024-10-21",
        ),
    ],
)
def test_a_url_is_brought_into_one_shape(url: str, shown: str) -> None:
    assert read_address(url).shown == shown


@pytest.mark.parametrize(
    "url", ["https://x.com/v1?key=hush-hush", "https://x.com/v1#hush-hush", "ftp://x.com", "http://[hush"]
)
def test_secrets_and_nonsense_are_refused_without_being_repeated(url: str) -> None:
    with pytest.raises(BadRequest) as caught:
        read_address(url)
    assert "hush" not in str(caught.value)


def test_near_hosts_are_told_from_far_ones() -> None:
    near = ["localhost", "127.0.0.1", "192.168.1.9", "[::1]", "box", "box.local"]
    assert all(read_address(f"http://{host}").is_near for host in near)
    assert not any(read_address(f"http://{host}").is_near for host in ("8.8.8.8", "api.openai.com"))


def test_settings_are_checked() -> None:
    with pytest.raises(BadRequest, match="concurrency is 0"):
        EndpointSettings(url="x", model="m", concurrency=0)
    with pytest.raises(BadRequest, match="'messages' is set by gemstead"):
        EndpointSettings(url="x", model="m", extra={"messages": []})
