# SPDX-License-Identifier: Apache-2.0
"""What is proved of a policy when its doubts are asked for: it takes time that loading has not."""

from datetime import date

from loyaltyrules.policy.contradictions import Figures, contradictions
from loyaltyrules.policy.found import kept
from loyaltyrules.policy.model import Policy
from loyaltyrules.policy.unreached_cases import unreached
from loyaltyrules.problem.problem import Problem


def prove(policy: Policy, day: date) -> tuple[Problem, ...]:
    """The doubts about rules and labels of a policy from a day on; those that are waived stay out."""
    first, last = policy.in_force
    since = max(first or date.min, min(day, last or date.max))
    figures = Figures(policy.parameters, policy.functions, since, last or date.max)
    found = (*contradictions(policy.rules, figures), *unreached(policy, figures))
    return kept(found, policy.waived)
