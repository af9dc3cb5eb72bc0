-- Whose a cap's usage, a new lot and a repaid debt are among members who are one.

-- What more is known of whose a member's things are (server/domain/member/member.h: Origins), and
-- who had them for a while: a JSON object; empty where there is nothing to tell.
ALTER TABLE member ADD COLUMN origins_json TEXT NOT NULL DEFAULT '';

-- What counts toward a cap is the sum over all origins.
CREATE TABLE cap_usage_by_origin (
  member_id BLOB    NOT NULL,
  period    TEXT    NOT NULL,  -- 2026-11-22, 2026-11 or ever
  rule_id   TEXT    NOT NULL,
  points    INTEGER NOT NULL,
  origin    INTEGER NOT NULL DEFAULT 0,  -- as of a purchase
  PRIMARY KEY (member_id, period, rule_id, origin)
) STRICT, WITHOUT ROWID;
INSERT INTO cap_usage_by_origin (member_id, period, rule_id, points)
  SELECT member_id, period, rule_id, points FROM cap_usage;
DROP TABLE cap_usage;
ALTER TABLE cap_usage_by_origin RENAME TO cap_usage;
