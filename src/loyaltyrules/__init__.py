# SPDX-License-Identifier: Apache-2.0
"""Customer-care handbooks of retail chains as YAML policies, evaluated against customer snapshots."""

from loyaltyrules.action.action import Action, apply
from loyaltyrules.decision.approval import approve
from loyaltyrules.decision.decision import Decision
from loyaltyrules.decision.evaluate import evaluate
from loyaltyrules.fact.snapshot import Snapshot
from loyaltyrules.frame.evaluate import evaluate_frame
from loyaltyrules.frame.result import FrameResult
from loyaltyrules.plan.plan import DayPlan, compile_day
from loyaltyrules.policy.load import Plugins, load_policy
from loyaltyrules.policy.model import Policy
from loyaltyrules.problem.errors import ApprovalError, FrameError, PolicyError, SnapshotError
from loyaltyrules.problem.problem import Place, Problem
from loyaltyrules.report.explain import explain
from loyaltyrules.report.render import Message, render

__version__ = "0.1.0"

__all__ = [
    "Action",
    "ApprovalError",
    "DayPlan",
    "Decision",
    "FrameError",
    "FrameResult",
    "Message",
    "Place",
    "Plugins",
    "Policy",
    "PolicyError",
    "Problem",
    "Snapshot",
    "SnapshotError",
    "apply",
    "approve",
    "compile_day",
    "evaluate",
    "evaluate_frame",
    "explain",
    "load_policy",
    "render",
]
