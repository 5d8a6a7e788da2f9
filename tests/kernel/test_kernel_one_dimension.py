# SPDX-License-Identifier: Apache-2.0
"""Tables of one dimension, deadlines of tables, and tables that read the row that opened them."""

FACTS = """
facts:
  customer:
    tier: {type: [A, B, C]}
    born: {type: date, absent: unknown}
    note: {type: text}
words:
  cake: {kind: gift.mail, gift: cake, role: guide}
  ring: {kind: call, role: guide}
"""
CARE = (
    FACTS
    + """
occasions:
  birthday: {anniversary: born}
tables:
  birthdays:
    for: customer
    by: tier
    at: birthday
    within: 2 days
    late: escalate manager
    source: T-0
    rows:
      A: {do: [cake, ring], source: T-1, origin: proposed}
      "B, C": ring
"""
)


def done(decision):
    return sorted((each.rule, each.kind, each.source, each.origin) for each in decision.actions)


def test_each_word_of_the_one_dimension_has_its_rule(written, decide):
    policy = written(CARE)
    record = {"id": "c", "born": "1980-03-05"}
    assert done(decide(policy, {**record, "tier": "A"}, "2027-03-05")) == [
        ("birthdays.A", "call", "T-1", "proposed"),
        ("birthdays.A", "gift.mail", "T-1", "proposed"),
    ]
    assert done(decide(policy, {**record, "tier": "C"}, "2027-03-05")) == [
        ("birthdays.C", "call", "T-0", "source")
    ]
    assert decide(policy, {**record, "tier": "C"}, "2027-03-06").actions == ()


def test_a_table_gives_every_cell_its_deadline_and_what_follows_it(written, decide):
    policy = written(CARE)
    record = {"id": "c", "born": "1980-03-05", "tier": "B"}
    (call,) = decide(policy, record, "2027-03-05").actions
    assert call.deadline == "2027-03-07"
    (late,) = decide(policy, record, "2027-03-08").actions
    assert (late.rule, late.kind, late.role) == ("birthdays.B.late", "escalate", "manager")


def test_the_rows_may_be_schedules_or_occasions(written, does):
    policy = written(
        FACTS
        + """
occasions:
  new_year: {id: ny, solar: 01-01, opens: 1 day}
tables:
  week:  {for: customer, by: schedule, rows: {monday: ring, friday: [ring, cake], sunday: none}}
  feast: {for: customer, by: occasion, rows: {new_year: cake}}
"""
    )
    assert does(policy, {"id": "c"}, "2027-03-01") == ["call week.monday"]
    assert does(policy, {"id": "c"}, "2027-03-07") == []
    friday = does(policy, {"id": "c"}, "2027-12-31")
    assert friday == ["gift.mail feast.ny", "call week.friday", "gift.mail week.friday"]


def test_a_missing_word_a_wrong_one_and_a_wrong_moment_are_faults(faults):
    def told(by, rows):
        once = ", once_per: id" if by not in ("schedule", "occasion") else ""
        return faults(f"{FACTS}tables:\n  x: {{for: customer, by: {by}{once}, rows: {{{rows}}}}}\n")

    assert told("tier", "A: ring") == ["LR259", "LR259"]
    assert "LR202" in told("tier", "A: ring, B: ring, D: ring, rest: none")
    assert "LR304" in told("schedule", "someday: ring")
    assert "LR229" in told("occasion", "someday: ring")
    assert "LR168" in told("[tier, tier]", "A: ring")


def test_a_dimension_may_be_a_column_of_the_row_that_opens_the_table(written, does):
    policy = written(
        FACTS
        + """
occasions:
  event: {rows: event, day: day}
reference:
  event: {columns: {id: text, kind: [opening, sale], day: date}}
tables:
  events:
    for: customer
    by: [event.kind, tier]
    at: 7 days before event
    rows:
      opening: {A: cake, rest: ring}
      sale:    {A: ring, rest: none}
"""
    )
    rows = [{"id": "e1", "kind": "opening", "day": "2027-03-08"},
            {"id": "e2", "kind": "sale", "day": "2027-03-08"}]  # fmt: skip
    tables = {"event": rows}
    gold = does(policy, {"id": "c", "tier": "A"}, "2027-03-01", tables=tables)
    assert gold == ["gift.mail events.opening.A", "call events.sale.A"]
    assert does(policy, {"id": "c", "tier": "B"}, "2027-03-01", tables=tables) == [
        "call events.opening.B"
    ]
    assert does(policy, {"id": "c", "tier": "A"}, "2027-03-02", tables=tables) == []


def test_in_an_extending_policy_none_empties_a_cell_and_keeps_the_table_whole(tmp_path, decide):
    from loyaltyrules import load_policy

    (tmp_path / "base.yaml").write_text(f"format: 1\npolicy: base\nlanguage: en\n{CARE}")
    own = "format: 1\npolicy: own\nextends: base.yaml\ntables: {birthdays: {rows: {A: none}}}\n"
    (tmp_path / "own.yaml").write_text(own)
    policy = load_policy(tmp_path / "own.yaml")
    record = {"id": "c", "born": "1980-03-05"}
    assert decide(policy, {**record, "tier": "A"}, "2027-03-05").actions == ()
    assert len(decide(policy, {**record, "tier": "B"}, "2027-03-05").actions) == 1


def test_a_word_may_have_blanks_in_its_name(written, decide):
    policy = written("""
words:
  phone greeting: {kind: call}
  present a gift: {kind: gift.mail, takes: gift}
rules:
  hello: {for: customer, at: daily, do: [phone greeting, present a gift cake]}
""")
    found = decide(policy, {"id": "c"}, "2027-03-01").actions
    assert [(each.kind, each.gift) for each in found] == [("call", None), ("gift.mail", "cake")]
