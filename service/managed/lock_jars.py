"""Resolve Neo4j's files again and write their lock: ``python -m service.managed.lock_jars``.

A developer's command (``make lock-neo4j``). It downloads every jar once to hash it.
"""

import argparse
import hashlib
import tempfile
from pathlib import Path

from jgo.maven import MavenContext

from service.managed.jars import LOCK, Jar, write_lock

ROOTS = ("org.neo4j:neo4j", "org.neo4j.app:neo4j-server")
LEFT_OUT = (
    # REST, browser and metrics of the HTTP server, which is off
    "org.glassfish",
    "com.fasterxml.jackson.jaxrs",
    "com.sun.",
    "jakarta.activation",
    "jakarta.validation",
    "jakarta.xml.bind",
    "javax.xml.bind",
    "org.jvnet",
    "com.profesorfalken",
    "org.jprocesses",
    # Reading Parquet
    "org.apache.hadoop",
    "org.apache.parquet",
    "org.xerial.snappy",
    # Making TLS certificates
    "org.bouncycastle",
    # Tests and build
    "com.google.errorprone",
    "junit",
    "net.bytebuddy",
    "org.hamcrest",
    "org.javassist",
    "org.mockito",
    "org.objenesis",
)
"""Maven groups of which Neo4j loads no class, as the test that boots it shows."""


def is_left_out(group: str) -> bool:
    """Return whether the files of a Maven group are left out."""
    return any(group == one or group.startswith(one.rstrip(".") + ".") for one in LEFT_OUT)


def resolve(version: str) -> list[Jar]:
    """Return the jars of a version of Neo4j, with their hashes."""
    with tempfile.TemporaryDirectory() as folder:
        context = MavenContext(repo_cache=Path(folder))
        roots = [context.create_dependency(f"{root}:{version}") for root in ROOTS]
        _, resolved = context.resolver.resolve(roots)
        jars: list[Jar] = []
        for dependency in [*roots, *resolved]:
            artifact = dependency.artifact
            if is_left_out(artifact.groupId) or artifact.packaging != "jar":
                continue
            content = artifact.resolve().read_bytes()
            jars.append(
                Jar(
                    artifact.groupId,
                    artifact.artifactId,
                    artifact.version,
                    artifact.classifier or "",
                    hashlib.sha256(content).hexdigest(),
                    len(content),
                )
            )
        return list(dict.fromkeys(jars))


def main() -> None:
    """Write the lock of the version that the arguments name."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("version", nargs="?", default="2026.08.1", help="the version of Neo4j")
    parser.add_argument("--lock", type=Path, default=LOCK, help="where to write the lock")
    given = parser.parse_args()
    jars = resolve(given.version)
    head = "Made by `make lock-neo4j`; do not edit.\nNeo4j Community " + given.version
    write_lock(given.lock, jars, head)
    size = sum(jar.size for jar in jars) / 1e6
    print(f"{len(jars)} jars, {size:.0f} MB")


if __name__ == "__main__":
    main()
