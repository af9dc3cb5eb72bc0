-- What all members share (budgets of rules, stocks of rewards), and coupons.
--
-- Can be applied again as 0002 can.

CREATE TABLE IF NOT EXISTS shared_counter (
  name    VARCHAR(96) NOT NULL COMMENT 'budget/RULE: points given; stock/REWARD: pieces taken',
  version BIGINT NOT NULL COMMENT 'changes with every write, which checks it',
  used    BIGINT NOT NULL,
  PRIMARY KEY (name)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
  COMMENT='What has been used of what all members share; whoever may change it holds its row until commit';

ALTER TABLE command_log
  ADD COLUMN inputs MEDIUMTEXT NULL COMMENT 'what it was decided upon beside its request, the member and the program: a JSON object, with what counters had been at before, by name';

CREATE TABLE IF NOT EXISTS coupon (
  member_id       BINARY(16) NOT NULL,
  coupon_id       VARCHAR(128) NOT NULL COMMENT 'of the request that issued it',
  code            VARCHAR(32) NOT NULL COMMENT 'what a member shows; unguessable',
  reward_id       VARCHAR(64) NOT NULL,
  prize_id        VARCHAR(64) NOT NULL COMMENT 'of a scratch coupon; empty of any other',
  wallet          VARCHAR(64) NOT NULL,
  points          BIGINT NOT NULL COMMENT 'what it cost',
  program_version BIGINT NOT NULL COMMENT 'whose terms it has',
  status          TINYINT NOT NULL COMMENT '1 issued, 2 used, 3 expired, 4 cancelled',
  issued_at       BIGINT NOT NULL COMMENT 'microseconds since 1970, UTC',
  expires_at      BIGINT NOT NULL COMMENT 'microseconds since 1970, UTC; 9223372036854775807: never',
  ended_at        BIGINT NULL COMMENT 'microseconds since 1970, UTC; NULL while it is issued',
  reference       VARCHAR(128) NOT NULL COMMENT 'what it was used for, as said by the till',
  lots_json       MEDIUMTEXT NOT NULL COMMENT 'a JSON array of the lots that paid, where remaining is how much was taken',
  PRIMARY KEY (member_id, coupon_id),
  UNIQUE KEY coupon_by_code (code),
  KEY coupon_by_status (member_id, status)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
  COMMENT='What members have taken of the catalogue of rewards';

-- Only the comments are new.
ALTER TABLE ledger_entry
  MODIFY kind TINYINT NOT NULL COMMENT '1 earn, 2 bonus, 3 mature, 4 expire, 5 hold, 6 capture, 7 release, 8 redeem, 9 reverse, 10 restore, 11 adjust, 12 write off, 13 transfer',
  MODIFY debit TINYINT NOT NULL COMMENT 'of the member: 1 pending, 2 available, 3 held; of the program: 4 issued, 5 redeemed, 6 expired, 7 reversed, 8 adjusted, 9 written off, 10 transferred';

ALTER TABLE command_log
  MODIFY scope TINYINT NOT NULL COMMENT 'of request_id: 1 purchase, 2 request, 3 system, 4 return, 5 what follows from a request for another member',
  MODIFY kind TINYINT NOT NULL COMMENT '1 enroll, 2 add alias, 3 remove alias, 4 record purchase, 5 activate program, 6 advance, 7 record return, 8 confirm purchase, 9 reserve, 10 capture, 11 void, 12 adjust, 13 change status, 14 transfer, 15 receive, 16 issue coupon, 17 use coupon, 18 cancel coupon';
