# SPDX-License-Identifier: Apache-2.0
"""One gettext catalogue holds every sentence that a person may read, in English and Chinese."""

import gettext
from functools import cache
from pathlib import Path

LANGUAGES = ("zh", "en")
_FOLDER = Path(__file__).parent.parent / "locale"


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    locale = {"zh": "zh_CN"}.get(language, language)
    return gettext.translation("loyaltyrules", _FOLDER, [locale], fallback=language == "en")


def say(language: str, sentence: str, **details: object) -> str:
    """The sentence in `language` ("zh" or "en"), its placeholders filled.

    Raises:
        ValueError: the language is not one of `LANGUAGES`.
    """
    require_language(language)
    text = _catalogue(language).gettext(sentence)
    return text.format(**details) if details else text


def require_language(language: object) -> None:
    """Refuse any language but those of the catalogue.

    Raises:
        ValueError: the language is not one of `LANGUAGES`.
    """
    if not isinstance(language, str) or language not in LANGUAGES:
        found = ascii(language)[:40] if isinstance(language, str) else type(language).__name__
        raise ValueError(f"no language {found}; there are: {', '.join(LANGUAGES)}")


def choose(texts: object, language: str, otherwise: str) -> str:
    """The text in `language` of a mapping language → text, else any text there is, else `otherwise`."""
    pairs = dict(texts) if isinstance(texts, tuple | dict) else {}
    return str(pairs.get(language) or next(iter(pairs.values()), otherwise))


def called(titles: object, language: str, key: str) -> str:
    """What a thing is called: its title in `language`, else any that it has, else its key.

    In English a key of Latin letters comes before a Chinese title.
    """
    if language == "en" and key.isascii():
        titles = {"en": dict(titles).get("en") or key} if isinstance(titles, tuple | dict) else ()
    return choose(titles, language, key)


def mark(sentence: str) -> str:
    """Mark a sentence for the catalogue; it is translated when it is said."""
    return sentence
