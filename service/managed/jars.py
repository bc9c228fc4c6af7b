"""The lock of Neo4j's files: which jars, of which content."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

LOCK = Path(__file__).parent / "neo4j.lock"
"""The lock of the Neo4j that Parley runs."""


@dataclass(frozen=True, slots=True)
class Jar:
    """One file: its Maven coordinate, its SHA-256 and its size in bytes."""

    group: str
    artifact: str
    version: str
    classifier: str
    sha256: str
    size: int

    @property
    def name(self) -> str:
        """The file's name."""
        classifier = f"-{self.classifier}" if self.classifier else ""
        return f"{self.artifact}-{self.version}{classifier}.jar"

    @property
    def path(self) -> str:
        """Where a Maven repository keeps it."""
        return f"{self.group.replace('.', '/')}/{self.artifact}/{self.version}/{self.name}"

    @property
    def coordinate(self) -> str:
        """``group:artifact:version``, and ``:classifier`` where there is one."""
        parts = [self.group, self.artifact, self.version]
        return ":".join([*parts, self.classifier] if self.classifier else parts)


def read_lock(path: Path | None = None) -> list[Jar]:
    """The jars of a lock, the bundled one if none is named.

    It has a line for each, ``coordinate sha256 size``; ``#`` begins a comment.
    """
    jars: list[Jar] = []
    for line in (path or LOCK).read_text(encoding="utf-8").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        coordinate, sha256, size = line.split()
        group, artifact, version, *rest = coordinate.split(":")
        jars.append(Jar(group, artifact, version, rest[0] if rest else "", sha256, int(size)))
    return jars


def write_lock(path: Path, jars: Iterable[Jar], head: str) -> None:
    """Write a lock, in the order of coordinates."""
    lines = [f"# {line}" for line in head.splitlines()]
    ordered = sorted(jars, key=lambda jar: jar.coordinate)
    lines += [f"{jar.coordinate} {jar.sha256} {jar.size}" for jar in ordered]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def neo4j_version(jars: Iterable[Jar]) -> str:
    """The version of Neo4j that these jars are."""
    return next(jar.version for jar in jars if (jar.group, jar.artifact) == ("org.neo4j", "neo4j"))
