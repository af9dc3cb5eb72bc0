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
