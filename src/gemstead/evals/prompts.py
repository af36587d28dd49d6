"""What was asked, as hashes: requests, token ids and whole runs in, SHA-256 (hex) out; and a model's prompts again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from gemstead.core.errors import BadCheckpoint, BadRequest, NotFound
from gemstead.core.requests import GenerationRequest
from gemstead.evals.store import StoredIds

Key = tuple[str, int]


def ids_text(ids: Sequence[int]) -> str:
    """Token ids as they are hashed, such as `[2, 14, 5229]`."""
    return ids.text if isinstance(ids, StoredIds) else str(list(ids))


def ids_sha256(ids: Sequence[int]) -> str:
    """Digest of one prompt as sent: of `ids_text`."""
    return _sha256(ids_text(ids))


def wording_sha256(request: GenerationRequest) -> str:
    """Digest of one question as a task words it, whoever is asked: messages or text, thinking, and where it ends.

    It is of a JSON object with sorted keys `messages` (pairs of role and content), `stop`, `text` and `thinking`.
    """
    said = {
        "messages": None if request.messages is None else [[m.role, m.content] for m in request.messages],
        "text": request.text,
        "thinking": request.thinking,
        "stop": list(request.stop),
    }
    return _sha256(json.dumps(said, sort_keys=True))


def all_sha256(prompts: Mapping[Key, Sequence[int]]) -> str:
    """Digest over all prompts of a run, in order of problem and sample: a line with both and the tokens, as in
    `HumanEval/0 0 [2, 14, 5229]`."""
    digest = hashlib.sha256()
    for problem, sample in sorted(prompts):
        digest.update(f"{problem} {sample} {ids_text(prompts[problem, sample])}\n".encode())
    return digest.hexdigest()


class ModelHere:
    """Tokenizer and template of a model that is on this machine; its weights are hashed, not loaded.

    Args:
        model: "pebble", a folder, a GGUF file, or a fetched Hub id.
        weights_sha256: Which weights it must have.

    Raises:
        NotFound: It is not here.
        BadRequest: It is no possible name, or has other weights.
        BadCheckpoint: Its files are broken.
    """

    def __init__(self, model: str, weights_sha256: str) -> None:
        from gemstead.chat.prompt import PromptBuilder
        from gemstead.chat.template import ChatTemplate
        from gemstead.checkpoints.fingerprint import fingerprint
        from gemstead.checkpoints.hub import find_model
        from gemstead.checkpoints.manifest import read_manifest

        manifest = read_manifest(find_model(model))
        found = fingerprint(manifest)
        if found != weights_sha256:
            raise BadRequest(
                f"{Path(model).name} has the fingerprint {found[:12]} here, and {weights_sha256[:12]} was asked"
            )
        tokenizer = manifest.tokenizer()
        source = manifest.chat_template
        template = None if source is None else ChatTemplate(source, tokenizer.special_tokens)
        self._prompts = PromptBuilder(tokenizer, template)

    def ids(self, request: GenerationRequest) -> list[int]:
        """The exact tokens a request becomes."""
        return self._prompts.ids(request)


def find_model_here(model: str, weights_sha256: str) -> ModelHere | str:
    """The model, or why there is none to compare with."""
    try:
        return ModelHere(model, weights_sha256)
    except (NotFound, BadRequest, BadCheckpoint) as error:
        return error.message


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
