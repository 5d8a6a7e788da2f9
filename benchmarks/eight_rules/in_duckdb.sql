-- SPDX-License-Identifier: Apache-2.0
-- The eight rules. Variables: `source`, the file of customers; `day`, the day's small tables as JSON.
CREATE TABLE day AS
SELECT idle_cut, birth_month, birth_days
FROM read_json(getvariable('day'), columns = {
  idle_cut: 'DATE', birth_month: 'INTEGER', birth_days: 'INTEGER[]'});
SET VARIABLE idle_cut = (SELECT idle_cut FROM day);
SET VARIABLE birth_month = (SELECT birth_month FROM day);
SET VARIABLE birth_days = (SELECT birth_days FROM day);

CREATE TABLE forms AS
SELECT unnest(forms, recursive := true)
FROM read_json(getvariable('day'), columns = {forms: 'STRUCT(
  form UTINYINT, trigger VARCHAR, match VARCHAR, from_value VARCHAR, to_value VARCHAR,
  prefix VARCHAR, suffix VARCHAR, occurrence VARCHAR,
  by_phone BOOLEAN, by_consent BOOLEAN)[]'});

CREATE TABLE outcomes AS
SELECT unnest(outcomes, recursive := true)
FROM read_json(getvariable('day'), columns = {outcomes: 'STRUCT(
  form UTINYINT, verdict VARCHAR, policy VARCHAR, rule VARCHAR, subject VARCHAR, kind VARCHAR,
  channel VARCHAR, template VARCHAR, gift VARCHAR, value VARCHAR, from_value VARCHAR,
  to_value VARCHAR, role VARCHAR, approver_role VARCHAR, status VARCHAR, due_on DATE,
  window_end DATE, deadline VARCHAR, priority BIGINT, reason VARCHAR, source VARCHAR,
  origin VARCHAR, policy_version VARCHAR, merged_into VARCHAR, suppressed_by VARCHAR,
  send_from VARCHAR, send_until VARCHAR, figures VARCHAR, assignee VARCHAR)[]'});

CREATE VIEW customers AS
SELECT *,
  coalesce(points_accumulated, 0) AS points,
  CASE WHEN points >= 5000 THEN 'A' WHEN points >= 2000 THEN 'B' ELSE 'C' END AS computed,
  coalesce(last_purchase_on, joined_on) AS idle_since,
  coalesce(purchases_12m, 0) AS now,
  coalesce(purchases_prev_12m, 0) AS before
FROM read_parquet(getvariable('source'));

-- At most one change of tier: idle before slowing before upgrade; `own`, its occurrence.
CREATE VIEW moves AS
SELECT *,
  CASE
    WHEN tier <> 'C' AND idle_since <= getvariable('idle_cut') THEN 'idle'
    WHEN tier <> 'C' AND before >= 4 AND 2 * now <= before THEN 'slowing'
    WHEN computed < tier THEN 'upgrade'
  END AS move,
  CASE WHEN move = 'upgrade' THEN computed WHEN tier = 'A' THEN 'B' ELSE 'C' END AS moved_to,
  coalesce(CASE WHEN move = 'idle' THEN idle_since ELSE tier_since END::VARCHAR, 'none') AS since,
  tier || '>' || moved_to || '>' || since AS own
FROM customers;

CREATE VIEW acts AS
SELECT c.*, f.*
FROM customers c JOIN forms f ON f.trigger = 'festival' AND f.match = c.tier
UNION ALL
SELECT c.*, f.*
FROM customers c JOIN forms f ON f.trigger = 'birthday' AND f.match = c.tier
WHERE month(date_of_birth) = getvariable('birth_month')
  AND list_contains(getvariable('birth_days'), day(date_of_birth))
UNION ALL
SELECT c.*, f.*
FROM customers c
  JOIN forms f ON f.trigger = 'after_sale' AND try_cast(f.match AS DATE) = c.last_purchase_on
UNION ALL
SELECT c.*, f.*
FROM customers c JOIN forms f ON f.trigger = 'occupation' AND f.match = c.occupation
UNION ALL
SELECT m.* EXCLUDE (move, moved_to, since, own),
  f.* REPLACE ('/' || own || suffix AS suffix, own AS occurrence)
FROM moves m JOIN forms f
  ON f.trigger = 'move' AND f.match = m.move AND f.from_value = m.tier AND f.to_value = m.moved_to;

-- The gate: consent, then the number.
CREATE VIEW gated AS
SELECT form, store_id, id AS subject_id, id AS customer_id,
  prefix || id || suffix AS action_id, occurrence,
  CASE
    WHEN by_consent AND consent_marketing IS NULL THEN 'consent_unknown'
    WHEN by_consent AND NOT consent_marketing THEN 'no_consent'
    WHEN by_phone AND phone_status IN ('vacant', 'expired') THEN 'invalid_phone'
    WHEN by_phone AND mobile_phone IS NULL THEN 'missing_data:mobile_phone'
    ELSE 'passed'
  END AS verdict
FROM acts;

CREATE VIEW stated AS
SELECT action_id, policy, rule, subject, subject_id, customer_id, store_id, kind, channel, template,
  gift, value, from_value, to_value, role, approver_role, status, due_on, window_end, deadline,
  priority, reason, source, origin, policy_version, merged_into, suppressed_by, occurrence,
  send_from, send_until, figures, assignee,
  verdict
FROM gated JOIN outcomes USING (form, verdict);

CREATE VIEW actions AS
SELECT * EXCLUDE (verdict) FROM stated WHERE verdict IN ('passed', 'missing_data:mobile_phone');

CREATE VIEW suppressed AS
SELECT * EXCLUDE (verdict) FROM stated
WHERE verdict IN ('consent_unknown', 'no_consent', 'invalid_phone');
