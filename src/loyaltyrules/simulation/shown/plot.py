# SPDX-License-Identifier: Apache-2.0
"""`.plot`: a result as a chart, in either language."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from loyaltyrules.problem.language import require_language

LANGUAGE = "en"


@dataclass(frozen=True, slots=True, repr=False)
class Plot:
    """A chart that is drawn when it is looked at; what an Altair chart can, it can too, in English."""

    drawn: Callable[[str], Any]

    def __call__(self, language: str = LANGUAGE) -> Any:
        """The chart, an Altair chart.

        Raises:
            FrameError: Altair is not installed (LR530).
            ValueError: the language is neither `en` nor `zh`.
        """
        require_language(language)
        return self.drawn(language)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):  # what notebooks and copies look for is not the chart's
            raise AttributeError(name)
        return getattr(self(), name)

    def _repr_mimebundle_(self, *asked: Any, **how: Any) -> Any:
        return self()._repr_mimebundle_(*asked, **how)

    def __repr__(self) -> str:
        return "Plot: call it with a language for the chart, .plot('zh')"
