"""What was measured, line by line in a file: a run that was ended goes on where it was."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import orjson


@dataclass(frozen=True, slots=True)
class Cell:
    """One load of one rival: what is measured once."""

    size: str
    operation: str
    clients: int
    rival: str
    repeat: int


@dataclass(frozen=True, slots=True)
class Measured:
    """A cell with what was measured.

    Latencies and CPU are in milliseconds, CPU is that of one request, memory is in bytes.
    """

    cell: Cell
    requests: int
    seconds: float
    p50: float
    p95: float
    p99: float
    bytes: int
    cpu_service: float
    cpu_database: float | None
    memory_service: int
    memory_database: int | None
    at: str
    commit: str

    @property
    def rate(self) -> float:
        """Requests per second."""
        return self.requests / self.seconds

    @property
    def cpu(self) -> float:
        """CPU of service and database together."""
        return self.cpu_service + (self.cpu_database or 0)


@dataclass(frozen=True, slots=True)
class RoundTrips:
    """How often one request of an operation waits for the database, on average."""

    operation: str
    rival: str
    trips: float


@dataclass(frozen=True, slots=True)
class Memory:
    """What a rival's server holds, in bytes, after so many requests."""

    rival: str
    requests: int
    memory: int


@dataclass(frozen=True, slots=True)
class Refusal:
    """An operation that a rival has words for and does not answer on a graph of this size."""

    size: str
    operation: str
    rival: str
    said: str


@dataclass(frozen=True, slots=True)
class Loaded:
    """One run of the loader over a large file; seconds, and bytes at most."""

    step: str
    elements: int
    seconds: float
    cpu_loader: float
    cpu_database: float
    memory_loader: int
    memory_database: int
    stages: dict[str, float]
    """Seconds of the loader by stage."""
    rates: list[float]
    """Elements a second while they are written, by quarters of the versions."""
    graph: str
    """A hash of the graph that it left."""
    at: str
    commit: str


@dataclass(frozen=True, slots=True)
class Planned:
    """An operation of the documents, and the seconds in which the database plans it anew."""

    operation: str
    subqueries: int
    characters: int
    seconds: float
    commit: str


@dataclass(frozen=True, slots=True)
class Driven:
    """A way to read one row with the driver, and its microseconds of CPU."""

    way: str
    cpu: float
    commit: str


@dataclass(frozen=True, slots=True)
class AsOf:
    """Milliseconds of a question now, and as of a moment: the present one."""

    question: str
    now: float
    known: float
    commit: str


@dataclass(frozen=True, slots=True)
class Grown:
    """Milliseconds of CPU of one request of a rival on M and on L, and bytes of an answer."""

    operation: str
    rival: str
    on_m: float
    on_l: float
    bytes_m: int
    bytes_l: int
    commit: str


Line = Measured | RoundTrips | Memory | Refusal | Loaded | Planned | Driven | AsOf | Grown
_KINDS: dict[str, type[Line]] = {
    "measured": Measured,
    "trips": RoundTrips,
    "memory": Memory,
    "refused": Refusal,
    "loaded": Loaded,
    "planned": Planned,
    "driven": Driven,
    "as of": AsOf,
    "grown": Grown,
}


class Results:
    """The lines of one file; of what was measured again the last line counts."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.machine: dict[str, str] = {}
        self.measured: dict[Cell, Measured] = {}
        self.trips: dict[tuple[str, str], float] = {}
        self.memory: dict[tuple[str, int], int] = {}
        self.refused: dict[tuple[str, str, str], str] = {}
        self.loaded: dict[str, Loaded] = {}
        self.planned: dict[str, Planned] = {}
        self.driven: dict[str, Driven] = {}
        self.as_of: dict[str, AsOf] = {}
        self.grown: dict[tuple[str, str], Grown] = {}
        for line in self._lines():
            self._take(line)

    def add(self, line: Line) -> None:
        """Write a line."""
        kind = next(name for name, one in _KINDS.items() if isinstance(line, one))
        self._write(kind, asdict(line))
        self._take(line)

    def describe(self, machine: dict[str, str]) -> None:
        """Write what it is measured on, where that is not said yet."""
        if machine != self.machine:
            self._write("machine", machine)
            self.machine = machine

    def _write(self, kind: str, values: dict[str, object] | dict[str, str]) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("ab") as file:
            file.write(orjson.dumps({"kind": kind, **values}) + b"\n")

    def _lines(self) -> Iterator[Line]:
        if not self._path.exists():
            return
        for raw in self._path.read_bytes().splitlines():
            values = orjson.loads(raw)
            kind = values.pop("kind")
            if kind == "machine":
                self.machine = values
                continue
            if kind == "measured":
                values["cell"] = Cell(**values["cell"])
            yield _KINDS[kind](**values)

    def _take(self, line: Line) -> None:
        match line:
            case Measured(cell=cell):
                self.measured[cell] = line
                self.refused.pop((cell.size, cell.operation, cell.rival), None)
            case RoundTrips(operation=operation, rival=rival, trips=trips):
                self.trips[operation, rival] = trips
            case Memory(rival=rival, requests=requests, memory=memory):
                self.memory[rival, requests] = memory
            case Refusal(size=size, operation=operation, rival=rival, said=said):
                self.refused[size, operation, rival] = said
            case Loaded(step=step):
                self.loaded[step] = line
            case Planned(operation=operation):
                self.planned[operation] = line
            case Driven(way=way):
                self.driven[way] = line
            case AsOf(question=question):
                self.as_of[question] = line
            case Grown(operation=operation, rival=rival):
                self.grown[operation, rival] = line
