-- Points that expire after a period without activity.

ALTER TABLE member
  ADD COLUMN last_activity_at BIGINT COMMENT 'when the member last bought, or set points aside, spent them or gave them away; microseconds since 1970, UTC';

ALTER TABLE lot
  ADD COLUMN idle_months INT NOT NULL DEFAULT 0 COMMENT 'where this or idle_days is not 0: expires after so long without activity, and expires_at is never';

ALTER TABLE lot
  ADD COLUMN idle_days INT NOT NULL DEFAULT 0 COMMENT 'see idle_months';

-- What those who are there did so far: their purchases, and what the ledger knows of
-- holds (5), captures (6), redemptions (8) and what they gave away (13).
UPDATE member SET last_activity_at = NULLIF(GREATEST(
  COALESCE(last_purchase_at, -1),
  COALESCE((SELECT MAX(recorded_at) FROM ledger_entry
            WHERE ledger_entry.member_id = member.member_id AND (kind IN (5, 6, 8) OR kind = 13 AND debit = 2)), -1)), -1);
