"""Keep answers while the graph does not change.

An answer is kept with the id of the last commit that was known before it was read. It is sent again
if a read of that id which begins after the request finds the same one: no commit came between.
What reads nothing of the graph, as introspection, is kept without.
"""

import hashlib
from dataclasses import dataclass, field
from typing import Protocol

from graphql import ExecutionResult

from service.db.last_commit import LastCommit
from service.graphql.outcome import ConstantResult
from service.http.compression import SMALLEST, EncodedBody, compress
from service.http.conditional import make_etag
from service.http.graphql_request import Headers
from service.observe.record import current_record
from service.weighted_lru import WeightedLRU

CONSTANT_BYTES = 8_000_000
"""The most bytes of answers that read nothing; introspection has one million."""
ENTRY_BYTES = 600
"""What an entry takes besides its bodies."""
LARGEST_SHARE = 0.1
"""The most of the capacity that one answer may take."""
COMPRESSED_SHARE = 0.15
"""The bytes of all compressed forms of introspection, as a share of its own."""


class Answer(Protocol):
    """An answer without errors that is kept."""

    @property
    def commit(self) -> str | None:
        """Return the id of the last commit before it was read; None if it reads nothing."""

    @property
    def headers(self) -> Headers:
        """Return headers that belong to it."""

    @property
    def operation_name(self) -> str | None:
        """Return the name of the operation that it answers."""

    async def encode(self, coding: bytes | None) -> tuple[bytes, bytes | None]:
        """Return the body in a content coding, and the coding: None if the body is short."""


@dataclass(slots=True)
class GraphAnswer:
    """The body of an answer that was read from the graph, and one compressed form of it."""

    body: bytes
    commit: str
    headers: Headers = ()
    operation_name: str | None = None
    _compressed: tuple[bytes, bytes] | None = None
    """The content coding that it was last asked for in, and the body in it."""

    async def encode(self, coding: bytes | None) -> tuple[bytes, bytes | None]:
        """Return the body in a content coding, and the coding: None if the body is short."""
        if coding is None or len(self.body) < SMALLEST:
            return self.body, None
        if self._compressed is None or self._compressed[0] != coding:
            self._compressed = (coding, await compress(coding, self.body))
        return self._compressed[1], coding


@dataclass(slots=True)
class ConstantAnswer:
    """The body of an answer that no commit changes, and its compressed forms."""

    body: EncodedBody
    headers: Headers = ()
    operation_name: str | None = None

    @property
    def commit(self) -> None:
        """Return None: it reads nothing of the graph."""

    async def encode(self, coding: bytes | None) -> tuple[bytes, bytes | None]:
        """Return the body in a content coding, and the coding: None if the body is short."""
        if len(self.body.plain) < SMALLEST:
            coding = None
        return await self.body.encode(coding), coding


@dataclass(slots=True)
class AnswerCache:
    """Answers by the keys of their requests; their sizes add up to at most ``capacity`` bytes.

    With a capacity of 0, only what reads nothing of the graph is kept.
    """

    commits: LastCommit
    capacity: int
    answers: WeightedLRU[bytes, GraphAnswer] = field(init=False)
    constants: WeightedLRU[bytes, ConstantAnswer] = field(init=False)

    def __post_init__(self) -> None:
        self.answers = WeightedLRU(self.capacity)
        self.constants = WeightedLRU(CONSTANT_BYTES)

    async def find(self, key: bytes) -> Answer | None:
        """Return an answer that is still right, or None.

        Raises a ParleyError if the graph cannot be asked whether it is.
        """
        constant = self.constants.get(key)
        if constant is not None:
            return constant
        found = self.answers.get(key)
        if found is None or await self.commits.read() != found.commit:
            return None
        return found

    async def read_commit(self) -> str | None:
        """Return the id of the last commit, as a read finds it that begins now.

        None while a commit is in progress, or if answers of the graph are not kept.
        """
        return await self.commits.read() if self.capacity else None

    def last_commit(self) -> str | None:
        """Return the id of the last commit that is known, to be given to ``put`` after reading."""
        return self.commits.known() if self.capacity else None

    def put(
        self,
        key: bytes,
        result: ExecutionResult,
        body: bytes,
        commit: str | None,
        headers: Headers = (),
    ) -> None:
        """Keep the body of a result that was read after ``commit`` was the last commit."""
        if result.errors:
            return
        record = current_record()
        name = None if record is None else record.operation_name
        if isinstance(result, ConstantResult):
            kept = ConstantAnswer(EncodedBody(body), operation_name=name)
            self.constants.put(key, kept, int(len(body) * (1 + COMPRESSED_SHARE)))
        elif commit is not None:
            weight = ENTRY_BYTES + 2 * len(body)
            if weight <= self.capacity * LARGEST_SHARE:
                self.answers.put(key, GraphAnswer(body, commit, headers, name), weight)


def make_key(*parts: bytes) -> bytes:
    """Return the key of a request, given the parts of it that decide its answer."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(b"%d:" % len(part))
        digest.update(part)
    return digest.digest()


def make_answer_etag(key: bytes, commit: str) -> str:
    """Return the ETag of the answer to a request while a commit is the last."""
    return make_etag(key, commit.encode())
