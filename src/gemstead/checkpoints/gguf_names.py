"""How GGUF files are called: one by itself, or shards `NAME-00001-of-00003.gguf`."""

from __future__ import annotations

import re
from dataclasses import dataclass

SUFFIX = ".gguf"
SHARD = re.compile(r"(?P<stem>.+)-(?P<number>\d{5})-of-(?P<count>\d{5})\.gguf")


@dataclass(frozen=True, kw_only=True)
class ShardName:
    """A shard's name, taken apart.

    Args:
        stem: What all shards share; may begin with folders.
        number: Which one, from 1 on.
        count: How many there are.
    """

    stem: str
    number: int
    count: int

    def __str__(self) -> str:
        return f"{self.stem}-{self.number:05d}-of-{self.count:05d}{SUFFIX}"

    def sibling(self, number: int) -> str:
        """The name of another shard."""
        return str(ShardName(stem=self.stem, number=number, count=self.count))


def shard_name(file: str) -> ShardName | None:
    """What a name says about shards; `None` for a file by itself."""
    found = SHARD.fullmatch(file)
    if found is None:
        return None
    return ShardName(stem=found["stem"], number=int(found["number"]), count=int(found["count"]))
