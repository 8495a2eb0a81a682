"""The stand-in by hand: ``python -m tests.ghstub --world FILE`` or ``--mirror FOLDER``, until interrupted.

The token to use is printed; the clock is the real one. A world may be served with faults from the same YAML
language: ``--faults FILE`` holds a list of mappings with the fields of ``Fault``.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path

import yaml

from tests.ghstub.faults import Fault
from tests.ghstub.service import TOKEN
from tests.ghstub.stub import GitHubStub, Violation
from tests.ghstub.world import World


def main() -> int:
    """Serve until interrupted; 1 if the client violated the interface."""
    parser = argparse.ArgumentParser(prog="python -m tests.ghstub", description=__doc__)
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--world", type=Path, help="a YAML world")
    source.add_argument("--mirror", type=Path, help="a folder of bare clones at OWNER+NAME/repo")
    parser.add_argument("--commits", type=Path, help="JSON lines with repo (OWNER/NAME) and commit, for --mirror")
    parser.add_argument("--only", default="", help="regular expression over OWNER/NAME, for --mirror")
    parser.add_argument("--as-owner", default="", help="serve all clones of --mirror under this one invented login")
    parser.add_argument("--faults", type=Path, help="a YAML list of faults")
    parser.add_argument("--port", type=int, default=0, help="of the API; the archive host gets the next one")
    parser.add_argument("--latency", type=float, default=0.0, help="seconds each request waits")
    parser.add_argument("--token", default=TOKEN)
    parser.add_argument("--enterprise", action="store_true", help="print the /api/v3 address")
    chosen = parser.parse_args()
    if chosen.world:
        world = World.from_yaml(chosen.world.read_text(encoding="utf-8"))
    else:
        lines = chosen.commits.read_text(encoding="utf-8").splitlines() if chosen.commits else []
        rows = [json.loads(line) for line in lines]
        commits = {row["repo"]: row["commit"] for row in rows}
        world = World.from_mirror(chosen.mirror, commits, chosen.only, chosen.as_owner)
    orders = yaml.safe_load(chosen.faults.read_text(encoding="utf-8")) if chosen.faults else []
    faults = [Fault(**order) for order in orders]
    ports = (chosen.port, chosen.port + 1 if chosen.port else 0)
    stub = GitHubStub(
        world,
        faults=faults,
        now=lambda: datetime.now(UTC),
        token=chosen.token,
        latency=chosen.latency,
        enterprise=chosen.enterprise,
        ports=ports,
    )
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with stub, contextlib.suppress(KeyboardInterrupt):
            print(
                f"GITHUB_API_URL={stub.api_url}\nARCHIVE_URL={stub.archive_url}\nGITHUB_TOKEN={stub.token}", flush=True
            )
            signal.pause()
    except Violation as fault:
        print(fault, file=sys.stderr)
        return 1
    finally:
        print(f"{len(stub.log)} requests, {stub.count(api=True)} to the API", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
