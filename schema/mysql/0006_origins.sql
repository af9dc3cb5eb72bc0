-- Whose a cap's usage, a new lot and a repaid debt are among members who are one.
--
-- Can be applied again as 0002 can.

ALTER TABLE member
  ADD COLUMN origins_json MEDIUMTEXT NULL COMMENT 'what more is known of whose their things are (server/domain/member/member.h: Origins), and who had them for a while: a JSON object';

-- What counts toward a cap is the sum over all origins. One statement: where it was
-- applied, the column is there and nothing is left to do.
ALTER TABLE cap_usage
  ADD COLUMN origin INT NOT NULL DEFAULT 0 COMMENT 'as of a purchase',
  DROP PRIMARY KEY,
  ADD PRIMARY KEY (member_id, period, rule_id, origin);

-- Only the comment is new.
ALTER TABLE lot
  MODIFY lot BIGINT NOT NULL COMMENT 'the number of the ledger entry that opened it, and beyond it where members were ever merged; from origin * 2^40 on';
