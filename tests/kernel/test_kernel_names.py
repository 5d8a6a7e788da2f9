# SPDX-License-Identifier: Apache-2.0
"""A name means one thing, for records and tables alike; a title calls only what no name calls."""

import polars as pl
import pytest

from loyaltyrules import PolicyError, evaluate_frame

DAY = "2027-03-01"


@pytest.fixture
def told(written):
    """The faults of a policy given as text: code, excerpt of the line, details."""

    def found(text: str) -> list[tuple[str, str, dict[str, str]]]:
        with pytest.raises(PolicyError) as caught:
            written(text)
        problems = caught.value.problems
        return [(p.code, p.place.excerpt.strip(), dict(p.details)) for p in problems if p.place]

    return found


# ---- what a policy computes has the name of nothing that is given

TAKEN = """
facts: {customer: {FACT: {type: [A, B]}, y: {type: whole}}}
labels:
  tier: {for: customer, values: [A, B], STANDING, ways: {w: {bands: y, A: 5, B: rest}}}
workflows:
  stage: {for: customer, begins: today, states: {one: {is: y > 5}, two: {}}}
"""


@pytest.mark.parametrize("fact", ["tier", "tier.w", "stage"])
def test_what_is_computed_has_the_name_of_no_fact(told, fact: str):
    text = TAKEN.replace("FACT", fact).replace("STANDING", "title: x")
    ((code, line, details),) = told(text)
    assert (code, details["name"]) == ("LR266", fact)
    assert details["other"] == f"facts.customer.{fact}"
    assert line.startswith(f"{fact.partition('.')[0]}: ")


@pytest.mark.parametrize("name", ["id", "store_id"])
def test_what_is_computed_is_no_id(told, name: str):
    text = f"""
subjects: {{store: {{}}, customer: {{of: store}}}}
labels: {{{name}: {{for: customer, values: [A, B], cases: {{A: yes, B: rest}}}}}}
"""
    assert [code for code, _, _ in told(text)] == ["LR266"]


def test_a_label_may_stand_on_the_fact_of_its_name(written, decide, plan):
    policy = written(
        TAKEN.replace("FACT", "tier").replace("STANDING", "standing: tier")
        + "rules: {a: {for: customer, at: daily, if: tier = A, do: {do: task.a, value: tier}}}\n"
    )
    rows = [{"id": "1", "tier": "A", "y": 1}, {"id": "2", "tier": "B", "y": 9}]
    acts = [len(decide(policy, row, DAY).actions) for row in rows]
    framed = evaluate_frame(plan(policy, DAY), pl.DataFrame(rows)).actions
    assert acts == [1, 0]
    assert framed["subject_id"].to_list() == ["1"]


def test_a_workflow_has_the_name_of_no_label(told):
    text = TAKEN.replace("FACT", "x").replace("STANDING", "title: x")
    found = told(text.replace("stage: {for", "stage: {id: tier, for"))
    ((line, details),) = [(line, told) for code, line, told in found if code == "LR266"]
    assert details["other"] == "labels.tier"
    assert line.startswith("stage: ")


@pytest.mark.parametrize(
    ("one", "other", "name", "taken"),
    [("list: xs", "list: xs", "xs", "subjects.a"), ("list: bs", "title: B", "bs", "subjects.a"),
     ("title: A", "list: id", "id", "facts.customer.id")],
)  # fmt: skip
def test_two_kinds_of_child_records_stand_in_two_lists(told, one, other, name, taken):
    text = f"subjects: {{a: {{of: customer, {one}}}, b: {{of: customer, {other}}}}}\n"
    ((code, _, details),) = told(text)
    assert (code, details["name"], details["other"]) == ("LR266", name, taken)


def test_child_records_of_two_parents_may_stand_in_lists_of_one_name(written):
    written("subjects: {c: {}, a: {of: customer, list: xs}, b: {of: c, list: xs}}\n")


# ---- words of the language


@pytest.mark.parametrize(
    "text",
    [
        "words: {NAME: {kind: letter}}", "facts: {customer: {NAME: {type: whole}}}",
        "parameters: {NAME: {value: 5}}", "templates: {NAME: {en: x}}", "roles: {NAME: x}",
        "channels: {NAME: x}", "subjects: {NAME: {of: customer}}", "blocks: {NAME: {en: x}}",
        "occasions: {NAME: {solar: 05-12}}", "reference: {NAME: {columns: {id: text}}}",
        "labels: {NAME: {for: customer, values: [A], cases: {A: rest}}}",
        "labels: {t: {for: customer, values: [A], ways: {NAME: {cases: {A: rest}}}}}",
        "workflows: {NAME: {for: customer, begins: today, states: {one: {}}}}",
    ],
)  # fmt: skip
@pytest.mark.parametrize("name", ["none", "rest", "otherwise"])
def test_a_word_of_the_language_is_no_name(told, text: str, name: str):
    found = told(text.replace("NAME", name) + "\n")
    assert ("LR257", name) in [(code, details["name"]) for code, _, details in found]


@pytest.mark.parametrize("name", ["今天", "missing", "yes"])
@pytest.mark.parametrize(
    "text",
    [
        "labels: {NAME: {for: customer, values: [A], cases: {A: rest}}}",
        "workflows: {NAME: {for: customer, begins: today, states: {one: {}}}}",
    ],
)
def test_what_no_condition_could_read_is_no_label(told, text: str, name: str):
    assert [code for code, _, _ in told(text.replace("NAME", name) + "\n")] == ["LR257"]


# ---- names go before titles

CALLED = """
facts:
  customer: {x: {type: text, title: TITLE}, y: {type: text}, z: {type: text, title: Zed}}
rules: {a: {for: customer, at: daily, if: CALL = "a", do: task.a}}
"""


@pytest.mark.parametrize(
    ("title", "call", "reads"), [("y", "y", "y"), ("why", "why", "x"), ("y", "Zed", "z")]
)
def test_a_name_is_called_before_a_title(written, decide, plan, title, call, reads):
    policy = written(CALLED.replace("TITLE", title).replace("CALL", call))
    rows = [{"id": name, **dict.fromkeys("xyz", "b"), name: "a"} for name in "xyz"]
    acts = [row["id"] for row in rows if decide(policy, row, DAY).actions]
    framed = evaluate_frame(plan(policy, DAY), pl.DataFrame(rows)).actions["subject_id"].to_list()
    assert acts == framed == [reads]


@pytest.mark.parametrize(
    ("figure", "fact", "acts"),
    [("{积分: {value: 5}}", "{type: whole, title: 积分}", True),
     ("{n: {value: 5, title: x}}", "{type: whole}", False)],
)  # fmt: skip
def test_the_name_of_a_figure_goes_before_the_title_of_a_fact(
    written, decide, figure: str, fact: str, acts: bool
):
    call = "积分" if acts else "x"
    policy = written(f"""
parameters: {figure}
facts: {{customer: {{x: {fact}}}}}
rules: {{a: {{for: customer, at: daily, if: x > {call}, do: task.a}}}}
""")
    assert bool(decide(policy, {"id": "c", "x": 9}, DAY).actions) is acts


TWICE = """
subjects: {purchase: {of: customer}}
parameters: {least: {value: 5, title: Least}}
facts:
  customer:
    x: {type: whole, title: Level}
    y: {type: whole, title: Level}
    least_ever: {type: whole, title: Least}
  purchase: {n: {type: whole}}
templates:
  hello: {en: "HELLO"}
  told: {en: "TOLD"}
words:
  tell: {kind: task.tell, template: told, needs: [LACK]}
  greet: {kind: message.send, channel: sms, template: hello, needs: [NEED], sets: {SET: 5}}
labels: {tier: {for: customer, values: [A, B], ways: {w: {top: 50%, by: [ORDER], bands: x, B: rest}}}}
rules:
  a: {for: customer, at: daily, if: IF, do: greet}
  b: {for: purchase, if: OF_PARENT > 5, do: tell, once_per: id}
"""
CLEAR = {
    "IF": "x > 1",
    "NEED": "x",
    "SET": "x",
    "ORDER": "x",
    "HELLO": "{x}",
    "TOLD": "{n}",
    "LACK": "x",
    "OF_PARENT": "customer.x",
}


def twice(**said: str) -> str:
    text = TWICE
    for place, name in {**CLEAR, **said}.items():
        text = text.replace(place, name)
    return text


def test_titles_that_nobody_calls_may_be_alike(written):
    written(twice())


@pytest.mark.parametrize(
    ("place", "said", "called", "names"),
    [
        ("IF", "x > 1 and Level > 5", "Level", "facts.customer.x, facts.customer.y"),
        ("IF", "x > Least", "Least", "facts.customer.least_ever, parameters.least"),
        ("OF_PARENT", "customer.Level", "customer.Level", "facts.customer.x, facts.customer.y"),
        ("NEED", "Level", "Level", "facts.customer.x, facts.customer.y"),
        ("SET", "Level", "Level", "facts.customer.x, facts.customer.y"),
        ("ORDER", "Level", "Level", "facts.customer.x, facts.customer.y"),
        ("HELLO", "{Level}", "Level", "facts.customer.x, facts.customer.y"),
        ("TOLD", "{Level}", "Level", "facts.customer.x, facts.customer.y"),
        ("LACK", "Level", "customer.Level", "facts.customer.x, facts.customer.y"),
        ("HELLO", "{Least}", "Least", "facts.customer.least_ever, parameters.least"),
    ],
)  # fmt: skip
def test_a_title_of_several_is_no_name_for_one_of_them(told, place, said, called, names):
    ((code, _, details),) = told(twice(**{place: said}))
    assert (code, details["name"], details["names"]) == ("LR264", called, names)


def test_a_name_of_a_fact_and_of_a_figure_is_no_name_for_one_of_them(told):
    ((code, _, details),) = told("""
parameters: {least: {value: 5}}
facts: {customer: {least: {type: whole}}}
rules: {a: {for: customer, at: daily, if: least > 5, do: task.a}}
""")
    assert (code, details["names"]) == ("LR264", "facts.customer.least, parameters.least")


def test_what_is_unclear_is_marked_where_it_is_called(written):
    with pytest.raises(PolicyError) as caught:
        written(twice(IF="x > 1 and Level > 5"))
    (problem,) = caught.value.problems
    start = problem.place.column - 1
    assert problem.place.excerpt[start : start + problem.place.length] == "Level"


def test_an_action_sets_a_fact_by_its_title(written, decide):
    policy = written("""
facts: {customer: {x: {type: whole, title: Level}}}
words: {grow: {kind: task.grow, sets: {Level: 5}}}
rules: {a: {for: customer, at: daily, do: grow}}
""")
    (action,) = decide(policy, {"id": "c"}, DAY).actions
    assert action.sets == (("x", 5),)


@pytest.mark.parametrize(
    "changes", ["sets: {Level: 5, x: 6}", "sets: {x: 5}, adds: {x: 1}", "adds: {x: 5, Level: 1}"]
)
def test_an_action_changes_a_fact_once(told, changes: str):
    ((code, _, _),) = told(f"""
facts: {{customer: {{x: {{type: whole, title: Level}}}}}}
words: {{grow: {{kind: task.grow, {changes}}}}}
rules: {{a: {{for: customer, at: daily, do: grow}}}}
""")
    assert code == "LR260"


# ---- ids

IDS = """
subjects: {store: {}, customer: {of: store}}
facts: {store: {open: {type: yes/no}}, customer: {NAME: SHAPE}}
rules: {a: {for: customer, at: daily, if: NAME = "7", do: task.a}}
"""


@pytest.mark.parametrize("shape", ["{type: whole}", "{type: [a, b]}", "{is: '\"7\"'}"])
@pytest.mark.parametrize("name", ["id", "store_id"])
def test_ids_are_texts_and_come_with_the_record(told, name: str, shape: str):
    found = told(IDS.replace("NAME", name).replace("SHAPE", shape))
    assert ("LR268", name) in [(code, details.get("name")) for code, _, details in found]


@pytest.mark.parametrize("name", ["id", "store_id"])
def test_ids_may_be_declared_as_texts(written, decide, plan, name: str):
    policy = written(IDS.replace("NAME", name).replace("SHAPE", "{type: text, title: No}"))
    row = {"id": 7, "store_id": 7}
    assert len(decide(policy, row, DAY).actions) == 1
    assert len(evaluate_frame(plan(policy, DAY), pl.DataFrame([row])).actions) == 1


# ---- what a label stands on

ON_FILE = """
facts: {customer: {on_file: {type: TYPE, title: Level}, n: {type: whole}}}
labels: {tier: {for: customer, values: [A, B], standing: STANDING, ways: {w: {cases: {A: rest}}}}}
"""


@pytest.mark.parametrize(
    ("standing", "kind", "code", "near"),
    [("on_fiel", "[A, B]", "LR201", "on_file"), ("Level", "[A, B]", "LR201", "on_file"),
     ("on_file", "whole", "LR203", "")],
)  # fmt: skip
def test_a_label_stands_on_a_fact_of_words_by_its_name(told, standing, kind, code, near):
    ((found, line, details),) = told(ON_FILE.replace("STANDING", standing).replace("TYPE", kind))
    assert (found, details.get("near", "")) == (code, near)
    assert line.startswith("labels: ")


@pytest.mark.parametrize("kind", ["[A, B]", "[A, B, C]", "text", "tier"])
def test_a_label_may_stand_on_other_words_or_a_text(written, kind):
    written(ON_FILE.replace("STANDING", "on_file").replace("TYPE", kind))


# ---- what `at:` names

DAYS = """
subjects: {purchase: {of: customer}}
facts: {customer: {due: {type: date, title: deadline}, born: {type: date}, last: {latest: purchase.day}},
        purchase: {day: {type: date}}}
parameters: {opening: {value: 2027-03-01}}
"""


@pytest.mark.parametrize(
    "name",
    ["daily", "monday", "month_end", "first workday of month", "today", "今天", "due", "deadline",
     "last", "day", "customer.due", "opening"],
)  # fmt: skip
@pytest.mark.parametrize(
    "occasion", ["{name}: {{solar: 12-12}}", "x: {{id: {name}, solar: 12-12}}",
                 "x: {{title: {name}, solar: 12-12}}"],
)  # fmt: skip
def test_an_occasion_is_called_like_no_other_moment(told, name: str, occasion: str):
    text = f"{DAYS}occasions: {{{occasion.format(name=name)}}}\n"
    ((code, line, details),) = told(text)
    assert (code, details["name"]) == ("LR165", name)
    assert line.startswith("occasions: ")


def test_an_anniversary_may_have_the_name_of_its_own_day(written, told, does):
    text = DAYS + "occasions: {born: {anniversary: DAY}}\n"
    text += "rules: {a: {for: customer, at: born, do: call}}\n"
    row = {"id": "c", "born": "1980-03-01"}
    assert does(written(text.replace("DAY", "born")), row, DAY) == ["call a"]
    assert [code for code, _, _ in told(text.replace("DAY", "due"))] == ["LR165"]
