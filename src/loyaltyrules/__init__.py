# SPDX-License-Identifier: Apache-2.0
"""Customer-care handbooks of retail chains as YAML policies, evaluated against customer snapshots.

Names are loaded when they are first used: who evaluates records needs no data frames, and who
asks for the version needs nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from loyaltyrules.action.action import Action as Action
    from loyaltyrules.decision.approval import approve as approve
    from loyaltyrules.decision.carry_out import apply as apply
    from loyaltyrules.decision.decision import Decision as Decision
    from loyaltyrules.decision.evaluate import evaluate as evaluate
    from loyaltyrules.fact.snapshot import Snapshot as Snapshot
    from loyaltyrules.frame.evaluate_table import evaluate_frame as evaluate_frame
    from loyaltyrules.frame.keys.with_signature import with_signature as with_signature
    from loyaltyrules.frame.result import FrameResult as FrameResult
    from loyaltyrules.plan.plan import DayPlan as DayPlan
    from loyaltyrules.plan.plan import compile_day as compile_day
    from loyaltyrules.policy.load import Plugins as Plugins
    from loyaltyrules.policy.load import load_policy as load_policy
    from loyaltyrules.policy.model import Policy as Policy
    from loyaltyrules.problem.errors import ApprovalError as ApprovalError
    from loyaltyrules.problem.errors import ArgumentError as ArgumentError
    from loyaltyrules.problem.errors import FrameError as FrameError
    from loyaltyrules.problem.errors import PolicyError as PolicyError
    from loyaltyrules.problem.errors import SnapshotError as SnapshotError
    from loyaltyrules.problem.problem import Place as Place
    from loyaltyrules.problem.problem import Problem as Problem
    from loyaltyrules.report.explain import explain as explain
    from loyaltyrules.report.render import Message as Message
    from loyaltyrules.report.render import render as render
    from loyaltyrules.report.trace import TracedPart as TracedPart
    from loyaltyrules.report.trace import TracedRule as TracedRule
    from loyaltyrules.report.trace import trace as trace
    from loyaltyrules.simulation.comparison.compare import compare as compare
    from loyaltyrules.simulation.comparison.delta import Delta as Delta
    from loyaltyrules.simulation.replaying.replay import replay as replay
    from loyaltyrules.simulation.replaying.story import Story as Story
    from loyaltyrules.simulation.shortfall.lacking import lacking as lacking
    from loyaltyrules.simulation.shortfall.shortfall import Lacking as Lacking
    from loyaltyrules.simulation.solving.found import Found as Found
    from loyaltyrules.simulation.solving.found import FoundBy as FoundBy
    from loyaltyrules.simulation.solving.solve import solve as solve
    from loyaltyrules.simulation.sweeping.sweep import Grid as Grid
    from loyaltyrules.simulation.sweeping.sweep import sweep as sweep
    from loyaltyrules.simulation.working.workload import Workload as Workload
    from loyaltyrules.simulation.working.workload import workload as workload

__version__ = "0.1.0"

_FROM = {
    "action.action": ("Action",),
    "decision.approval": ("approve",),
    "decision.carry_out": ("apply",),
    "decision.decision": ("Decision",),
    "decision.evaluate": ("evaluate",),
    "fact.snapshot": ("Snapshot",),
    "frame.evaluate_table": ("evaluate_frame",),
    "frame.result": ("FrameResult",),
    "frame.keys.with_signature": ("with_signature",),
    "plan.plan": ("DayPlan", "compile_day"),
    "policy.load": ("Plugins", "load_policy"),
    "policy.model": ("Policy",),
    "problem.errors": (
        "ApprovalError",
        "ArgumentError",
        "FrameError",
        "PolicyError",
        "SnapshotError",
    ),
    "problem.problem": ("Place", "Problem"),
    "report.explain": ("explain",),
    "report.render": ("Message", "render"),
    "report.trace": ("TracedPart", "TracedRule", "trace"),
    "simulation.comparison.compare": ("compare",),
    "simulation.comparison.delta": ("Delta",),
    "simulation.solving.found": ("Found", "FoundBy"),
    "simulation.shortfall.lacking": ("lacking",),
    "simulation.shortfall.shortfall": ("Lacking",),
    "simulation.solving.solve": ("solve",),
    "simulation.replaying.replay": ("replay",),
    "simulation.replaying.story": ("Story",),
    "simulation.sweeping.sweep": ("Grid", "sweep"),
    "simulation.working.workload": ("Workload", "workload"),
}
_MODULES = {name: f"{__name__}.{module}" for module, names in _FROM.items() for name in names}

__all__ = sorted(_MODULES)


def __getattr__(name: str) -> Any:
    """A public name, loaded now."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = globals()[name] = getattr(import_module(_MODULES[name]), name)
    return found


def __dir__() -> list[str]:
    """What there is to use, for those who complete names: no helper of this module."""
    return [*__all__, "__version__"]
