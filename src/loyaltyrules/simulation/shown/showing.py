# SPDX-License-Identifier: Apache-2.0
"""What results have in common that show themselves: charts, and a page."""

from os import PathLike
from typing import Any

from loyaltyrules.problem.language import require_language
from loyaltyrules.simulation.shown import pages
from loyaltyrules.simulation.shown.plot import Plot


class Showing:
    """A result that shows itself; how it is drawn and told in a language, each says."""

    def _chart(self, language: str) -> Any:
        raise NotImplementedError

    def _page(self, language: str) -> str:
        raise NotImplementedError

    @property
    def plot(self) -> Plot:
        """The charts of the result.

        `result.plot` shows them in a notebook, `result.plot("zh")` gives them in Chinese, as an Altair chart.
        """
        return Plot(self._chart)

    def page(self, language: str = "en") -> str:
        """The result as a page of HTML, which fetches nothing.

        Raises:
            FrameError: what draws charts is not installed (LR530).
            ValueError: the language is neither `en` nor `zh`.
        """
        require_language(language)
        return self._page(language)

    def to_html(self, path: str | PathLike[str], language: str = "en") -> None:
        """Write the page into a file, whole or not at all.

        Raises:
            FrameError: it cannot be written (LR100), or what draws charts is not installed (LR530).
            ValueError: the language is neither `en` nor `zh`.
        """
        pages.write(path, self.page(language))
