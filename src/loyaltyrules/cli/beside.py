# SPDX-License-Identifier: Apache-2.0
"""What lies beside the tables that count: files that no table is called like, rows that others replace."""

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from loyaltyrules.cli.terminal import Terminal
from loyaltyrules.policy.model import Policy
from loyaltyrules.problem.language import mark
from loyaltyrules.problem.problem import Problem, nearest, problem

TABLES = (".csv", ".jsonl", ".ndjson", ".parquet")
ALSO = (".xlsx", ".xls", ".et", ".numbers", ".ods", ".tsv", ".txt", ".json")  # may be meant for one
HIDDEN = (".", "~$")
FEW = 12  # files that are named
UNREAD = mark("note: files of the folder that no table of the policy is called like: {names}")
REPLACED = mark(
    "note: the policy has rows of {table} too; those of the data count, all in place of them"
)


class Beside(NamedTuple):
    """Files that were not read, each with the table that it may be meant for, and tables of which the
    data and the policy have rows."""

    unread: Mapping[str, str]
    replaced: Sequence[str] = ()


def beside(
    policy: Policy, path: Path, reference: Collection[str], written: Collection[Path] = ()
) -> Beside:
    """What lies beside the tables of a file or folder; what a run writes itself is none of it."""
    own = {each.resolve() for each in written}
    unread = unread_files(policy, path, own) if path.is_dir() else {}
    replaced = [name for name, each in policy.tables.items() if each.rows and name in reference]
    return Beside(unread, replaced)


def unread_files(policy: Policy, folder: Path, own: Collection[Path] = ()) -> dict[str, str]:
    """The files of a folder that look like tables and are read as none, each with the near table.

    Where Parquet files are parts of one table they are read whatever they are called.
    """
    calls, files = _calls(policy), sorted(folder.iterdir())
    names = {*calls.values()}
    there = {each.stem for each in files if each.suffix in TABLES or each.is_dir()} & names
    found = {}
    for each in files:
        near = meant(each.stem, calls)
        parts = each.suffix == ".parquet" and not there
        if each.is_dir() or each.name.startswith(HIDDEN) or parts or each.resolve() in own:
            continue
        read = each.suffix in TABLES and each.stem in names
        if each.suffix.lower() in TABLES and not read:
            found[each.name] = "" if near in there else near
        elif each.suffix.lower() in ALSO and near and near not in there:
            found[each.name] = near
    return found


def _calls(policy: Policy) -> dict[str, str]:
    """How tables may be called, by their names, titles and lists: what is read is the name."""
    calls: dict[str, str] = {}
    for name, subject in policy.vocabulary.subjects.items():
        titles = [title for _, title in subject.titles]
        calls |= dict.fromkeys([*titles, subject.listed_as, f"{name}s"], name)
    return {**calls, **{name: name for name in (*policy.vocabulary.subjects, *policy.tables)}}


def meant(stem: str, calls: Mapping[str, str]) -> str:
    """The table that a file may be meant for: `门店`, `purchases`, `客户表 (2)`."""
    name = stem.strip()
    within = [each for each in calls if not each.isascii() and each in name]
    near = max(within, key=len) if within else nearest(name, calls)
    return calls.get(near, "")


def no_table(policy: Policy, folder: Path) -> Problem:
    """No file of a folder is a table of the policy: what is there is named, or that nothing is."""
    unread = unread_files(policy, folder)
    if not unread:
        return problem("LR409", None, file=folder)
    known = ", ".join(f"{name}.csv" for name in ("customer", *policy.tables))
    names = ", ".join(_listed(unread))
    return problem("LR456", None, file=folder, names=names, known=known)


def tell_beside(terminal: Terminal, found: Beside) -> None:
    """Note what lies beside the tables."""
    if found.unread:
        terminal.warn(terminal.say(UNREAD, names=", ".join(_listed(found.unread))))
    for name in found.replaced:
        terminal.warn(terminal.say(REPLACED, table=name))


def _listed(unread: Mapping[str, str]) -> list[str]:
    """The files, those first that seem to be meant for a table: `门店.csv (store.csv?)`."""
    near = [f"{name} ({each}.csv?)" for name, each in unread.items() if each]
    rest = [name for name, each in unread.items() if not each]
    listed = [*near, *rest]
    return listed if len(listed) <= FEW else [*listed[:FEW], "…"]
