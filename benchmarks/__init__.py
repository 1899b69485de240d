"""Ratios measured in one run on one machine: `make bench` writes them into docs/benchmarks.md."""
