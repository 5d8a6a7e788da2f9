-- SPDX-License-Identifier: Apache-2.0
-- The eight rules. `forms` has a row for each action of the day; the variables are the day's dates.
CREATE VIEW customers AS
SELECT *,
  coalesce(points_accumulated, 0) AS points,
  CASE WHEN points >= 5000 THEN 'A' WHEN points >= 2000 THEN 'B' ELSE 'C' END AS computed,
  coalesce(last_purchase_on, joined_on) AS idle_since,
  coalesce(purchases_12m, 0) AS now,
  coalesce(purchases_prev_12m, 0) AS before
FROM read_parquet(getvariable('source'));

CREATE VIEW moves AS
SELECT *,
  CASE
    WHEN tier <> 'C' AND idle_since <= getvariable('idle_cut')::DATE THEN 'idle'
    WHEN tier <> 'C' AND before >= 4 AND 2 * now <= before THEN 'slowing'
    WHEN computed < tier THEN 'upgrade'
  END AS move,
  CASE WHEN move = 'upgrade' THEN computed WHEN tier = 'A' THEN 'B' ELSE 'C' END AS moved_to,
  CASE WHEN move = 'idle' THEN idle_since ELSE tier_since END AS since
FROM customers;

CREATE VIEW acts AS
SELECT c.*, f.* EXCLUDE (store_id), '' AS since
FROM customers c JOIN forms f ON f.trigger = 'festival' AND f.match = c.tier
UNION ALL
SELECT c.*, f.* EXCLUDE (store_id), ''
FROM customers c JOIN forms f ON f.trigger = 'birthday' AND f.match = c.tier
WHERE month(date_of_birth) = getvariable('birth_month')
  AND list_contains(getvariable('birth_days'), day(date_of_birth))
UNION ALL
SELECT c.*, f.* EXCLUDE (store_id), ''
FROM customers c JOIN forms f ON f.trigger = 'after_sale' AND f.match::DATE = c.last_purchase_on
UNION ALL
SELECT c.*, f.* EXCLUDE (store_id), ''
FROM customers c JOIN forms f ON f.trigger = 'occupation' AND f.match = c.occupation
UNION ALL
SELECT m.* EXCLUDE (move, moved_to, since), f.* EXCLUDE (store_id), coalesce(since::VARCHAR, 'none')
FROM moves m JOIN forms f
  ON f.trigger = 'move' AND f.match = m.move AND f.from_value = m.tier AND f.to_value = m.moved_to;

-- The gate: consent, then the number. A held action is suppressed, one without a number blocked.
CREATE VIEW gated AS
SELECT *,
  CASE
    WHEN by_consent AND consent_marketing IS NULL THEN 'consent_unknown'
    WHEN by_consent AND NOT consent_marketing THEN 'no_consent'
    WHEN by_phone AND phone_status IN ('vacant', 'expired') THEN 'invalid_phone'
  END AS hold,
  hold IS NULL AND by_phone AND mobile_phone IS NULL AS lacking
FROM acts;

CREATE VIEW stated AS
SELECT * REPLACE (
    CASE WHEN hold IS NOT NULL THEN 'suppressed'
         WHEN lacking THEN 'blocked_missing_data' ELSE status END AS status,
    CASE WHEN lacking THEN 'missing_data:mobile_phone' ELSE coalesce(hold, reason) END AS reason,
    CASE WHEN hold = 'invalid_phone' THEN 'gate.invalid_phone'
         WHEN hold IS NOT NULL THEN 'gate.no_consent' END AS suppressed_by,
    prefix || id || suffix || since || "end" AS action_id,
    id AS subject_id,
    id AS customer_id)
FROM gated;

CREATE VIEW actions AS SELECT * FROM stated WHERE hold IS NULL;
CREATE VIEW suppressed AS SELECT * FROM stated WHERE hold IS NOT NULL;
