"""The import beside COPY of the same rows, and beside saving them one by one, in one run.

    .venv/bin/python bench/imports.py                          100,000 lines on SQLite
    bin/with-postgresql .venv/bin/python bench/imports.py      the same on PostgreSQL
    bin/with-postgresql .venv/bin/python bench/imports.py 1000000

Each runs in a process and a database of its own. A tenth of the lines is imported too, to see whether memory grows.
Saving one by one takes hours for a million lines, so it is measured on a sample, beside the import of the tenth; a
line of the file makes about three rows, and every ratio is of the time per row. What counts are the ratios, those of
the processor's time where others work on the machine too. bench/README.md says what each does.
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from databases import Cost, Databases
from shop import count_orders, write_export

SAMPLE = 5_000
ACTS = str(Path(__file__).resolve().parent / "acts.py")
COUNTED = ("seconds", "processor", "megabytes")


def main(lines: int) -> None:
    """Measure, and print a line for each."""
    with TemporaryDirectory(prefix="candor-bench-") as name:
        bench = Bench(Databases(Path(name)), Path(name))
        bench.heading(lines)
        tenth = bench.imports_twice(lines // 10)
        bench.one_by_one(min(SAMPLE, lines // 10), tenth)
        whole = bench.imports_and_copies(lines)
        print(f"Ten times the lines take {whole.megabytes / tenth.megabytes:.2f} times the memory.")


class Bench:
    """Runs the acts, and prints what each took beside the import."""

    def __init__(self, databases: Databases, folder: Path) -> None:
        self.databases = databases
        self.folder = folder

    def heading(self, lines: int) -> None:
        """Say what is measured."""
        print(f"{self.databases.vendor}, {lines:,} lines of {count_orders(lines):,} orders")
        print(f"{'':34}{'lines':>10}{'rows':>11}{'seconds':>9}{'lines/s':>9}{'processor':>11}{'lines/s':>9}{'MB':>6}")

    def imports_twice(self, lines: int) -> Cost:
        """Import so many lines, and again, when nothing is new."""
        path = self._export(lines)
        with self.databases.database("imported") as database:
            first, again = (self.databases.run(database, ACTS, "import", str(path)) for _ in range(2))
        self._print("import", lines, first)
        self._print("the same file again", lines, again, beside=first)
        return first

    def imports_and_copies(self, lines: int) -> Cost:
        """Import so many lines, and copy the rows that they made."""
        path, files = self._export(lines), self.folder / "rows"
        files.mkdir()
        with self.databases.database("imported") as database:
            whole = self._print("import", lines, self.databases.run(database, ACTS, "import", str(path)))
            path.unlink()
            self.databases.run(database, ACTS, "dump", str(files))
            source = files if self.databases.url else self.folder / f"{database}.sqlite3"
            with self.databases.database("copied") as other:
                copied = self.databases.run(other, ACTS, "copy", str(source))
        self._print("the database's own copying", lines, copied, beside=whole)
        return whole

    def one_by_one(self, lines: int, whole: Cost) -> None:
        """Save the rows of a sample one by one, in two ways."""
        path, fixture = self._export(lines), self.folder / "sample.jsonl"
        with self.databases.database("sampled") as database:
            self.databases.run(database, ACTS, "import", str(path))
            self.databases.run(database, ACTS, "fixture", str(fixture))
        for title, act, source in (
            ("loaddata, a save per row", "loaddata", fixture),
            ("a loop that looks, saves, commits", "loop", path),
        ):
            with self.databases.database("saved") as database:
                self._print(title, lines, self.databases.run(database, ACTS, act, str(source)), beside=whole)

    def _export(self, lines: int) -> Path:
        return write_export(self.folder / f"export-{lines}.csv", lines)

    def _print(self, title: str, lines: int, cost: Cost, *, beside: Cost | None = None) -> Cost:
        rows = sum(cost.said.values())
        print(
            f"{title:34}{lines:>10,}{rows:>11,}{cost.seconds:>9.1f}{lines / cost.seconds:>9,.0f}"
            f"{cost.processor:>11.1f}{lines / cost.processor:>9,.0f}{cost.megabytes:>6.0f}",
            end="",
        )
        if beside:
            by_row = [
                getattr(cost, of) / rows / (getattr(beside, of) / sum(beside.said.values())) for of in COUNTED[:2]
            ]
            print(f"   {by_row[0]:.2f} times the import by the clock, {by_row[1]:.2f} by the processor", end="")
        print(flush=True)
        return cost


if __name__ == "__main__":
    main(int(sys.argv[1].replace(",", "").replace("_", "")) if sys.argv[1:] else 100_000)
