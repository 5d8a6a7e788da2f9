# SPDX-License-Identifier: Apache-2.0
"""Mutated policies, records, tables and files: only the library's own faults may come of them.

`python -m fuzz` draws cases, each out of one whole number, and does with each all that a host does.
A find is whatever else than a fault of the library comes up, a step that takes more than two seconds of
processor time, a process that grows by more than 500 MB, or a law of `fuzz/laws.py` that is broken.

What is found is written to `build/fuzz/NUMBER.json`, and run again by `python -m fuzz --seed NUMBER
--cases 1`; made as small as it goes and put into `fuzz/kept`, it is a test from then on.

Chance is `random.Random(number)` and no more: coverage that guides the choice (atheris) makes Python many
times slower, and what matters here is reached by mutating policies that are sound already. Properties of
sound input have their own suite in `tests/conformance`, with hypothesis.
"""
