-- Points that expire after a period without activity.

-- When the member last did something by themselves: bought, or set points aside, spent
-- them or gave them away.
ALTER TABLE member ADD COLUMN last_activity_at INTEGER;

-- Where either is not 0, the lot expires after so long without activity, and
-- expires_at is never.
ALTER TABLE lot ADD COLUMN idle_months INTEGER NOT NULL DEFAULT 0;
ALTER TABLE lot ADD COLUMN idle_days INTEGER NOT NULL DEFAULT 0;

-- What those who are there did so far: their purchases, and what the ledger knows of
-- holds (5), captures (6), redemptions (8) and what they gave away (13).
UPDATE member SET last_activity_at = nullif(max(
  coalesce(last_purchase_at, -1),
  coalesce((SELECT max(recorded_at) FROM ledger_entry
            WHERE ledger_entry.member_id = member.member_id AND (kind IN (5, 6, 8) OR kind = 13 AND debit = 2)), -1)), -1);
