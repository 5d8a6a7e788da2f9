# SPDX-License-Identifier: Apache-2.0
"""Every code with its two sentences: what is wrong, and how to mend it. Placeholders are details."""

from typing import NamedTuple

from loyaltyrules.problem.language import mark


class Code(NamedTuple):
    message: str
    remedy: str


CODES: dict[str, Code] = {
    # LR1xx: shape of files and sections
    "LR100": Code(
        mark("cannot read or write {file}: {why}"),
        mark("Check the path, that the file may be read or written, and that there is room."),
    ),
    "LR101": Code(
        mark("this is no YAML: {found}"),
        mark(
            "Look at the marked line and the one above: a colon without a space, a missing bracket or quote, or an indentation unlike its neighbours is the usual reason."
        ),
    ),
    "LR102": Code(
        mark("full-width sign {found!r} where YAML needs its own"),
        mark("Type it with the keyboard in English mode: {near!r}."),
    ),
    "LR103": Code(
        mark("a list or mapping stands where a key should be"),
        mark("Begin the line with `key:`, or put the text in quotes."),
    ),
    "LR104": Code(
        mark("{name!r} is written twice; the first is at line {line}"),
        mark("Keep one of the two, or give the second another name."),
    ),
    "LR105": Code(
        mark("the alias *{name} is not allowed"),
        mark("Write the content out; use `extends` or `include` to share parts."),
    ),
    "LR106": Code(
        mark("nested deeper than {deepest} levels"),
        mark("Flatten the structure; no policy needs this depth."),
    ),
    "LR107": Code(
        mark("the file is larger than {limit} characters"),
        mark("Split it into several files and list them under `include`."),
    ),
    "LR108": Code(
        mark("a tab is used for indentation"),
        mark("Replace the tab with spaces, two for each level."),
    ),
    "LR109": Code(
        mark("the comma before {found!r} cut the text in two"),
        mark("Use the full-width comma ，inside a text, or put the whole text in quotes."),
    ),
    "LR110": Code(
        mark("neither a condition nor a figure can contain {found!r}"),
        mark(
            "Type half-width signs and digits: = != < <= > >= + - * / ( ) [ ] , 0-9, and or not in is missing."
        ),
    ),
    "LR111": Code(
        mark("{found!r} does not fit here"),
        mark(
            "Read the condition aloud up to the mark; a word before it is missing or one too many."
        ),
    ),
    "LR112": Code(
        mark(
            "too long or nested too deep: at most {longest} signs, {deepest} brackets or `not` inside"
            " of each other, {chain} words and signs in one sum, {factors} factors in one product"
        ),
        mark("Split it: give a part a name under `facts`."),
    ),
    "LR113": Code(
        mark("two comparisons in a row"),
        mark("Join them by `and`: `2000 <= x and x < 5000`."),
    ),
    "LR114": Code(
        mark("a number of more than {digits} digits"),
        mark("Check the figure; no fact needs so many digits."),
    ),
    "LR115": Code(
        mark("a second colon followed by a space makes this line unreadable"),
        mark("Put the text after the first colon in quotes."),
    ),
    "LR116": Code(
        mark("{file} holds no policy: there must be keys such as `policy:` and `format:`"),
        mark("Write `key: value` lines; `loyaltyrules new FOLDER` makes a starter policy."),
    ),
    "LR117": Code(
        mark("{file} is not UTF-8 from line {line} on: {why}"),
        mark("Save it as UTF-8 (in most editors: Save as, encoding UTF-8)."),
    ),
    "LR118": Code(
        mark("there is no space behind the colon"),
        mark("Write `key: value`, with a space."),
    ),
    "LR119": Code(
        mark("a number with a thousands separator was cut in two"),
        mark("Write 6000 instead of 6,000."),
    ),
    "LR121": Code(
        mark("{file} includes or extends itself, or the chain is too long"),
        mark("Take the file out of `include` or `extends` in one of the two places."),
    ),
    "LR122": Code(
        mark("{name!r} cannot be removed: the extended policy has no such entry"),
        mark("Correct the name, or take the line out."),
    ),
    "LR123": Code(
        mark("parameter {name!r} needs either `value` or `values`"),
        mark("Write `value: 5000` or, with dates, `values: {{2027-01-01: 5000}}`."),
    ),
    "LR124": Code(
        mark("the value of {name!r} is no constant"),
        mark(
            "Write a number, a share, a period, a date or a word, e.g. `5000 points`, `20%`, `12 months`."
        ),
    ),
    "LR125": Code(
        mark("fact {name!r} must say one thing: `type`, `is`, or one aggregate"),
        mark("Keep one of them: `type: whole`, or `is: EXPRESSION`, or e.g. `count: purchase`."),
    ),
    "LR126": Code(
        mark("two occasions are called {name!r}"),
        mark("Rename one, or give it another title."),
    ),
    "LR127": Code(
        mark("occasion {name!r} must say in one way when it is"),
        mark("Use one of solar, lunar, nth, term, year_end, anniversary, rows."),
    ),
    "LR128": Code(
        mark("there is no reference table {name!r}"),
        mark("Declare it under `reference`."),
    ),
    "LR129": Code(
        mark("reference table {table!r} has no column {name!r}"),
        mark("Name one of its columns, or declare it under its `columns`."),
    ),
    "LR130": Code(
        mark("an action cannot say {name!r} here"),
        mark(
            "Keys of an action: role, approver, purpose, reason, priority, template, gift, channel, to, value, figures, assignee, hours."
        ),
    ),
    "LR131": Code(
        mark("a rule has either `at` or `from`"),
        mark("Keep `at` for once on the day, `from` for every day from then on."),
    ),
    "LR132": Code(
        mark("`late` needs a deadline"),
        mark(
            "Add `within`, e.g. `within: 3 days`, or `by`, a day of the record (in a table: `due_by`)."
        ),
    ),
    "LR133": Code(
        mark("`late` needs a moment to count from"),
        mark("Add `at` or `from` to the rule."),
    ),
    "LR134": Code(
        mark("`once_per` has no place in a rule with `at` or `from`"),
        mark("Take the line out: such a rule speaks once per moment."),
    ),
    "LR135": Code(
        mark("rule {name!r} does not say how often it speaks"),
        mark(
            "Add `once_per`, e.g. `once_per: month`, or a fact whose change makes it new; or give it `at`."
        ),
    ),
    "LR136": Code(
        mark("a step of the gate does one thing, by one of these keys: {known}"),
        mark("Write one of them, with its value; what else is to be done is a step of its own."),
    ),
    "LR137": Code(
        mark("template {name!r} has no text"),
        mark("Write `zh:` or `en:`, or say why there is none: `missing: REASON`."),
    ),
    "LR138": Code(
        mark("there is no time zone {found!r}"),
        mark("Use a name such as Asia/Shanghai."),
    ),
    "LR139": Code(
        mark("two rules have the id {name!r}"),
        mark("Rename one, or give it an `id`."),
    ),
    "LR140": Code(
        mark("there is no key {name!r} here"),
        mark("Keys that may stand here: {known}."),
    ),
    "LR141": Code(
        mark("the key {name!r} is missing"),
        mark("Add a line `{name}: …`."),
    ),
    "LR142": Code(
        mark("{name!r} cannot be {found!r}"),
        mark("It is one of: {known}."),
    ),
    "LR143": Code(
        mark("{name!r} is not what is expected here"),
        mark("Expected: {expected}."),
    ),
    "LR144": Code(
        mark("there is no given record {name!r}"),
        mark("Name a record under `given`."),
    ),
    "LR145": Code(
        mark("expected actions have no field {name!r}"),
        mark("Fields are the columns of an action, e.g. kind, channel, status, due_on."),
    ),
    "LR146": Code(
        mark("{name!r} has no effect beside {beside!r}"),
        mark("Take one of the two out."),
    ),
    "LR147": Code(
        mark("the score of {name!r} has no factors"),
        mark("Name under `factors` the facts that count, each with its marks or its weight."),
    ),
    "LR148": Code(
        mark("the given record {name!r} is like itself"),
        mark("Take `like` out of one of the records that name each other."),
    ),
    "LR150": Code(
        mark("{file} lies outside of the folders that this policy may read"),
        mark(
            "Move it into the folder that holds the policy's own folder, or name a folder that holds both: --root on the command line, root= of load_policy."
        ),
    ),
    "LR151": Code(
        mark("the files of the policy are larger than {limit} characters together"),
        mark("Take out what it includes several times, or make two policies of it."),
    ),
    "LR152": Code(
        mark("there are more problems than the {count} that are told"),
        mark("Mend these first; then the others are told."),
    ),
    "LR153": Code(
        mark("{found!r} in the text {name!r} has no other brace beside it, and would be sent"),
        mark(
            "Write a placeholder in one pair of braces, such as {{name}}; other braces cannot stand in a text."
        ),
    ),
    "LR154": Code(
        mark("{found!r} would be taken for a name under `{name}`"),
        mark(
            "Write `none` to take away what a word says, or leave the line out; under `approve` name the role, or take the step out."
        ),
    ),
    "LR155": Code(
        mark("{name!r} is {found}: {why}"),
        mark("Correct the figure."),
    ),
    "LR156": Code(
        mark("this is {found}: the items of a list are texts, so that it is never one of them"),
        mark("Compare with what the list holds, such as a word or a text in quotes."),
    ),
    "LR157": Code(
        mark("the weight of {name!r} depends on the record: it reads {found}"),
        mark("Write a weight that is the same for all records, such as 40%."),
    ),
    "LR159": Code(
        mark("{found!r} cannot stand here"),
        mark(
            "Where nothing is to be done, take the line out; only a cell or a row of a table may be `none`."
        ),
    ),
    "LR161": Code(
        mark("the text that begins with {found} is not closed in this line"),
        mark("Put the same sign {found} behind the text; “ and ” close nothing."),
    ),
    "LR162": Code(
        mark(
            "the blank here is none that a policy knows ({found}): it comes from a web page, a chat or Chinese typing"
        ),
        mark(
            "Type a space with the keyboard in English mode in its place; a blank that belongs to a text stands with it in quotes."
        ),
    ),
    "LR163": Code(
        mark(
            "the occasion {name!r} is the anniversary of {fact!r} of {owner!r}, and the rule is for {subject!r}"
        ),
        mark(
            "Write the rule for {owner}; or, where {owner} is above {subject}, give {subject} a fact of its own, such as `my_{fact}: {{is: {owner}.{fact}}}`, and the occasion `anniversary: my_{fact}`."
        ),
    ),
    "LR165": Code(
        mark("the occasion {name!r} is called like {other}: `at: {name}` could mean either"),
        mark("Give the occasion another name, id or title."),
    ),
    "LR166": Code(
        mark("{name!r} is the id of the occasion {near!r}: of two with one id one would be lost"),
        mark(
            "To change that occasion write it under {near!r}; if another is meant, give it an id of its own."
        ),
    ),
    "LR167": Code(
        mark("the text goes on with {found!r} behind the word in quotes that it begins with"),
        mark(
            "Put the whole text in quotes of the other kind: '\"A word\" and the rest', or write “ and ” around the word."
        ),
    ),
    "LR168": Code(
        mark("the row {name!r} says {cell}, and a row of this table has a cell for each column"),
        mark(
            "Write `{name}: {{rest: {cell}}}`, which is the same in all columns, or a cell for each column."
        ),
    ),
    "LR169": Code(
        mark("{name!r} says neither `cost` nor `minutes`"),
        mark(
            "Write what it costs, such as `cost: 120 CNY`, how long it takes, `minutes: 6`, or both."
        ),
    ),
    "LR175": Code(
        mark("{found!r} are no hours of a day: {why}"),
        mark("Write two times by the 24-hour clock, the earlier one first, such as `09:00-20:00`."),
    ),
    "LR176": Code(
        mark("{name!r} is {found}, and an action is addressed to a person by an id"),
        mark("Name a fact that holds the id of a person, such as one of the type text."),
    ),
    "LR177": Code(
        mark(
            "{name!r} says `{found}`, and what a step of the gate puts in the place of others reads no record"
        ),
        mark("Name here a word without `{found}`."),
    ),
    "LR178": Code(
        mark("{found!r} is no channel, and {name!r} may name it as one"),
        mark(
            "Declare it under `channels`; or name a label all of whose words are channels, which is missing where there is none."
        ),
    ),
    "LR179": Code(
        mark(
            "{name!r} goes by the channel that {fact!r} names, and cannot stand in the place of another action"
        ),
        mark("Name here a word that goes by one channel, or by none."),
    ),
    "LR180": Code(
        mark("a cap over {found} counts what came before, and nothing says what that was"),
        mark(
            "Add `history:` with the kind of record that holds contacts, or `already:` with their number."
        ),
    ),
    "LR181": Code(
        mark("{found!r} is no period of a cap"),
        mark("Write `day`, `month` or a number of days, such as `7 days`."),
    ),
    "LR182": Code(
        mark("{name!r} is no kind of record below customers, so it holds no history of theirs"),
        mark("Declare it under `subjects` with `of: customer`, and its facts under `facts`."),
    ),
    "LR183": Code(
        mark(
            "it is not clear which day of {name!r} is that of the contact; dates among its facts: {found}"
        ),
        mark("Say which, as in `history: {name}.DATE`, with the name of a date."),
    ),
    "LR184": Code(
        mark(
            "`which` reads {field!r}, and {name!r} has no such fact, so its records cannot be counted"
        ),
        mark("Declare `facts.{name}.{field}`, or leave {field!r} out of `which`."),
    ),
    # LR2xx: names, types and units
    "LR201": Code(
        mark("there is no fact or parameter {name!r}"),
        mark("Use a declared name, or declare it under `facts` or `parameters`."),
    ),
    "LR202": Code(
        mark("{name!r} is none of the words: {words}"),
        mark("Use one of these words."),
    ),
    "LR203": Code(
        mark("this is {found}, but {expected} is needed"),
        mark("Write {why}."),
    ),
    "LR204": Code(
        mark("units differ: {one} is in {left}, {other} in {right}"),
        mark("Compare only what is counted in the same unit; correct the figure or its unit."),
    ),
    "LR205": Code(
        mark("{found} has no order for {sign!r}"),
        mark("Compare it with = or != or in."),
    ),
    "LR206": Code(
        mark("{left} and {right} are not of one kind"),
        mark("Compare things of the same type; the values of one `if(…)` are of one type too."),
    ),
    "LR207": Code(
        mark("{name!r} is compared with a text and must be in quotes"),
        mark('Write "{name}" with quotes.'),
    ),
    "LR208": Code(
        mark("a name cannot be followed by the unit {unit!r}"),
        mark("Give the parameter its unit where it is declared."),
    ),
    "LR209": Code(
        mark("{left} {sign} {right} makes no sense"),
        mark("Numbers of the same unit may be added; a period may be added to a date."),
    ),
    "LR210": Code(
        mark("there is no function {name!r}"),
        mark("See the list of functions in docs/reference/policy-language.md."),
    ),
    "LR211": Code(
        mark("function {name!r} cannot take: {found}"),
        mark("See its arguments in docs/reference/policy-language.md."),
    ),
    "LR212": Code(
        mark("{name!r} is computed from itself"),
        mark("Break the circle: one of the facts must not read the others."),
    ),
    "LR213": Code(
        mark("there is no type {name!r}"),
        mark(
            "Types: text, whole, number, money, share, yes/no, date, datetime, list, a label, or [words]."
        ),
    ),
    "LR214": Code(
        mark("the values of {name!r} differ in type or unit"),
        mark("Write all values in the same unit."),
    ),
    "LR215": Code(
        mark("there is no kind of record {name!r}"),
        mark("Declare it under `subjects`."),
    ),
    "LR216": Code(
        mark("{name!r} is its own parent"),
        mark("Correct `of`."),
    ),
    "LR217": Code(
        mark("the default {found!r} of {name!r} is not {expected}"),
        mark("Write a default of the fact's type."),
    ),
    "LR218": Code(
        mark("{name!r} is not a child record of {subject!r}"),
        mark(
            "Aggregate over a subject that says `of: {subject}` or `also: {subject}`. What stands further down is counted step by step: first a fact of the records between, then their sum here."
        ),
    ),
    "LR219": Code(
        mark("{name!r}: say which fact of {subject!r} is meant"),
        mark("Write it with a dot, e.g. `{subject}.amount`."),
    ),
    "LR220": Code(
        mark("label has no way {name!r}"),
        mark("Name one of its `ways` under `decide`, or write `cases`."),
    ),
    "LR221": Code(
        mark("the way {name!r} says not what it reads"),
        mark("Write `bands`, `score`, `top`, `cases` or `map`."),
    ),
    "LR222": Code(
        mark("the bands of {name!r} leave something out"),
        mark("End with `LAST: rest`."),
    ),
    "LR223": Code(
        mark("the mark {name!r} has no figure here"),
        mark("Write its lower bound, or `rest` for the last."),
    ),
    "LR224": Code(
        mark("there is no word {name!r}"),
        mark(
            "Use a word of the policy ({words}), explain a new one under `words`, or write `none` where nothing is done."
        ),
    ),
    "LR225": Code(
        mark("{name!r} takes no argument, but {found!r} stands behind it"),
        mark("Take the argument out, or say under `words` what it `takes`."),
    ),
    "LR226": Code(
        mark("there is no kind of action {name!r}"),
        mark(
            "Kinds are such as call, message.send, letter, invite, gift.mail, points.redeem, escalate; one of your own begins with `task.`, `report.` or `check.`. All are in docs/reference/actions.md."
        ),
    ),
    "LR227": Code(
        mark("{word!r} needs the template {name!r}, which is not there"),
        mark(
            "Write it under `templates`, e.g. `{name}: {{zh: TEXT}}`; where there is no text yet, `{name}: {{missing: REASON}}`."
        ),
    ),
    "LR228": Code(
        mark("row {row!r} has no cell for {column!r}"),
        mark("Write the cell; where nothing is done write `{column}: none`."),
    ),
    "LR229": Code(
        mark("there is no occasion {name!r}"),
        mark("Declare it under `occasions`."),
    ),
    "LR230": Code(
        mark("there is no state {name!r} in this workflow"),
        mark("Name a state of the same workflow."),
    ),
    "LR231": Code(
        mark("state {name!r} has a deadline but nothing to do"),
        mark("Add `do`, or take out `within` and `late`."),
    ),
    "LR232": Code(
        mark("actions cannot be merged by {name!r}"),
        mark("Use one of: {known}."),
    ),
    "LR233": Code(
        mark("nothing fills the placeholder {name!r}"),
        mark("Use a fact, `store.NAME`, a figure, a block or a field of the action."),
    ),
    "LR234": Code(
        mark("{say}"),
        mark("It must hold that {rule}; now: {values}. Correct the figures."),
    ),
    "LR235": Code(
        mark("{name!r} is personal and may not stand in an action, nor in its id"),
        mark("Use another fact, a period or `id`; texts are filled in where they are rendered."),
    ),
    "LR236": Code(
        mark("rule {name!r} does the same twice: {key}"),
        mark(
            "Two actions of one rule need different gifts or templates; else write a second rule."
        ),
    ),
    "LR238": Code(
        mark("there is no block {name!r} with a text of its own"),
        mark("Name blocks that say `zh` or `en`."),
    ),
    "LR239": Code(
        mark("block {name!r} says both texts and `first`, or neither"),
        mark("Say `zh` and `en`, or name under `first` the blocks to choose from."),
    ),
    "LR240": Code(
        mark("{name!r} has no date of its own that a text could speak of beforehand"),
        mark("Name occasions that are solar, lunar, nth, term or year_end."),
    ),
    "LR241": Code(
        mark("{name!r} is the name of a block and of a fact or figure"),
        mark("Give the block another name, so that a placeholder means one thing."),
    ),
    "LR242": Code(
        mark("{name!r} is computed by the policy; only given facts can be changed"),
        mark("Change one of the facts that it is computed from."),
    ),
    "LR243": Code(
        mark("{name!r} names all seven days of the week, so no day is left"),
        mark("Leave out one of them at least."),
    ),
    "LR244": Code(
        mark("{name!r} names no word here: it means the way out of the word that is held"),
        mark("Give the word {name!r} another name."),
    ),
    "LR245": Code(
        mark("merging reaches over so many days, the same for all records: 0 to {most}"),
        mark("Write days, such as `across: 3 days`."),
    ),
    "LR246": Code(
        mark("what is merged over days is due on several, so not by {name!r}"),
        mark("Take {name!r} off the list, or leave `across` out."),
    ),
    "LR250": Code(
        mark("{name!r} is made of {expected}, but this is {found}"),
        mark("Name a fact of that type, or write an expression that gives one."),
    ),
    "LR251": Code(
        mark("{name!r} is a word of the language and cannot name a function of a plug-in"),
        mark("Give the function another name."),
    ),
    "LR252": Code(
        mark("{one!r} is a list: a list is never one of the items of another"),
        mark(
            "Write any_in({one}, {other}) if one shared item is enough, all_in({one}, {other}) if all of the first must be among the second."
        ),
    ),
    "LR253": Code(
        mark("{found!r} is no number of {unit}, though the figure says so"),
        mark("Write a number in half-width digits, such as 5000, or correct the unit."),
    ),
    "LR254": Code(
        mark("the figure {name!r} is {found}, which does not fit where it is read: {where}"),
        mark("Correct the figure or its unit, so that it fits there."),
    ),
    "LR255": Code(
        mark("what the period {found!r} may come to cannot be listed beforehand"),
        mark(
            "Choose among constant periods, such as `if(vip, 10 days, 20 days)`; or count from a day of the record."
        ),
    ),
    "LR256": Code(
        mark("{name!r} is the list of child records of {subject!r}, and cannot be a fact too"),
        mark(
            "Give the fact another name, or the list one of its own: `list: NAME` of the subject."
        ),
    ),
    "LR257": Code(
        mark("{name!r} is a word of the language and cannot be a name"),
        mark("Give it another name."),
    ),
    "LR258": Code(
        mark("the weights of a score must sum to 100%; these do not: {weights}"),
        mark("Correct the weights."),
    ),
    "LR259": Code(
        mark("table {name!r} has no row for {row!r}"),
        mark(
            "Write the row, or `rest:` for all rows that are not named; where nothing is done write `{row}: none`."
        ),
    ),
    "LR270": Code(
        mark("{name!r} is a day, and a day has no hours: {found!r} cannot be counted from it"),
        mark("Use a fact of type datetime, or write whole days, such as `1 day`."),
    ),
    "LR271": Code(
        mark("{found!r} has hours, but only whole days fit here"),
        mark("Write days, weeks, months or years, such as `1 day`."),
    ),
    "LR260": Code(
        mark("{name!r} stands here for a second time"),
        mark("Keep it in one of the two places."),
    ),
    "LR261": Code(
        mark(
            "{name!r} is new here, nothing reads it, and the policy that is extended has {near!r}"
        ),
        mark("Write {near!r}; or, if another is meant, give it a name of its own."),
    ),
    "LR262": Code(
        mark("there is no role {name!r}"),
        mark("Name it under `roles`, or write one that is there."),
    ),
    "LR263": Code(
        mark("there is no channel {name!r}"),
        mark("Name it under `channels`, or write one that is there."),
    ),
    "LR264": Code(
        mark("{name!r} may mean one of several: {names}"),
        mark(
            "Write the name of the one that is meant, not its title; of two with the same name give one another name."
        ),
    ),
    "LR265": Code(
        mark("{name!r} is a fact of {subject!r}: a change says whose fact it is"),
        mark("Write `{subject}.{name}`."),
    ),
    "LR266": Code(
        mark("{name!r} is taken already, by {other}"),
        mark(
            "Give one of the two another name. A label has the name of the fact on file only with `standing: {name}`; "
            "child records get another list by `list: NAME` of their subject."
        ),
    ),
    "LR267": Code(
        mark("{found} is written into {expected}: the next record may be refused for it"),
        mark(
            "Write what always fits: round(…) or floor(…) into a whole number, into words a fact with no other words; or declare the fact as what is written."
        ),
    ),
    "LR268": Code(
        mark("{name!r} is the id of a record or of its parent, and ids are texts"),
        mark("Write `type: text`, or leave it out: ids and links are there undeclared."),
    ),
    "LR269": Code(
        mark(
            "the policy knows no table {name!r}: it is no kind of record, and not under `reference`"
        ),
        mark("Give the table the name of a subject or of a table of `reference`."),
    ),
    "LR292": Code(
        mark("there is no text {name!r} under `templates`"),
        mark("Name texts of the policy, or write `texts: all`."),
    ),
    "LR293": Code(
        mark("the text {name!r} has {found!r}, which it must not have: {say}"),
        mark("Write it in other words."),
    ),
    "LR280": Code(
        mark("{name!r} does not say by which fact of {subject!r} the last one is told"),
        mark("Write it under `by`, e.g. `by: occurred_at`."),
    ),
    "LR281": Code(
        mark("behind `-` in `by` stands the name of a fact, not {name!r}"),
        mark("Give what is meant a name under `facts`, and write `-` and that name."),
    ),
    "LR282": Code(
        mark("{name!r}: say which column of the table is meant"),
        mark("Write it with a dot, e.g. `{name}.title`."),
    ),
    "LR297": Code(
        mark("{field!r} of actions and of {name!r} cannot be the same: there it is {found}"),
        mark("Declare the fact with the words that actions have, or as `text`."),
    ),
    "LR298": Code(
        mark(
            "{field!r} is asked together with {name!r}, which the policy derives; past contacts cannot be asked that"
        ),
        mark("Join the two by `and`, or ask facts that are given."),
    ),
    "LR299": Code(
        mark("places are kept, and no cap stands behind this step"),
        mark("Put a step with `cap` behind it."),
    ),
    "LR275": Code(
        mark(
            "{found!r} cannot be added to a day or taken off here: official notices tell workdays, and not of every year"
        ),
        mark(
            "Write it where a moment or a deadline is said: `at: 3 workdays after x`, `within: 3 workdays`, `opens: 3 workdays`."
        ),
    ),
    "LR276": Code(
        mark("a rule has one deadline: either `within` or `{name}`"),
        mark("Keep `within` for a period after the moment, `{name}` for a day of the record."),
    ),
    "LR277": Code(
        mark(
            "what is late after `{name}` belongs to a day of the record, and this rule has none: its moment is the same for all"
        ),
        mark(
            "Write `from` or `at` with a day of the record, or neither of them; or say the deadline by `within`."
        ),
    ),
    "LR278": Code(
        mark("`{name}` needs a day or an instant, but {found!r} is none"),
        mark(
            "Name a dated fact, e.g. `promised_on`; for a period after the moment write `within`."
        ),
    ),
    "LR279": Code(
        mark("{found!r}: how near an occasion must be is not counted in workdays"),
        mark("Write days, weeks or months."),
    ),
    "LR316": Code(
        mark(
            "the occasion {name!r} opens by facts of the customer that the records of {subject!r} do not have: {names}"
        ),
        mark("Write a moment that is the same for them, e.g. `at: 3 days before {name}`."),
    ),
    # LR3xx: dates and days
    "LR300": Code(
        mark("no word has the purpose {name!r}, so nothing of it can come"),
        mark("Write a purpose that words have."),
    ),
    "LR301": Code(
        mark("{found!r} is no date"),
        mark("Write dates as 2027-02-06."),
    ),
    "LR302": Code(
        mark("{found!r} is a day that never comes, or is not written as a date rule"),
        mark("Write e.g. solar: 05-12, lunar: 7/7, nth: third sunday of june."),
    ),
    "LR311": Code(
        mark(
            "column {name!r} of the reference table {table!r} is no date, so no row of it has a day"
        ),
        mark("Name a column of type date, or give this one that type."),
    ),
    "LR303": Code(
        mark("{name!r} is no date, so it has no anniversary"),
        mark("Name a fact of type date."),
    ),
    "LR304": Code(
        mark("{found!r} is no occasion, no schedule and no date"),
        mark("Name an occasion, e.g. month_end, or a dated fact."),
    ),
    "LR305": Code(
        mark("`from` needs a date of the record, and {found!r} is none"),
        mark("Name a dated fact, or use `at`."),
    ),
    "LR306": Code(
        mark("{day} is outside the calendar: {range}"),
        mark("Choose a day inside it."),
    ),
    "LR307": Code(
        mark("the span is empty: since {since} is not before {on}"),
        mark("`since` is the last day already done, so it lies before `on`."),
    ),
    "LR308": Code(
        mark("parameter {name!r} has no value on {day}"),
        mark("Give it a value from an earlier day on."),
    ),
    "LR309": Code(
        mark("{policy!r} is not in force on {day}"),
        mark("Run it on a day in force, or change `in_force`."),
    ),
    "LR310": Code(
        mark(
            "{found!r} goes by official days off, but no reference table `rest_day` with `day` and `kind` is declared"
        ),
        mark(
            "Declare it under `reference`: `rest_day: {{columns: {{day: date, kind: [rest, work]}}}}`, and give its rows there or with the data."
        ),
    ),
    "LR323": Code(
        mark("{found!r} is no number of days to look ahead"),
        mark("Write a number of days up to {most}, such as `7 days`."),
    ),
    "LR312": Code(
        mark("{found!r} has hours, but what it is counted from is a day"),
        mark(
            "Write whole days, such as `1 day`, or count from a fact of type datetime: `from: arrived_at`."
        ),
    ),
    "LR313": Code(
        mark("the moment {now} does not lie on the day {on} that is decided"),
        mark("Pass a moment of that day, in the policy's time zone."),
    ),
    "LR314": Code(
        mark("{value} is no moment"),
        mark("Pass a datetime, or ISO text with a time of day such as 2027-02-05T18:30."),
    ),
    # LR4xx: records and tables
    "LR286": Code(
        mark("reference table {name!r} has no column `id`, which names its rows in actions"),
        mark("Declare `id: text` under its `columns`, and give every row an id."),
    ),
    "LR287": Code(
        mark("the occasion stands for the rows of {name!r} already"),
        mark("Take `each` out: a rule at this occasion speaks once for each row."),
    ),
    "LR288": Code(
        mark("a row of reference table {table!r} has no id, and rules are said for each row"),
        mark("Give every row an id."),
    ),
    "LR289": Code(
        mark("{name!r} is a parent of {subject!r}: `{name}.…` would be its own one, and every row"),
        mark("Give the table of all rows another name under `reference`."),
    ),
    "LR290": Code(
        mark("{subject!r} has a `{name}_id` of its own: whose fact changes cannot be told"),
        mark("Say `also: {name}` of {subject}, so that its own {name} is a parent."),
    ),
    "LR291": Code(
        mark("{name!r} is no further parent of {subject!r}: it is the first one, or there is none"),
        mark("Say the first parent by `of`, and under `also` others, each once."),
    ),
    "LR401": Code(
        mark("a record of {subject!r} has no id"),
        mark("Give every record an id."),
    ),
    "LR402": Code(
        mark("{field} of {id}: {value!r} is not {expected}"),
        mark("Correct the value, or leave it empty; write numbers without thousands separators."),
    ),
    "LR403": Code(
        mark("{field} of {id}: {value!r} is none of {words}"),
        mark("Use one of these words, or leave it empty."),
    ),
    "LR404": Code(
        mark("{field} of {id}: {value!r} is no date"),
        mark("Write it as 2027-02-06; in a spreadsheet, give the cells the format yyyy-mm-dd."),
    ),
    "LR405": Code(
        mark("{field} of {id}: {value!r} has more than four decimals"),
        mark("Round it to four decimals."),
    ),
    "LR406": Code(
        mark("{field} of {id}: {value!r} is too large"),
        mark("Check the figure; it must stay below 10^14."),
    ),
    "LR407": Code(
        mark("{field} of {id} is no list of records"),
        mark("Give a list of mappings."),
    ),
    "LR408": Code(
        mark("the id {id!r} stands on several rows that differ"),
        mark("Keep one row for each id."),
    ),
    "LR409": Code(
        mark("{file} has no rows that can be read"),
        mark("Check that it is the right file, with a heading line and at least one row."),
    ),
    "LR410": Code(
        mark("the table has no column {name!r}"),
        mark("Add the column: {name!r} is needed for {why}."),
    ),
    "LR411": Code(
        mark("{file}: unknown kind of file"),
        mark("Use .csv, .jsonl or .parquet, or a folder of such tables."),
    ),
    "LR412": Code(
        mark("there is no {subject} with the id {id!r}"),
        mark("Check the id; ids are texts, leading zeros count."),
    ),
    "LR413": Code(
        mark("a table of kind {found} cannot be evaluated"),
        mark(
            "Pass a Polars, pandas, PyArrow, PySpark, Dask or DuckDB table, or a mapping from subject to such tables, all of one kind."
        ),
    ),
    "LR414": Code(
        mark("there is no subject {name!r} in this policy"),
        mark("Name a subject that the policy declares."),
    ),
    "LR415": Code(
        mark("{field} of {id}: {value!r} names no {subject}"),
        mark("Correct the id, or add the missing record."),
    ),
    "LR416": Code(
        mark("there is no code {name!r}"),
        mark("Codes look like LR201; all stand in docs/reference/problems.md."),
    ),
    "LR417": Code(
        mark("{file} is there already"),
        mark("Choose a new folder, or take the old one away."),
    ),
    "LR418": Code(
        mark("the year {year} is outside the calendar: {range}"),
        mark("Choose a year inside it."),
    ),
    "LR419": Code(
        mark("line {line} of {file} cannot be read: {why}"),
        mark(
            "Correct the line: as many cells as the heading has, one with a comma in double quotes; of JSON lines each is one record."
        ),
    ),
    "LR420": Code(
        mark("the column {name!r} holds child records"),
        mark('Give them as a table of their own: {{"customer": …, "{subject}": …}}.'),
    ),
    "LR421": Code(
        mark("a record is a mapping from fact to value, not {found}"),
        mark('Pass a dict, e.g. {{"id": "c-001", "tier": "A"}}.'),
    ),
    "LR422": Code(
        mark("the list of the handbook lacks columns: {columns}"),
        mark("Its first line is: row,zh,en,left_out_zh,left_out_en."),
    ),
    "LR423": Code(
        mark("tables of this kind need {package}, which is not here"),
        mark("Install it: pip install 'loyaltyrules[{extra}]'."),
    ),
    "LR424": Code(
        mark("column {name!r} of {subject} is of the type {found}, not {expected}"),
        mark("Give the values as {expected}, or leave the column out."),
    ),
    "LR425": Code(
        mark("several columns have the same name: {names}"),
        mark("Give each column a name of its own."),
    ),
    "LR426": Code(
        mark("{backend} failed: {why}"),
        mark(
            "Mend what it names, or leave --backend out: the tables are then read without {backend}."
        ),
    ),
    "LR427": Code(
        mark("{file}: JSON lines cannot be handed to {backend}"),
        mark("Give the table as Parquet or CSV, or leave --backend out."),
    ),
    "LR428": Code(
        mark("where {subject} stands among all others is not told by its own columns: {names}"),
        mark("Leave the population out of the plan, or evaluate the table with evaluate_frame."),
    ),
    "LR430": Code(
        mark("the table {table!r} is missing (given: {names})"),
        mark(
            "Give it under this name; in a folder it is {table}.csv, {table}.jsonl or {table}.parquet."
        ),
    ),
    "LR431": Code(
        mark("the table {table!r} has no column {name!r} (it has: {names})"),
        mark("Add the column, or give the right one this name."),
    ),
    "LR432": Code(
        mark("the tables are not of one kind: {names}"),
        mark("Turn them into one kind of frame first."),
    ),
    "LR433": Code(
        mark("the table {table!r} is a {found}, no data frame"),
        mark("Pass a Polars, pandas or PyArrow table."),
    ),
    "LR434": Code(
        mark(
            "{table}.{field}: ids were read as numbers with decimals, {value!r} in row {row} (such rows: {count})"
        ),
        mark("Read the ids as text: decimals lose leading zeros and the end of long ids."),
    ),
    "LR435": Code(
        mark("{table}.{field}, row {row} (id {id}): {value!r} is no day (such rows: {count})"),
        mark("Give a date, a datetime or local time as text: 2027-02-05 or 2027-02-05T18:30."),
    ),
    "LR436": Code(
        mark(
            "{table}.{field}, row {row} (id {id}): {value!r} is no amount with at most four decimals (such rows: {count})"
        ),
        mark("Write plain digits, without thousands separators: 1280 or 1280.50."),
    ),
    "LR437": Code(
        mark(
            "{table}.{field}, row {row} (id {id}): {value!r} is no whole number (such rows: {count})"
        ),
        mark("Write whole points, or leave the cell empty."),
    ),
    "LR438": Code(
        mark(
            "{table}.{field}, row {row} (id {id}): {value!r} does not tell the points (such rows: {count})"
        ),
        mark(
            "Write whole points in every row, or give points_per_amount, the points for one unit of money."
        ),
    ),
    "LR439": Code(
        mark(
            "{table}.{field}, row {row} (id {id}): {value!r} is neither yes nor no (such rows: {count})"
        ),
        mark("Write true or false, yes or no, 1 or 0, 是 or 否, or leave the cell empty."),
    ),
    "LR440": Code(
        mark(
            "{table}.{field}, row {row} (id {id}): {value!r} is neither 'in' nor 'out' (such rows: {count})"
        ),
        mark("Write out where the store reached out to the customer, in where the customer did."),
    ),
    "LR441": Code(
        mark("points_per_amount is {value!r}, which is no exact number"),
        mark("Give a whole number or a Decimal, in a policy a figure like 1 or 0.5."),
    ),
    "LR442": Code(
        mark("points_per_amount is {value}, which is not between 0 and {highest}"),
        mark("Correct the figure: it is the points for one unit of money."),
    ),
    "LR443": Code(
        mark("points_per_amount is {value}, which has too many digits"),
        mark("Round it."),
    ),
    "LR444": Code(
        mark("`on` is {value}, which is no day"),
        mark("Pass a date, a datetime, or ISO text such as 2027-02-05."),
    ),
    "LR460": Code(
        mark("{name!r} reads its own {above!r}, and {subject!r} has another one by `also`"),
        mark("Let {subject} read the facts that it needs of each by themselves."),
    ),
    "LR470": Code(
        mark("`{name}` is {value}, which is no day"),
        mark("Pass a date, a datetime, or ISO text such as 2027-02-05."),
    ),
    "LR471": Code(
        mark("{name!r} of {id} is not read: the policy declares no such fact"),
        mark("Correct the name, declare the fact, or leave it out."),
    ),
    "LR472": Code(
        mark("there is neither a file nor a shipped policy {name!r} (shipped: {names})"),
        mark("Give the path of a policy, or the name of a shipped one."),
    ),
    "LR473": Code(
        mark("there is no rule {name!r}"),
        mark("Name rules of the policy by their ids."),
    ),
    "LR485": Code(
        mark(
            "{field} of {id}: the child records of {subject} stand in a list and in a table of their own"
        ),
        mark(
            "Keep one of the two: the list {field} in the rows of {subject}, or the table {table}."
        ),
    ),
    "LR486": Code(
        mark("{name} is {last}, before it begins on {first}, so that it never comes"),
        mark("Correct one of the two days; if they were mixed up, swap them."),
    ),
    "LR487": Code(
        mark("the reference table {table!r} has no column {name!r}"),
        mark("Correct the name, or declare the column under `columns`."),
    ),
    "LR488": Code(
        mark("the period is longer than the calendar, {span}, so that the day never comes"),
        mark("Write a shorter one."),
    ),
    "LR489": Code(
        mark("{id} is a record of {found}, not of {subject}"),
        mark("Hand in the records of {subject}, or name the kind of record."),
    ),
    "LR490": Code(
        mark("{file} has other columns than {other}, the first part of its table: {names}"),
        mark(
            "Write all parts with the same columns and types, or keep them in folders of their own."
        ),
    ),
    "LR491": Code(
        mark("no action of this policy has a gift, channel or kind {name!r}"),
        mark(
            "Write the name of a gift, a channel or a kind of action, or a pattern of kinds such as `gift.*`."
        ),
    ),
    "LR492": Code(
        mark("{name!r} may be several things here: {found}"),
        mark("Write beside it which one costs this: `of: {of}`."),
    ),
    "LR493": Code(
        mark("the word {name!r} ({kind}) states no amount in {unit} that could be its cost"),
        mark("Write what it costs, or give the word a `value` in {unit}."),
    ),
    "LR494": Code(
        mark("nothing can have been called {name!r} before: {why}"),
        mark(
            "Write under `was` what it was called in an earlier policy, and nothing is called now."
        ),
    ),
    "LR450": Code(
        mark("cannot write {file}: {why}"),
        mark("Name another file for what is written; nothing has been changed."),
    ),
    "LR451": Code(
        mark("{option}: {value!r} is no day"),
        mark("Write year, month and day with hyphens: 2027-02-05."),
    ),
    "LR452": Code(
        mark("{file} is in an encoding that cannot be read, from line {line} on: {why}"),
        mark("Save it anew as UTF-8: in Excel, Save as, CSV UTF-8 (Comma delimited)."),
    ),
    "LR453": Code(
        mark("the lines of {file} end in the sign CR alone, as those of old Macs do"),
        mark("Save it anew: in Excel, Save as, CSV UTF-8 (Comma delimited)."),
    ),
    "LR454": Code(
        mark("the cells of {file} are separated by {why}, not by commas"),
        mark("Save it anew: in Excel, Save as, CSV UTF-8 (Comma delimited)."),
    ),
    "LR455": Code(
        mark("{file} seems to have no heading: values stand where the names of columns should be"),
        mark("Put a line with the names of the columns first, such as id,tier."),
    ),
    "LR456": Code(
        mark("no file of {file} is called like a table of the policy; there are: {names}"),
        mark(
            "Call them {known} (or .jsonl, .parquet); save a workbook sheet by sheet: in Excel, Save as, CSV UTF-8 (Comma delimited)."
        ),
    ),
    "LR457": Code(
        mark("column {name!r} of {subject} is not read: {field!r} seems to be meant"),
        mark("Call the column {field}."),
    ),
    "LR445": Code(
        mark("{count} of {rows} rows of {table} were set aside: a cell of theirs cannot be read"),
        mark("Mend the cells that are told with it; until then these rows do not count."),
    ),
    "LR446": Code(
        mark(
            "{count} of {rows} rows of {table} share customer and instant with another row, and tell no order_id"
        ),
        mark(
            "If the till writes a receipt line by line, give the column order_id: rows of one order are one purchase. If each row is a purchase, all is well."
        ),
    ),
    "LR447": Code(
        mark(
            "{table}.return_of, row {row} (id {id}): {value!r} names no purchase of the table (such rows: {count})"
        ),
        mark(
            "Name the id or the order_id of the purchase. A return of what is not in the table changes nothing."
        ),
    ),
    # LR5xx: approval and what-if
    "LR501": Code(
        mark("{role!r} may not approve this action; {needed!r} must"),
        mark("Let the named role approve it."),
    ),
    "LR502": Code(
        mark("the action {id} is not awaiting approval but {status}"),
        mark("Only actions with the status pending_approval are approved."),
    ),
    "LR503": Code(
        mark("the action {id} is no longer due: the facts have changed"),
        mark("Run the policy again and approve what it now proposes."),
    ),
    "LR504": Code(
        mark("the action {id} is not what is decided now: {names} differ"),
        mark("Run the policy again and approve what it now proposes."),
    ),
    "LR505": Code(
        mark("the decision on {id} travelled without its plan, and cannot approve"),
        mark("Approve with approve(action, by_role, plan, snapshot), which takes the plan."),
    ),
    "LR510": Code(
        mark("the policy has no figure or part {name!r}"),
        mark(
            "Name a figure, or the path of a part from its section on, such as rules.birthday.if."
        ),
    ),
    "LR511": Code(
        mark("{name!r} cannot be {found}: a policy holds texts, numbers, days, lists and mappings"),
        mark("Pass the value as it would stand in the file, such as 6000, '20%' or '6 months'."),
    ),
    "LR512": Code(
        mark("the label {name!r} is only in {why}, and is not compared"),
        mark("Nothing needs mending where that is meant; all other labels are compared."),
    ),
    "LR513": Code(
        mark("{why} knows no records of {name!r}: they count on the other side only"),
        mark("Nothing needs mending where that is meant; else declare the subject in both."),
    ),
    "LR514": Code(
        mark("{count} records are set aside under {why} only, such as {ids}"),
        mark("Look at the faults of both; until then these records count on one side only."),
    ),
    "LR515": Code(
        mark("{name!r} is no label of these records ({names})"),
        mark("Name a label that is given to these records; to be compared, by both policies."),
    ),
    "LR516": Code(
        mark("{name!r} is nothing that actions are counted by ({names})"),
        mark("Name a column of actions, month, or a label."),
    ),
    "LR540": Code(
        mark("the capacity of {name} is {value}: neither a number of actions nor a time"),
        mark("Write how many actions a store's {name} can do on a day, or a timedelta of minutes."),
    ),
    "LR541": Code(
        mark("{name!r} is no role that has something to do ({names})"),
        mark("Name a role of the policy's actions."),
    ),
    "LR546": Code(
        mark("{name!r} is no fact that an action changes ({names})"),
        mark(
            "Name facts that actions of the policies set or add to, or leave keep out to keep all."
        ),
    ),
    "LR528": Code(
        mark("the policy {name!r} says of nothing how much `{what}` it takes"),
        mark("Write under `costs` the `{what}` of gifts, channels or kinds of action."),
    ),
    "LR517": Code(
        mark("{name} is compared, and which word of {label!r} counts is not said"),
        mark('Name the word: share("{label}", "A") <= 0.20.'),
    ),
    "LR518": Code(
        mark("{name} cannot stand here: {why}"),
        mark(
            'Hand sweep measures, such as share("tier"), and solve one comparison, such as share("tier", "A") <= 0.20.'
        ),
    ),
    "LR519": Code(
        mark("{name!r} is no word of {label!r} ({names})"),
        mark("Name one of its words."),
    ),
    "LR520": Code(
        mark("no threshold of {name!r} can be found for {label!r}: {why} ({where})"),
        mark(
            "Let the label compare the figure once with facts of the record, as in points >= {name}; or try values with sweep."
        ),
    ),
    "LR521": Code(
        mark("{name!r} is neither a fact nor a column of these records"),
        mark(
            "Name a column of the table, a fact of the policy, or one of a parent, such as store.region."
        ),
    ),
    "LR522": Code(
        mark("{value} is no bound of {name}"),
        mark("A share lies between 0 and 1 (0.20 or '20%'), a count is a whole number."),
    ),
    "LR523": Code(
        mark("from {first} to {last}, every {name!r}, there is no step"),
        mark(
            "Write `every` as a number of d, w, mo or y, such as 1mo, or as lunar year, and let `end` not come before the first step."
        ),
    ),
    "LR524": Code(
        mark("{found} does not say of an action whether it is approved"),
        mark(
            "Pass a function that takes an action and gives True or False, such as loyaltyrules.simulation.always."
        ),
    ),
    "LR525": Code(
        mark("these policies cannot walk side by side: {why}"),
        mark("Pass a mapping such as {{'5000': base, '6000': base.with_(tier_a_points=6000)}}."),
    ),
    "LR526": Code(
        mark("the walk leaves out {why}: {names}"),
        mark(
            "Nothing needs mending where that is meant; else let the walk end later, or mend the tables."
        ),
    ),
    "LR527": Code(
        mark("the walk is not all that daily runs would be – {why}: {names}"),
        mark(
            "Nothing needs mending where these do not matter; else walk in steps of 1d, or change the tables or the policy."
        ),
    ),
    "LR530": Code(
        mark("charts and pages need the package {package}, which is not here"),
        mark('Install it: pip install "loyaltyrules[notebook]".'),
    ),
    "LR531": Code(
        mark("{file} is no name of a page"),
        mark("Give the page a name that ends in .html."),
    ),
    "LR532": Code(
        mark("compare needs a policy and a snapshot"),
        mark(
            "Write OLD NEW SNAPSHOT, two policies and the customers, or OLD SNAPSHOT with --set NAME=VALUE."
        ),
    ),
    "LR533": Code(
        mark("there is nothing to compare the policy with"),
        mark(
            "Name the new policy between OLD and SNAPSHOT, or say what is changed: --set tier_a_points=6000."
        ),
    ),
    "LR534": Code(
        mark("{option}: {value!r} is no NAME=VALUE, or its name was given before"),
        mark("Write the name, = and the value without blanks, each name once: tier_a_points=6000."),
    ),
    "LR535": Code(
        mark("{found!r} is no condition on a comparison"),
        mark(
            "Compare a measure with a number or a share, such as movers(tier) > 5% and lost(gift) <= 10."
        ),
    ),
    "LR536": Code(
        mark("{name!r} is nothing that a comparison measures ({names})"),
        mark("Write movers(LABEL), lost(KIND), gained(KIND), or actions."),
    ),
    "LR537": Code(
        mark("neither policy has actions of the kind {name!r}"),
        mark('Write a kind such as gift.mail, its family, gift, or a pattern in quotes: "gift.*".'),
    ),
    "LR538": Code(
        mark("the span ends on {until}, before its first day, {on}"),
        mark("Name a last day that does not come before the first."),
    ),
    # LR6xx: doubtful places
    "LR601": Code(
        mark("{name!r} is used nowhere"),
        mark("Take it out, or use it."),
    ),
    "LR602": Code(
        mark("the text {name!r} is missing: {why}; its messages are held back"),
        mark("Write the text under `templates`."),
    ),
    "LR603": Code(
        mark("{name!r} is an example figure, not one of the handbook"),
        mark("Put in the chain's own figure, with origin: source."),
    ),
    "LR604": Code(
        mark("{name!r} says origin: source but names no source"),
        mark("Add `source:`, or say origin: proposed."),
    ),
    "LR605": Code(
        mark("rule {name!r} has a deadline but nobody is responsible"),
        mark("Add `role:`."),
    ),
    "LR606": Code(
        mark("rule {name!r} can never act"),
        mark("Correct its condition."),
    ),
    "LR607": Code(
        mark("{file} lies beside the policy but nothing includes it"),
        mark("List it under `include` in policy.yaml, or move it away."),
    ),
    "LR608": Code(
        mark("workflow {workflow!r} never leaves the state {name!r}"),
        mark("Say under `next` which states may follow, up to one with `final: yes`."),
    ),
    "LR609": Code(
        mark("workflow {workflow!r} never reaches the state {name!r}"),
        mark("Name it under `next` of a state that it may follow, or take it out."),
    ),
    "LR610": Code(
        mark("label {name!r} has no case for {word!r} of {of!r}"),
        mark(
            "Say where it belongs, in a case of its own or, under `cases`, by `rest`; now whoever has {word!r} has no word of {name!r}."
        ),
    ),
    "LR611": Code(
        mark("label {name!r} never comes to {word!r}"),
        mark(
            "Write when it does, in the way that decides or in `cases`, or take it out of `values`."
        ),
    ),
    "LR612": Code(
        mark("the word {name!r} never acts: {sieve} always holds it"),
        mark("Write what the sieve asks for, such as its `purpose` or `channel`."),
    ),
    "LR613": Code(
        mark("{name!r} does not come every year: {found}"),
        mark("If it is meant to, write `{near}`."),
    ),
    "LR614": Code(
        mark("the text {name!r} stands in quotes, which would be sent too"),
        mark("Take the quotes out."),
    ),
    "LR615": Code(
        mark("{name!r} is nearly {near!r}"),
        mark(
            "Correct the one of {name!r} and {near!r} that is wrong; if both are meant, write under `waivers`: `code: LR615, at: {at}`."
        ),
    ),
    "LR616": Code(
        mark("the condition of rule {name!r} always holds"),
        mark("Correct it; or leave it out, if everybody is meant."),
    ),
    "LR617": Code(
        mark("{name!r} never comes to {word!r}: what stands above it takes every record"),
        mark(
            "Put the narrower case first, the higher figure above the lower one and `rest` last; or correct the figures."
        ),
    ),
    "LR618": Code(
        mark("{found!r} would be sent as it stands: nothing fills it"),
        mark("Write {near} where it is to be filled in."),
    ),
    "LR619": Code(
        mark("{name!r} is a fact, but here it is only the name of a {field}: the fact is not read"),
        mark(
            "Name the {field}; a person whose id the fact holds goes under `assignee`, a fact whose words are channels under `channel`. If it is called so, name it under `roles` or `channels`, or write under `waivers`: `code: LR619, at: {at}`."
        ),
    ),
    "LR620": Code(
        mark("the figure {name!r} is {found}: {why}"),
        mark(
            "Correct it; if it is meant so, write under `waivers`: `code: LR620, at: parameters.{name}`."
        ),
    ),
    "LR621": Code(
        mark("no action has the {field} {name!r}, so this step of the gate never meets one"),
        mark("Correct it; known are: {known}."),
    ),
    "LR623": Code(
        mark("the word {name!r} never acts in rule {rule!r}: {sieve} always holds it there"),
        mark("Write here what the sieve asks for, such as its `purpose` or `channel`."),
    ),
    "LR624": Code(
        mark("the priority of {name!r} is {found}"),
        mark("Priorities go from 0, the most urgent, to 100; 50 is that of a word that says none."),
    ),
    "LR625": Code(
        mark("{found} in the name of a gift fills in nothing, and is told so"),
        mark("Name the gift as people are to read it; in braces it may hold {known}."),
    ),
    "LR632": Code(
        mark("places are kept for coming days, and the cap behind counts one day alone"),
        mark("Let the cap say `per`, or take the step out."),
    ),
    "LR633": Code(
        mark(
            "{name!r} is also a purpose of rules for other records than customers ({rules}); no places are kept for them"
        ),
        mark("Say so in a waiver where that is meant."),
    ),
    "LR634": Code(
        mark(
            "{sieve} stands before this step, and what it suppresses on other days is not known: actions may be merged into one that is never sent"
        ),
        mark("Put this step before it."),
    ),
    "LR635": Code(
        mark("no action that {sieve} may hold has a way out, so nothing takes its place"),
        mark(
            "Write `instead` in the words that it holds, or name here the word that takes their place."
        ),
    ),
}
