"""Requests per second of the API, for single documents and for batches of 500, against a real gunicorn.

    .venv/bin/python bench/api.py                         as bin/demo serves it: SQLite, one worker of eight threads
    bin/with-postgresql .venv/bin/python bench/api.py     PostgreSQL, two workers of four threads
    ... bench/api.py 20000                                so many documents (default 5,000), a tenth of them singly

Beside them stand a request that does next to nothing (the signed question for events, of which there are none), and
recording the same documents in a process, without HTTP, signature or receipt. What counts are the ratios; processor
is that of the web server and the database together, without the client's.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from http.client import HTTPConnection
from itertools import batched, groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
os.environ.setdefault("CANDOR_ENV", "test")

import django

django.setup()

from databases import Cost, Databases, children_time
from shop import write_export
from standardwebhooks.webhooks import Webhook

from feeds.formats import Options
from feeds.formats.shopee import FORMAT

FEED, PORT, CLIENTS, BATCH = "bench", 18_473, 4, 500
QUESTIONS = 1_000
ACTS = str(ROOT / "bench" / "acts.py")


def main(count: int) -> None:
    """Measure, and print a line for each."""
    with TemporaryDirectory(prefix="candor-bench-") as name:
        databases = Databases(Path(name))
        documents = make_documents(Path(name), count)
        singles, many = documents[: count // 10], documents[count // 10 :]
        print(f"{databases.vendor}, {CLIENTS} clients")
        print(f"{'':34}{'requests':>9}{'seconds':>9}{'a second':>10}{'ms of processor':>17}{'documents/s':>13}")
        with databases.database("served") as database, serving(databases, database) as client:
            client.measure("a signed question, no answer", [("events", "")] * QUESTIONS, 0)
            client.measure("one document", [("orders", document) for document in singles], 1)
            batches = [("orders", f'{{"orders": [{", ".join(some)}]}}') for some in batched(many, BATCH)]
            client.measure(f"{BATCH} documents", batches, BATCH)
        for title, act, said in (
            ("recording one, in process", "singles", singles),
            (f"recording {BATCH}, in process", "batches", many),
        ):
            path = Path(name) / "documents.jsonl"
            path.write_text("\n".join(said))
            with databases.database("recorded") as database:
                show(
                    title,
                    len(said) if act == "singles" else len(said) // BATCH,
                    len(said),
                    databases.run(database, ACTS, act, str(path)),
                )


def make_documents(folder: Path, count: int) -> list[str]:
    """Make canonical documents of a generated export."""
    form = FORMAT(Options(seller="Bench"))
    records = sorted(form.records(write_export(folder / "export.csv", count * 2)))
    groups = (list(group) for _, group in groupby(records, key=lambda record: record.key))
    return [
        form.document(group).model_dump_json(exclude_defaults=True)
        for _, group in zip(range(count), groups, strict=False)
    ]


@contextmanager
def serving(databases: Databases, database: str) -> "Iterator[Client]":
    """Serve the API as the demo does."""
    secret = databases.run(database, ACTS, "feed", FEED).said["secret"]
    size = ["--workers=2", "--threads=4"] if databases.url else ["--workers=1", "--threads=8"]
    options = ["--preload", "--no-control-socket", f"--bind=127.0.0.1:{PORT}", *size]
    command = [sys.executable, "-Wignore", "-m", "gunicorn", *options]
    environment = databases.environment(database)
    process = subprocess.Popen([*command, "--log-level=warning", "config.wsgi"], cwd=ROOT, env=environment)  # noqa: S603
    try:
        wait_for(f"http://127.0.0.1:{PORT}/healthz")
        yield Client(Webhook(secret), lambda: children_time(process.pid) + databases.server_time())
    finally:
        process.terminate()
        process.wait()


def wait_for(address: str) -> None:
    """Wait until the server answers."""
    for _ in range(100):
        try:
            urlopen(address).close()  # noqa: S310  (this machine)
        except OSError:
            time.sleep(0.2)
        else:
            return
    sys.exit("The server did not start.")


class Client:
    """Sends signed messages from several threads, each over one connection that is kept."""

    def __init__(self, webhook: Webhook, processor: Callable[[], float]) -> None:
        self.webhook = webhook
        self.processor = processor

    def measure(self, title: str, messages: Sequence[tuple[str, str]], documents: int) -> None:
        """Send messages, and print how many a second were answered."""
        shares = [messages[place::CLIENTS] for place in range(CLIENTS)]
        began, worked = time.perf_counter(), self.processor()
        with ThreadPoolExecutor(CLIENTS) as threads:
            list(threads.map(partial(self._send, title), range(CLIENTS), shares))
        cost = Cost(time.perf_counter() - began, self.processor() - worked, 0, {})
        show(title, len(messages), documents * len(messages), cost)

    def _send(self, title: str, client: int, messages: Sequence[tuple[str, str]]) -> None:
        connection = HTTPConnection("127.0.0.1", PORT)
        for place, (path, body) in enumerate(messages):
            name, now = f"{title}/{client}/{place}".replace(" ", "-"), datetime.now(UTC)
            signature = self.webhook.sign(name, now, body)
            headers = {
                "webhook-id": name,
                "webhook-timestamp": str(int(now.timestamp())),
                "webhook-signature": signature,
            }
            connection.request("POST" if body else "GET", f"/api/v1/feeds/{FEED}/{path}", body.encode(), headers)
            answer = connection.getresponse()
            said = answer.read()
            if answer.status != 200 or b"refused" in said:
                sys.exit(f"{path}: {answer.status} {json.loads(said)}")


def show(title: str, requests: int, documents: int, cost: Cost) -> None:
    """Print a line."""
    print(
        f"{title:34}{requests:>9,}{cost.seconds:>9.1f}{requests / cost.seconds:>10,.1f}"
        f"{cost.processor / requests * 1000:>17.1f}{documents / cost.seconds:>13,.0f}",
        flush=True,
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 5_000)
