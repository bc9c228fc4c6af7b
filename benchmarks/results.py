"""Keep measurements as lines of a file, so that a stopped run can be resumed."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import orjson


@dataclass(frozen=True, slots=True)
class Cell:
    """One load of one rival, which is measured at once."""

    size: str
    operation: str
    clients: int
    rival: str
    repeat: int


@dataclass(frozen=True, slots=True)
class Measurement:
    """The measurement of a cell.

    Latencies and CPU (of one request) are in milliseconds, memory in bytes.
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
        """Return the requests per second."""
        return self.requests / self.seconds

    @property
    def cpu(self) -> float:
        """Return the CPU of service and database together."""
        return self.cpu_service + (self.cpu_database or 0)


@dataclass(frozen=True, slots=True)
class RoundTrips:
    """The average number of round trips to the database of one request."""

    operation: str
    rival: str
    trips: float


@dataclass(frozen=True, slots=True)
class Memory:
    """The memory of a rival's server, in bytes, after a number of requests."""

    rival: str
    requests: int
    memory: int


@dataclass(frozen=True, slots=True)
class Refusal:
    """An operation that a rival fails to answer on a graph of this size."""

    size: str
    operation: str
    rival: str
    said: str


@dataclass(frozen=True, slots=True)
class LoadRun:
    """One run of the loader over a large file: seconds, and the most bytes of memory."""

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
    """Elements per second in each quarter of the versions."""
    graph: str
    """The hash of the resulting graph."""
    at: str
    commit: str


@dataclass(frozen=True, slots=True)
class PlanningTime:
    """The seconds in which the database plans a documented operation."""

    operation: str
    subqueries: int
    characters: int
    seconds: float
    commit: str


@dataclass(frozen=True, slots=True)
class DriverTime:
    """The microseconds of CPU of one way to read with the driver."""

    way: str
    cpu: float
    commit: str


@dataclass(frozen=True, slots=True)
class AsOf:
    """The milliseconds of a question on the latest version, and as of its moment."""

    question: str
    now: float
    known: float
    commit: str


@dataclass(frozen=True, slots=True)
class Growth:
    """The milliseconds of CPU of a rival's request on M and on L, and the bytes of its answer."""

    operation: str
    rival: str
    on_m: float
    on_l: float
    bytes_m: int
    bytes_l: int
    commit: str


Line = (
    Measurement
    | RoundTrips
    | Memory
    | Refusal
    | LoadRun
    | PlanningTime
    | DriverTime
    | AsOf
    | Growth
)
_KINDS: dict[str, type[Line]] = {
    "measured": Measurement,
    "trips": RoundTrips,
    "memory": Memory,
    "refused": Refusal,
    "loaded": LoadRun,
    "planned": PlanningTime,
    "driven": DriverTime,
    "as of": AsOf,
    "grown": Growth,
}


class Results:
    """The measurements of one file; the last line counts if one was repeated."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.machine: dict[str, str] = {}
        self.measured: dict[Cell, Measurement] = {}
        self.trips: dict[tuple[str, str], float] = {}
        self.memory: dict[tuple[str, int], int] = {}
        self.refused: dict[tuple[str, str, str], str] = {}
        self.loaded: dict[str, LoadRun] = {}
        self.planned: dict[str, PlanningTime] = {}
        self.driven: dict[str, DriverTime] = {}
        self.as_of: dict[str, AsOf] = {}
        self.grown: dict[tuple[str, str], Growth] = {}
        for line in self._lines():
            self._store(line)

    def add(self, line: Line) -> None:
        """Add a line to the file."""
        kind = next(name for name, one in _KINDS.items() if isinstance(line, one))
        self._write(kind, asdict(line))
        self._store(line)

    def describe(self, machine: dict[str, str]) -> None:
        """Write the description of the machine, unless it is the last one."""
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

    def _store(self, line: Line) -> None:
        match line:
            case Measurement(cell=cell):
                self.measured[cell] = line
                self.refused.pop((cell.size, cell.operation, cell.rival), None)
            case RoundTrips(operation=operation, rival=rival, trips=trips):
                self.trips[operation, rival] = trips
            case Memory(rival=rival, requests=requests, memory=memory):
                self.memory[rival, requests] = memory
            case Refusal(size=size, operation=operation, rival=rival, said=said):
                self.refused[size, operation, rival] = said
            case LoadRun(step=step):
                self.loaded[step] = line
            case PlanningTime(operation=operation):
                self.planned[operation] = line
            case DriverTime(way=way):
                self.driven[way] = line
            case AsOf(question=question):
                self.as_of[question] = line
            case Growth(operation=operation, rival=rival):
                self.grown[operation, rival] = line
