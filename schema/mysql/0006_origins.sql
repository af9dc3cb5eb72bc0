-- Whose a cap's usage, a new lot and a repaid debt are among members who are one.
--
-- Can be applied again as 0002 can.

ALTER TABLE member
  ADD COLUMN lots_ahead BIGINT NOT NULL DEFAULT 0 COMMENT 'by how much numbers of new lots are ahead of those of the entries that open them';

ALTER TABLE member
  ADD COLUMN repayments_json MEDIUMTEXT NULL COMMENT 'which points of one origin repaid debts of another: a JSON array of lots in pairs, what repaid and what was owed';

-- What counts toward a cap is the sum over all origins. One statement: where it was
-- applied, the column is there and nothing is left to do.
ALTER TABLE cap_usage
  ADD COLUMN origin INT NOT NULL DEFAULT 0 COMMENT 'as of a purchase',
  DROP PRIMARY KEY,
  ADD PRIMARY KEY (member_id, period, rule_id, origin);

-- Only the comment is new.
ALTER TABLE lot
  MODIFY lot BIGINT NOT NULL COMMENT 'the number of the ledger entry that opened it, and beyond it where members were ever merged; from origin * 2^40 on';
