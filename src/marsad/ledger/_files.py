"""Another body's table as a file, CSV or Parquet, with what each column holds beside it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from marsad.errors import MarsadError
from marsad.text import to_csv

from ._exports import dictionary, source


def write_table(path: Path, table: str, rows: Sequence[Mapping[str, Any]]) -> Path:
    """Write the rows of `export(table, …)` to `path`: Parquet where it ends in '.parquet', else CSV.

    Returns the data dictionary written beside it ('killed.parquet' → 'killed.columns.csv'). In Parquet each column is
    of whole numbers, numbers or text, never of mixed kind, and carries its description. Raises MarsadError where the
    files cannot be written, or pyarrow is not installed.
    """
    columns = dictionary(table)
    beside = path.with_name(f"{path.stem}.columns.csv")
    try:
        if path.suffix.lower() == ".parquet":
            _write_parquet(path, table, columns, rows)
        else:
            path.write_text(to_csv(columns, rows), encoding="utf-8")
        told = ({"column": c, "holds": holds, "source": source(table)} for c, holds in columns.items())
        beside.write_text(to_csv(("column", "holds", "source"), told), encoding="utf-8")
    except OSError as error:
        raise MarsadError(f"{path}: cannot be written ({error.strerror}).") from error
    return beside


def _write_parquet(path: Path, table: str, columns: Mapping[str, str], rows: Sequence[Mapping[str, Any]]) -> None:
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ImportError as error:
        raise MarsadError("Parquet needs pyarrow: install marsad[parquet], or name a .csv file.") from error
    arrays, fields = [], []
    for name, holds in columns.items():
        values = [row.get(name) for row in rows]
        said = {type(v) for v in values if v is not None}
        kind = pa.int64() if said == {int} else pa.float64() if said and said <= {int, float} else pa.string()
        if kind == pa.string():
            values = [None if v is None else str(v) for v in values]
        arrays.append(pa.array(values, kind))
        fields.append(pa.field(name, kind, metadata={"description": holds}))
    about = {"marsad": json.dumps({"table": table, "source": source(table)})}
    parquet.write_table(pa.Table.from_arrays(arrays, schema=pa.schema(fields, metadata=about)), path)
