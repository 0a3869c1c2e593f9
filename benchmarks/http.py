"""
Calls through the whole WSGI stack: ``python -m benchmarks.http [--quick] [--output FILE]``.
"""

from __future__ import annotations

import argparse
from typing import Any

import pyperf

from benchmarks.alternation import measure, ratios
from benchmarks.wsgi import VISITOR, request_to, start_project

WAYS = {"bare Django": "/bare/{}/", "Mizan": "/api/mizan/call/{}/", "DRF": "/drf/{}/"}

ORDER = {
    "order": {
        "customer": "Ann",
        "items": [{"sku": f"sku-{n}", "amount": n + 1, "price": "1.50"} for n in range(99)]
        + [{"sku": "x", "amount": 1, "price": "1.50"}],
    }
}

WORKLOADS: dict[str, tuple[Any, bool]] = {
    "W1 echo": ({"text": "hello"}, False),
    "W1a echo_member": ({"text": "hello"}, True),
    "W2 rows": ({}, False),
    "W3 order": (ORDER, False),
}
TARGETS = {"W1 echo": 1.15, "W1a echo_member": 1.06, "W2 rows": 0.52, "W3 order": 1.0}


def main() -> None:
    """Measure every workload and print each way as a multiple of the bare view."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a quarter of the rounds")
    parser.add_argument("--output", metavar="FILE", help="also write the samples, for pyperf's tools")
    options = parser.parse_args()
    handler, cookies = start_project()
    suite: list[pyperf.Benchmark] = []
    print(f"{'workload':<18}{'bare Django':>14}{'Mizan':>9}{'DRF':>9}{'target':>9}")
    for name, (body, logged_in) in WORKLOADS.items():
        path = name.split()[1]
        ways = {
            way: request_to(
                handler, address.format(path), body, cookies if logged_in else VISITOR, _expected(path, way)
            )
            for way, address in WAYS.items()
        }
        bare = ways.pop("bare Django")
        found = {}
        for way, work in ways.items():
            # In pairs: CPython specialises the code that DRF's view and ours share for whichever ran last.
            pair = measure(name, {"bare Django": bare, way: work}, rounds=10 if options.quick else 40)
            suite += pair if way == "Mizan" else pair[1:]
            found[way] = list(ratios(pair).values())[1]
        print(f"{name:<18}{1.0:>14.2f}{found['Mizan']:>9.2f}{found['DRF']:>9.2f}{TARGETS[name]:>9.2f}", flush=True)
    if options.output:
        pyperf.BenchmarkSuite(suite).dump(options.output, replace=True)


def _expected(path: str, way: str) -> int:
    """The order has a mistake in it, for which DRF has another status."""
    if path != "order":
        return 200
    return 400 if way == "DRF" else 422


if __name__ == "__main__":
    main()
