"""Files, by whichever library is there. The command line needs none, and reads larger ones faster."""

from __future__ import annotations

import glob
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import _canary
from ._errors import InputError

if TYPE_CHECKING:
    from ._inputs import Reads, Sides

_SUFFIXES = (".parquet", ".csv", ".csv.gz", ".csv.zst")


def read(path: str | os.PathLike[str], reading: Reads, sides: Sides) -> _canary.Frame:
    """The rows of a file, a folder or a glob."""
    files = _files(os.fspath(path))
    read_all = _pyarrow if _has("pyarrow") else _polars if _has("polars") else None
    if read_all is None:
        raise InputError(
            f"{path}: reading files needs pyarrow or polars, and neither is installed; install one, or give a data frame"
        )
    return read_all(files, reading, sides)


def write_whole(path: Path, text: str) -> None:
    """A file that appears whole or not at all."""
    import tempfile

    with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, prefix=".canary-", delete=False) as file:
        try:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
            # A temporary file is the owner's alone; a report is for others to read, as any new file is.
            mask = os.umask(0)
            os.umask(mask)
            os.chmod(file.name, 0o666 & ~mask)
            os.replace(file.name, path)
        except BaseException:
            os.unlink(file.name)
            raise


def also_written(text: str, path: str | os.PathLike[str] | None) -> str:
    """The text, which is written to `path` too where there is one."""
    if path is not None:
        write_whole(Path(path), text)
    return text


def decoded(text: str | bytes, what: str) -> str:
    """Text that may have come as bytes; errors call it `what`."""
    if isinstance(text, str):
        return text
    try:
        return text.decode()
    except UnicodeDecodeError as error:
        raise InputError(f"{what} is no text in UTF-8: {error}") from None


def _has(library: str) -> bool:
    import importlib.util

    return importlib.util.find_spec(library) is not None


def _files(path: str) -> list[str]:
    """The files that a path means, as for the command line: in the order of their names, no hidden ones."""
    if os.path.isdir(path):
        names = sorted(name for name in os.listdir(path) if _is_data(name) and os.path.isfile(os.path.join(path, name)))
        if not names:
            raise InputError(f"{path}: the folder holds no *.parquet, *.csv, *.csv.gz or *.csv.zst")
        return [str(Path(path) / name) for name in names]
    if os.path.exists(path):
        return [path]
    if any(mark in path for mark in "*?["):
        found = sorted(name for name in glob.glob(path, recursive=True) if os.path.isfile(name))
        if not found:
            raise InputError(f"{path}: the glob matches no file")
        return found
    raise InputError(f"{path}: not found; expected a file, a folder or a glob")


def _is_data(name: str) -> bool:
    return name.lower().endswith(_SUFFIXES) and not name.startswith(".")


def is_parquet(path: str) -> bool:
    """Whether the file is Parquet, whatever its suffix."""
    with open(path, "rb") as file:
        return file.read(4) == b"PAR1"


def _pyarrow(files: list[str], reading: Reads, sides: Sides) -> _canary.Frame:
    import pyarrow as pa

    try:
        tables = [_pyarrow_table(file, reading, sides) for file in files]
        table = tables[0] if len(tables) == 1 else pa.concat_tables(tables, promote_options="permissive")
    except (pa.ArrowException, OSError) as error:
        raise InputError(f"{', '.join(files)}: cannot be read: {error}") from error
    return _canary.Frame.from_stream(files[0], table, sources=files)


def _pyarrow_table(file: str, reading: Reads, sides: Sides) -> Any:
    import pyarrow as pa
    from pyarrow import csv, parquet

    if is_parquet(file):
        with parquet.ParquetFile(file) as source:
            return source.read(columns=reading.wanted(file, source.schema_arrow.names, sides))
    # All as text: what a cell means is decided in one place, for every kind of input.
    with csv.open_csv(file) as source:
        names = source.schema.names
    wanted = reading.wanted(file, names, sides)
    types = {name: pa.string() for name in names}
    options = csv.ConvertOptions(column_types=types, include_columns=wanted, strings_can_be_null=True, null_values=[""])
    return csv.read_csv(file, convert_options=options)


def _polars(files: list[str], reading: Reads, sides: Sides) -> _canary.Frame:
    import polars as pl

    try:
        frames = [_polars_frame(file, reading, sides) for file in files]
        frame = frames[0] if len(frames) == 1 else pl.concat(frames, how="diagonal_relaxed")
    except (pl.exceptions.PolarsError, OSError) as error:
        raise InputError(f"{', '.join(files)}: cannot be read: {error}") from error
    return _canary.Frame.from_stream(files[0], frame, sources=files)


def _polars_frame(file: str, reading: Reads, sides: Sides) -> Any:
    import polars as pl

    if is_parquet(file):
        names = list(pl.read_parquet_schema(file))
        return pl.read_parquet(file, columns=reading.wanted(file, names, sides))
    frame = pl.read_csv(file, infer_schema=False)
    return frame.select(reading.wanted(file, frame.columns, sides))
