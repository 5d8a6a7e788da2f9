# SPDX-License-Identifier: Apache-2.0
"""The peers that are installed; the extra `bench` installs them all."""

from importlib import import_module
from importlib.util import find_spec

from benchmarks.peers.day import Peer

PEERS = {
    "common-expression-language": ("cel", "cel", "PEER"),
    "zen-engine, graph": ("zen", "zen", "PEER"),
    "zen-engine, expression": ("zen", "zen", "EXPRESSION"),
    "json-logic-qubit": ("json_logic", "json_logic_qubit", "PEER"),
    "business-rules": ("business_rules", "business_rules", "PEER"),
    "rule-engine": ("rule_engine", "rule_engine", "PEER"),
}


def present() -> dict[str, Peer]:
    """By name; a peer whose package is absent is left out."""
    return {
        name: getattr(import_module(f"benchmarks.peers.{module}"), attribute)
        for name, (package, module, attribute) in PEERS.items()
        if find_spec(package)
    }
