# SPDX-License-Identifier: Apache-2.0
"""What a policy cannot have meant is refused where it was written; what it can is taken as meant."""

from typing import Any

import polars as pl
import pytest

from loyaltyrules import PolicyError, apply, evaluate_frame

DAY = "2027-03-01"


@pytest.fixture
def refused(written):
    """The faults of a policy given as text: code, line and details."""

    def found(text: str) -> list[tuple[str, int, dict[str, str]]]:
        with pytest.raises(PolicyError) as caught:
            written(text)
        return [
            (each.code, each.place.line if each.place else 0, dict(each.details))
            for each in caught.value.problems
        ]

    return found


# ---- numbers of one unit

NUMBERS = """
facts:
  customer:
    interval: {type: number}
    amount:   {type: money}
    usual:    {is: "or_else(interval, HERE)"}
    paid:     {is: "or_else(amount, 0)"}
parameters: {figure: {value: 90, origin: proposed, source: X-1}}
rules:
  usual: {for: customer, at: daily, if: usual > 80, do: {do: task.usual, value: usual}}
  paid:  {for: customer, at: daily, if: paid = 0, do: {do: task.paid, value: paid}}
"""


@pytest.mark.parametrize(
    "other", ["90", "90.0", "90.5", "figure", "if(interval is missing, 90, 90.5)", "max(90, 80.5)"]
)
def test_whole_and_other_numbers_go_together(written, decide, plan, other: str):
    policy = written(NUMBERS.replace("HERE", other))
    expected = "90.5" if other == "90.5" else "90"
    found = {each.rule: each.value for each in decide(policy, {"id": "c"}, DAY).actions}
    assert found == {"usual": expected, "paid": "0"}
    frame = [{"id": f"c{n}", "interval": 85.25 if n % 2 else None} for n in range(10)]
    actions = evaluate_frame(plan(policy, DAY), pl.DataFrame(frame)).actions
    values = dict(actions.filter(rule="usual").select("subject_id", "value").rows())
    assert values == {f"c{n}": "85.25" if n % 2 else expected for n in range(10)}


def test_numbers_of_two_units_do_not_go_together(refused):
    for mixed in ("if(interval > 5, 90 CNY, 80 points)", "max(90 CNY, 80 points)"):
        codes = {code for code, _, _ in refused(NUMBERS.replace("HERE", mixed))}
        assert codes & {"LR204", "LR211"}, mixed


# ---- none takes away

NONE = """
words: {gift: {kind: reward, gift: cake, approver: manager, role: guide, reason: fun}}
rules:
  a: {for: customer, at: daily, do: {do: gift, approver: none}}
  b: {for: customer, at: daily, approver: none, role: none, do: [{do: gift, reason: none, gift: none}]}
  c: {for: customer, at: daily, do: {do: call, channel: none}}
  d: {for: customer, at: daily, do: {do: message.send, channel: email}}
"""


def test_none_takes_away_what_a_word_says(written, decide):
    found = {each.rule: each for each in decide(written(NONE), {"id": "c"}, DAY).actions}
    assert (found["a"].status, found["a"].approver_role) == ("ready", None)
    assert (found["a"].role, found["a"].gift) == ("guide", "cake")
    b = found["b"]
    assert (b.status, b.approver_role, b.role, b.reason, b.gift) == ("ready", *[None] * 4)
    assert (found["c"].channel, found["d"].channel) == (None, "email")


# ---- what no cell is known to allow is denied

ACCESS = """
subjects: {request: {}}
facts:
  request:
    role: {type: [guide, manager]}
    resource: {type: [file, price]}
    operation: {type: [read, export]}
    agreed: {type: yes/no}
tables:
  access:
    for: request
    by: [role, resource]
    cells: allow
    action: operation
    if: agreed
    otherwise: [deny, audit.log]
    rows:
      guide: {file: read}
      manager: {file: [read, export], price: read}
"""
WHOLE = {"role": "guide", "resource": "file", "operation": "read", "agreed": "yes"}


@pytest.mark.parametrize("lacks", [None, *WHOLE])
def test_what_is_not_known_to_be_allowed_is_denied(written, decide, plan, lacks: str | None):
    record: dict[str, Any] = {"id": "r", **{k: v for k, v in WHOLE.items() if k != lacks}}
    expected = {"allow"} if lacks is None else {"deny", "audit.log"}
    found = decide(written(ACCESS), record, DAY, subject="request")
    assert {each.kind for each in found.actions} == expected
    rows = [{**record, "id": f"r{n}"} for n in range(3000)]
    table = {"request": pl.DataFrame(rows)}
    actions = evaluate_frame(plan(written(ACCESS), DAY), table).actions
    assert set(actions["kind"]) == expected and len(actions) == 3000 * len(expected)


@pytest.mark.parametrize("cell", ["[{read: x}]", "[[read]]", "{read: x}"])
def test_a_cell_that_allows_holds_words(refused, cell: str):
    ((code, _, details),) = refused(ACCESS.replace("{file: read}", f"{{file: {cell}}}"))
    assert (code, details["name"]) == ("LR143", "file")


# ---- groups, and those of none

TWINS = """
facts:
  customer:
    phone: {type: text}
    points: {type: whole}
    twin: {rank: points, within: phone, smallest: 2}
    best: {top: 50%, by: points, within: phone, TIES}
    fifth: {part: points, parts: 2, TIES}
    place: {rank: points, TIES}
rules:
  twin: {for: customer, at: daily, if: twin > 1, do: task.twin}
  best: {for: customer, at: daily, if: best, do: task.best}
  place: {for: customer, at: daily, if: place > 0, do: {do: task.place, value: place}}
  fifth: {for: customer, at: daily, if: fifth > 0, do: {do: task.part, value: fifth}}
"""
PEOPLE = [
    {"id": "a", "phone": "1", "points": 9}, {"id": "b", "phone": "1", "points": 5},
    {"id": "c", "phone": "1", "points": 5}, {"id": "d", "phone": "1", "points": 1},
    {"id": "e", "points": 8}, {"id": "f", "points": 8},
]  # fmt: skip


def standings(written, decide, plan, ties: str) -> dict[str, dict[str, str]]:
    """What rules say of each person, by rows; tables must say the same."""
    known = plan(written(TWINS.replace(", TIES", ties)), DAY).with_population(PEOPLE)
    found = {
        each["id"]: {a.rule: a.value or "yes" for a in decide(known, each).actions}
        for each in PEOPLE
    }
    rows = evaluate_frame(known, pl.DataFrame(PEOPLE)).actions
    told: dict[str, dict[str, str]] = {each["id"]: {} for each in PEOPLE}
    for name, rule, value in rows.select("subject_id", "rule", "value").rows():
        told[name][rule] = value or "yes"
    assert told == found
    return found


def test_who_lacks_the_key_of_a_group_belongs_to_none(written, decide, plan):
    found = standings(written, decide, plan, "")
    assert {name for name, rules in found.items() if "twin" in rules} == {"b", "c", "d"}
    assert {name for name, rules in found.items() if "best" in rules} == {"a", "b"}


@pytest.mark.parametrize(
    "ties, places, best, parts",
    [
        ("", "142536", "ab", "211122"),
        (", ties: id", "142536", "ab", "211122"),
        (", ties: higher", "144622", "abc", "211122"),
        (", ties: lower", "155633", "a", "211122"),
    ],
)
def test_equals_stand_as_ties_say(written, decide, plan, ties, places, best, parts):
    found = standings(written, decide, plan, ties)
    assert "".join(found[each["id"]]["place"] for each in PEOPLE) == {
        "142536": "145623", "144622": "144622", "155633": "155633",
    }[places]  # fmt: skip
    assert "".join(name for name, rules in found.items() if "best" in rules) == best
    assert "".join(found[each["id"]]["fifth"] for each in PEOPLE) == parts


# ---- rows of tables

STAGES = """
facts:
  customer:
    stage: {type: [closed, lost, intent]}
    tier: {type: [A, B]}
tables:
  care:
    for: customer
    by: [stage, tier]
    at: daily
    rows:
      ROWS
"""


def stages(*rows: str) -> str:
    return STAGES.replace("ROWS", "\n      ".join(rows))


def test_rows_may_be_grouped_and_the_rest_named(written, decide):
    policy = written(stages('"closed, intent": {A: call, rest: task.x}', "rest: none"))
    for stage, tier, expected in [
        ("closed", "A", ["call"]), ("intent", "B", ["task.x"]), ("lost", "A", []),
    ]:  # fmt: skip
        found = decide(policy, {"id": "c", "stage": stage, "tier": tier}, DAY)
        assert [each.kind for each in found.actions] == expected
    ids = {each.id for each in policy.rules}
    assert ids == {f"care.{stage}.{tier}" for stage in ("closed", "intent") for tier in "AB"}
    rest = written(stages("rest: {rest: task.x}"))
    assert len(rest.rules) == 6


@pytest.mark.parametrize(
    "rows, expected",
    [
        (["closed: {rest: call}", "lsot: {rest: none}", "intent: none"], {"LR202"}),
        (["closed: {rest: call}", "intent: none"], {"LR259"}),
        (['"closed, lost": {rest: call}', "lost: none", "intent: none"], {"LR260"}),
        (['closed: {A: call, "A, B": none}', "rest: none"], {"LR260"}),
        (["closed: call", "rest: none"], {"LR168"}),
    ],
)
def test_every_word_has_its_row_once(refused, rows: list[str], expected: set[str]):
    assert {code for code, _, _ in refused(stages(*rows))} == expected


@pytest.mark.parametrize("cell", ["[task.a, [report.b]]", "[[task.a]]"])
def test_a_cell_of_lists_is_refused_where_it_stands(refused, cell: str):
    ((code, line, _),) = refused(stages(f"closed: {{A: {cell}, B: none}}", "rest: none"))
    assert code == "LR143" and line == 15


@pytest.mark.parametrize("said", ["approver: [area_supervisor]", "role: {a: b}"])
def test_a_word_in_its_long_form_says_texts(refused, said: str):
    rules = f"rules:\n  a: {{for: customer, at: daily, do: {{do: call, {said}}}}}\n"
    ((code, _, details),) = refused(rules)
    assert (code, details["name"]) == ("LR143", said.partition(":")[0])


# ---- purposes of the long form

GATED = """
facts: {customer: {consent: {type: yes/no}}}
words: {hello: {kind: call, purpose: greeting}}
rules:
  a: {for: customer, at: daily, do: hello}
  b: {for: customer, at: daily, do: {do: invite, purpose: event}}
gate: [{hold: no_consent, which: purpose = event and not consent}]
"""


def test_the_gate_knows_purposes_that_only_long_forms_name(written, decide):
    found = decide(written(GATED), {"id": "c", "consent": "no"}, DAY)
    assert [each.rule for each in found.actions] == ["a"]
    assert [each.rule for each in found.suppressed] == ["b"]


# ---- names


@pytest.mark.parametrize(
    "facts, code",
    [
        ("{follow_ups: {type: whole}}", "LR256"), ("{missing: {type: whole}}", "LR257"),
        ("{today: {type: date}}", "LR257"), ("{and: {is: yes}}", "LR257"),
    ],
)  # fmt: skip
def test_a_name_that_means_something_else_is_refused(refused, facts: str, code: str):
    text = f"subjects: {{follow_up: {{of: customer}}}}\nfacts: {{customer: {facts}}}\n"
    assert [each for each, _, _ in refused(text)] == [code]


def test_a_figure_cannot_be_named_like_a_word_of_the_language(refused):
    assert [code for code, _, _ in refused("parameters: {today: {value: 5}}")] == ["LR257"]


# ---- figures

FIGURES = """
facts: {customer: {points: {type: whole, unit: points}, last_on: {type: date}}}
parameters:
  start: {value: 5000, unit: points, origin: proposed, source: X-1}
  lower: {value: 2000, unit: points, origin: proposed, source: X-1}
  idle: {value: 90 days, origin: proposed, source: X-1}
rules:
  a: {for: customer, at: daily, if: points >= start, do: task.a}
  b: {for: customer, at: daily, if: points >= lower and start > lower, do: task.b}
  c: {for: customer, at: daily, if: last_on + idle <= today, do: task.c}
"""


@pytest.mark.parametrize(
    "old, new, code",
    [
        ("{value: 5000,", "{value: 5OOO,", "LR253"),
        ("{value: 5000,", "{value: 5000 CNY,", "LR253"),
        ("{value: 5000,", "{value: 90 days,", "LR253"),
        ("5000, unit: points", "5000, unit: CNY", "LR254"),
        ("5000, unit: points", "many", "LR254"),
        ("{value: 5000,", "{value: ５０００,", "LR110"),
    ],
)
def test_a_faulty_figure_is_told_once_and_where_it_stands(refused, old, new, code):
    ((found, line, _),) = refused(FIGURES.replace(old, new, 1))
    assert (found, line) == (code, 7)


@pytest.mark.parametrize("value", ["90", "一年"])
def test_a_period_without_its_unit_is_told_where_it_stands(refused, value: str):
    ((code, line, details),) = refused(FIGURES.replace("90 days", value))
    assert (code, line, details["name"]) == ("LR254", 9, "idle")
    assert "last_on + idle" in details["where"]


def test_who_reads_a_figure_that_fits_elsewhere_is_told_himself(refused):
    text = FIGURES.replace("last_on + idle", "last_on + start")
    ((code, line, _),) = refused(text)
    assert (code, line) == ("LR209", 13)


# ---- periods

PERIODS = """
facts:
  customer:
    vip: {type: yes/no, default: no}
    tier: {type: [A, B]}
    last_on: {type: date}
parameters: {few: {value: 10 days, origin: proposed, source: X-1}}
occasions: {fair: {solar: 05-01, opens: OPENS}}
words: {greet: {kind: call}}
rules:
  a: {for: customer, MOMENT, do: greet, within: WITHIN}
"""


def periods(opens: str = "few", moment: str = "at: fair", within: str = "5 days") -> str:
    text = PERIODS.replace("OPENS", opens).replace("MOMENT", moment)
    return text.replace("WITHIN", within)


def test_a_period_may_depend_on_the_day(written, decide):
    text = periods(moment="at: last_on", within='"if(today > 2020-01-01, 7 days, 3 days)"')
    (action,) = decide(written(text), {"id": "c", "last_on": DAY}, DAY).actions
    assert action.deadline == "2027-03-08"


# ---- scores

SCORES = """
parameters:
  most: {value: 60%, origin: proposed, source: X-1}
  left: {values: {2020-01-01: 40%, 2028-01-01: LATER}, origin: proposed, source: X-1}
facts: {customer: {sales: {type: number}, calls: {type: number}}}
labels:
  grade:
    for: customer
    values: [good, bad]
    ways:
      card:
        score: weighted
        factors: {sales: {target: 100, weight: most}, calls: {target: 10, weight: left}}
        good: 90
        bad: rest
rules:
  told: {for: customer, at: daily, if: grade.card.score > 0, do: {do: task.told, value: grade.card.score}}
"""


def test_a_score_is_a_fact(written, decide):
    record = {"id": "c", "sales": 90, "calls": 9}
    (action,) = decide(written(SCORES.replace("LATER", "40%")), record, DAY).actions
    assert action.value == "90"


@pytest.mark.parametrize(
    "text",
    [
        SCORES.replace("LATER", "30%"), SCORES.replace("60%", "60.5%").replace("LATER", "40%"),
        SCORES.replace("weight: most", "weight: 30%").replace("LATER", "40%"),
    ],
)  # fmt: skip
def test_weights_that_are_not_the_whole_are_refused(refused, text: str):
    assert [code for code, _, _ in refused(text)] == ["LR258"]


@pytest.mark.parametrize("mark", ["three", "三分", "50%"])
def test_a_mark_is_a_number(refused, mark: str):
    text = SCORES.replace("LATER", "40%").replace("score: weighted", "score: mean")
    text = text.replace("{target: 100, weight: most}", "{high: 50, low: rest}")
    text = text.replace("{target: 10, weight: left}", "{high: 5, low: rest}")
    text = text.replace(
        "        good: 90", f"        marks: {{high: {mark}, low: 1}}\n        good: 2"
    )
    ((code, _, details),) = refused(text.replace("grade.card.score > 0", "sales > 0"))
    assert (code, details["name"]) == ("LR143", "high")


# ---- what actions write

WRITING = """
facts:
  customer:
    whole: {type: whole}
    count: {type: whole}
    share: {type: share}
    number: {type: number}
    word: {type: [a, b]}
    more: {type: [a, b, c]}
    text: {type: text}
parameters: {half: {value: 0.5, origin: proposed, source: X-1}}
words: {write: {kind: task.write, KEY: {FACT: WRITTEN}}}
rules: {a: {for: customer, at: daily, do: write}}
"""


def writing(key: str, fact: str, written: str) -> str:
    return WRITING.replace("KEY", key).replace("FACT", fact).replace("WRITTEN", f"'{written}'")


@pytest.mark.parametrize("key", ["sets", "adds"])
@pytest.mark.parametrize(
    "text",
    ["5.5", "0.5", "number", "whole / 2", "share * 100", "max(whole, number)", "whole * half",
     "if(whole > 1, 2, 2.5)", "or_else(number, 1)", "-number", "abs(number)", "mean(whole, 1)"],
)  # fmt: skip
def test_no_decimals_are_written_into_a_whole_number(refused, key: str, text: str):
    ((code, line, _),) = refused(writing(key, "whole", text))
    assert (code, line) == ("LR267", 15)


@pytest.mark.parametrize(
    ("fact", "text"),
    [("whole", "round(number)"), ("whole", "floor(whole / 2)"), ("whole", "-whole"),
     ("whole", "or_else(count, 0) + 1"), ("whole", "if(word = a, 2, whole)"), ("number", "whole / 2"),
     ("whole", "max(whole, 0)"), ("whole", "abs(whole)"), ("whole", "whole * 2"), ("share", "0.5"),
     ("whole", "5.0"), ("word", "word"), ("word", "a"), ("word", "if(whole > 1, a, b)"),
     ("more", "word"), ("text", "word"), ("word", "or_else(word, b)")],
)  # fmt: skip
def test_what_always_fits_is_written(written, fact: str, text: str):
    written(writing("sets", fact, text))


@pytest.mark.parametrize("text", ["text", "more", "or_else(word, more)", "if(whole > 1, a, text)"])
def test_no_other_word_is_written_into_words(refused, text: str):
    ((code, line, _),) = refused(writing("sets", "word", text))
    assert (code, line) == ("LR267", 15)


@pytest.mark.parametrize("fact", ["whole", "word"])
def test_a_fault_in_what_is_written_is_told_once(refused, fact: str):
    assert [code for code, *_ in refused(writing("sets", fact, "nowhere"))] in (
        ["LR201"],
        ["LR202"],
    )


@pytest.mark.parametrize("rows", [2, 3_000])
def test_what_is_finer_than_numbers_are_is_rounded_where_it_is_written(
    written, decide, plan, rows: int
):
    compiled = plan(written(writing("sets", "share", "number / 3")), DAY)
    records = [{"id": f"c{n}", "number": n % 7} for n in range(rows)]
    changes = evaluate_frame(compiled, pl.DataFrame(records)).changes
    told = dict(changes.select("subject_id", "set_to").rows())
    held = ["0", "0.3333", "0.6667", "1", "1.3333", "1.6667", "2"]
    assert told == {f"c{n}": held[n % 7] for n in range(rows)}
    for record, text in zip(records[:7], held, strict=False):
        (action,) = decide(compiled, record).actions
        assert f"{action.sets[0][1].normalize():f}" == text
        changed = apply(record, action)
        assert decide(compiled, changed).snapshot.facts["share"] == action.sets[0][1]


TARGETS = """
subjects: {store: {}, customer: {of: store}, visit: {of: customer}}
facts:
  store: {visits: {sum: customer.visits}, note: {type: text}}
  customer: {visits: {count: visit}, points: {type: whole}}
  visit: {n: {type: whole}}
words: {grow: {kind: task.grow, adds: {FACT: 5}}}
rules: {a: {for: visit, at: daily, do: grow}}
"""


@pytest.mark.parametrize(
    ("fact", "code", "subject", "near"),
    [("points", "LR265", "customer", ""), ("note", "LR265", "store", ""), ("nn", "LR201", "", "n"),
     ("customer.visits", "LR242", "", "")],
)  # fmt: skip
def test_a_change_says_whose_fact_it_is(refused, fact, code, subject, near):
    ((found, line, details),) = refused(TARGETS.replace("FACT", fact))
    assert (found, line) == (code, 10)
    assert (details.get("subject", ""), details.get("near", "")) == (subject, near)


def test_what_stands_further_down_is_counted_step_by_step(written, refused, plan):
    text = TARGETS.replace("FACT", "n")
    assert [c for c, *_ in refused(text.replace("sum: customer.visits", "count: visit"))] == [
        "LR218"
    ]
    told = text + "  b: {for: store, at: daily, do: {do: task.b, value: visits}}\n"
    told = told.replace("rules: {a: {for: visit, at: daily, do: grow}}", "rules:")
    frames = {
        "store": pl.DataFrame({"id": ["s"]}),
        "customer": pl.DataFrame({"id": ["c", "d"], "store_id": ["s", "s"]}),
        "visit": pl.DataFrame({"customer_id": ["c", "d", "d"]}),
    }
    assert evaluate_frame(plan(written(told), DAY), frames).actions["value"].to_list() == ["3"]


DOING = """
facts: {customer: {tier: {type: [A, B]}}}
words: {send: {kind: letter, instead: task.instead}}
labels:
  grade:
    {for: customer, values: [x, y], cases: {x: rest},
     moves: {up: {if: yes, to: x, since: today, do: task.move}}}
tables: {t: {for: customer, by: tier, at: daily, rows: {A: task.cell, B: none}}}
rules:
  a: {for: customer, from: today, within: 1 day, do: task.one, late: task.late}
  b: {for: customer, at: daily, do: [send, {do: task.long, role: guide}]}
workflows: {w: {for: customer, begins: today, states: {one: {do: task.state}}}}
gate: [{hold: x, which: kind = KIND, instead: task.other}]
"""
KINDS_DONE = ("one", "late", "long", "cell", "move", "state", "instead", "other")


@pytest.mark.parametrize("kind", KINDS_DONE)
def test_the_gate_knows_kinds_that_stand_in_the_place_of_a_word(written, kind: str):
    written(DOING.replace("KIND", f"task.{kind}"))


def test_the_gate_knows_no_kind_that_nothing_does(refused):
    ((code, _, details),) = refused(DOING.replace("KIND", "task.cel"))
    assert (code, details["near"]) == ("LR202", "task.cell")


def test_the_gate_holds_a_kind_that_only_a_rule_says(written, decide):
    policy = written("""
rules: {a: {for: customer, at: daily, do: task.foo}, b: {for: customer, at: daily, do: task.bar}}
gate: [{hold: x, which: kind = task.foo}]
""")
    found = decide(policy, {"id": "c"}, DAY)
    assert [each.rule for each in found.actions] == ["b"]
    assert [each.rule for each in found.suppressed] == ["a"]
