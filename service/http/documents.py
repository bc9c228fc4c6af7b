"""Documents that clients name in place of sending them.

1. Trusted documents lie in the folder of ``PARLEY_DOCUMENTS``. A client names one by ``documentId``
   (GraphQL over HTTP, appendix on persisted documents): its name or ``sha256:`` and its hash.
2. Automatic persisted queries, for Apollo's protocol: a client sends a hash, and if that is not
   known the document with it. They are kept while there is room.
"""

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path

import orjson

from service.errors import (
    BadRequest,
    BadUserInput,
    DocumentNotFound,
    DocumentNotTrusted,
    PersistedQueryNotFound,
    PersistedQueryNotSupported,
)
from service.weighted_lru import WeightedLRU

AUTOMATIC_BYTES = 4_000_000
"""The most bytes of automatic persisted queries, as text."""
HASH = re.compile(r"[0-9a-f]{64}")
NO_QUERY = "The request has no query."


class Documents:
    """The documents that clients may name."""

    def __init__(
        self, trusted: Mapping[str, str] | None = None, *, trusted_only: bool = False
    ) -> None:
        """Take the trusted documents by name; others are refused if ``trusted_only``."""
        named = dict(trusted or {})
        self._trusted = {**named, **{f"sha256:{hash_of(one)}": one for one in named.values()}}
        self._texts = frozenset(named.values())
        self._automatic: WeightedLRU[str, str] = WeightedLRU(AUTOMATIC_BYTES)
        self._trusted_only = trusted_only

    def find(self, text: str | None, document_id: object, extensions: Mapping[str, object]) -> str:
        """Return the document of a request, which is sent or named.

        Raises BadRequest, DocumentNotFound, DocumentNotTrusted, and what Apollo's protocol has.
        """
        if document_id is not None:
            return self._by_id(text, document_id)
        persisted = extensions.get("persistedQuery")
        if persisted is not None:
            text = self._by_hash(text, persisted)
        if text is None:
            raise BadRequest(NO_QUERY)
        if self._trusted_only and text not in self._texts:
            raise DocumentNotTrusted(
                "This service answers its own documents only. Name one by documentId."
            )
        return text

    def _by_id(self, text: str | None, document_id: object) -> str:
        if not isinstance(document_id, str):
            raise BadRequest("documentId has to be a text.")
        if text is not None:
            raise BadRequest("Send query or documentId, not both.")
        found = self._trusted.get(document_id)
        if found is None:
            raise DocumentNotFound(f"There is no document {document_id[:100]!r}.")
        return found

    def _by_hash(self, text: str | None, persisted: object) -> str:
        given = persisted.get("sha256Hash") if isinstance(persisted, dict) else None
        if not isinstance(given, str) or not HASH.fullmatch(given):
            raise BadRequest(
                "extensions.persistedQuery has to have a sha256Hash of 64 hexadecimal digits."
            )
        if text is not None:
            if hash_of(text) != given:
                raise BadRequest("extensions.persistedQuery.sha256Hash is not that of the query.")
            if not self._trusted_only:
                self._automatic.put(given, text, len(text))
            return text
        found = self._trusted.get(f"sha256:{given}") or self._automatic.get(given)
        if found is None:
            raise PersistedQueryNotSupported if self._trusted_only else PersistedQueryNotFound
        return found


def registers_document(body: bytes) -> bool:
    """Return whether a body may have a document with its hash, to be registered each time."""
    return b"persistedQuery" in body and b'"query"' in body


def hash_of(text: str) -> str:
    """Return the SHA-256 of a document in UTF-8, in hexadecimal digits."""
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()


def read_documents(folder: Path | None) -> dict[str, str]:
    """Return the documents of a folder by name.

    A file ``name.graphql`` is one. A file ``*.json`` is a manifest: ids and texts, as Relay writes
    it, or a list of ``operations``, as Apollo does. Raises BadUserInput with every wrong file.
    """
    found: dict[str, str] = {}
    problems: list[str] = []
    if folder is None:
        return found
    if not folder.is_dir():
        raise BadUserInput(f"PARLEY_DOCUMENTS: there is no folder {folder}")
    for path in sorted(folder.iterdir()):
        try:
            if path.suffix == ".graphql":
                found[path.stem] = path.read_text(encoding="utf-8")
            elif path.suffix == ".json":
                found |= _read_manifest(path)
        except (OSError, ValueError) as error:
            reason = "cannot be read" if isinstance(error, OSError) else str(error)
            problems.append(f"{path.name}: {reason}")
    if problems:
        raise BadUserInput(f"PARLEY_DOCUMENTS: {'; '.join(problems)}")
    return found


def _read_manifest(path: Path) -> dict[str, str]:
    try:
        manifest = orjson.loads(path.read_bytes())
    except orjson.JSONDecodeError as error:
        raise ValueError(f"is not JSON (line {error.lineno})") from error
    if isinstance(manifest, dict) and isinstance(manifest.get("operations"), list):
        pairs = [(one.get("id"), one.get("body")) for one in manifest["operations"]]
    elif isinstance(manifest, dict):
        pairs = list(manifest.items())
    else:
        raise ValueError("is no manifest: write an object of ids and texts")
    if not all(isinstance(key, str) and isinstance(text, str) for key, text in pairs):
        raise ValueError("is no manifest: each id and each document has to be a text")
    return dict(pairs)
