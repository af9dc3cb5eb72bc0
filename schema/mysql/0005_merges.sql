-- Members who were merged or belong to a household, and what came with them.
--
-- Can be applied again as 0002 can.

ALTER TABLE member
  ADD COLUMN merged_into BINARY(16) NULL COMMENT 'who has everything of this member now: the survivor where status is 5, or else the head of the household';

ALTER TABLE member
  ADD COLUMN merge_json MEDIUMTEXT NULL COMMENT 'what undoes that: a JSON object';

ALTER TABLE member
  ADD COLUMN last_origin INT NOT NULL DEFAULT 0 COMMENT 'the last origin that members who handed everything to this one have taken';

ALTER TABLE purchase
  ADD COLUMN origin INT NOT NULL DEFAULT 0 COMMENT 'not 0: came with a merge, by which one tells the origin';

ALTER TABLE purchase_return
  ADD COLUMN origin INT NOT NULL DEFAULT 0 COMMENT 'as of a purchase';

-- Numbers of lots in lots_json are those that they had with whom they came from.
ALTER TABLE reservation
  ADD COLUMN origin INT NOT NULL DEFAULT 0 COMMENT 'as of a purchase; lots with this origin have numbers from origin * 2^40 on, and here from 0 on';

ALTER TABLE coupon
  ADD COLUMN origin INT NOT NULL DEFAULT 0 COMMENT 'as of a reservation';

CREATE TABLE IF NOT EXISTS expired_elsewhere (
  member_id   BINARY(16) NOT NULL,
  purchase_id VARCHAR(128) NOT NULL,
  wallet      VARCHAR(64) NOT NULL,
  points      BIGINT NOT NULL COMMENT 'to be added to what the ledger of the member says',
  PRIMARY KEY (member_id, purchase_id, wallet)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
  COMMENT='Points of purchases that came from another member, where they expired with that one';

-- Only the comments are new.
ALTER TABLE member
  MODIFY status TINYINT NOT NULL COMMENT '1 active, 2 suspended, 3 closed, 4 erased, 5 merged into another';

ALTER TABLE lot
  MODIFY lot BIGINT NOT NULL COMMENT 'the number of the ledger entry that opened it; from origin * 2^40 on where it came with a merge';

ALTER TABLE ledger_entry
  MODIFY kind TINYINT NOT NULL COMMENT '1 earn, 2 bonus, 3 mature, 4 expire, 5 hold, 6 capture, 7 release, 8 redeem, 9 reverse, 10 restore, 11 adjust, 12 write off, 13 transfer, 14 merge';

ALTER TABLE command_log
  MODIFY kind TINYINT NOT NULL COMMENT '1 enroll, 2 add alias, 3 remove alias, 4 record purchase, 5 activate program, 6 advance, 7 record return, 8 confirm purchase, 9 reserve, 10 capture, 11 void, 12 adjust, 13 change status, 14 transfer, 15 receive, 16 issue coupon, 17 use coupon, 18 cancel coupon, 19 merge, 20 absorb, 21 unmerge, 22 restore';
