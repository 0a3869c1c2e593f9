"""
Benchmarks: ratios to the same work done by hand, measured in alternation within one run. See README.md beside this.
"""
