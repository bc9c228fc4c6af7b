"""Log one line for each request, and the shape of operations that are slow."""

from dataclasses import dataclass

from service import logs
from service.observe.record import CLIENT_GONE, MILLISECONDS, RequestRecord, Stage


@dataclass(frozen=True, slots=True)
class RequestLog:
    """Writes a line for each request, or only for the slow ones and the failed ones."""

    logs_all: bool
    slow_seconds: float
    """A request that takes as long is a slow one."""

    def __call__(self, record: RequestRecord) -> None:
        """Write the line of a request that has ended."""
        is_slow = record.seconds >= self.slow_seconds
        if not (self.logs_all or is_slow or record.status >= CLIENT_GONE):
            return
        entry: dict[str, object] = {
            "request_id": record.id,
            "method": record.scope["method"],
            "path": logs.bounded_text(record.scope["path"]),
            "status": record.status,
            "ms": round(record.seconds * MILLISECONDS, 2),
            "bytes": record.bytes,
        }
        if record.code is not None:
            entry["code"] = record.code
        if record.operation_name is not None:
            entry["operation"] = logs.bounded_text(record.operation_name)
        if record.is_kept:
            entry["kept"] = True
        elif record.describe_shape is not None:
            entry["kept"] = False
            entry["db_ms"] = round(record.stages.get(Stage.DATABASE, 0.0) * MILLISECONDS, 2)
            entry["rows"] = record.rows
            entry["cost"] = None if record.cost is None else int(record.cost)
            if is_slow:
                entry["stages_ms"] = {
                    stage.value: round(seconds * MILLISECONDS, 2)
                    for stage, seconds in record.stages.items()
                }
                entry["shape"] = record.describe_shape()
        if is_slow:
            logs.write_request("warning", "slow request", entry)
        else:
            logs.write_request("info", "request", entry)
