-- Members, their purchases, points and coupons, and the log of every command, for
-- MySQL, MariaDB and what speaks their protocol. server/storage/tables.h has the
-- columns as the program reads and writes them.
--
-- Statements end with a semicolon at the end of a line, and each can be run
-- again: DDL commits by itself, so a migration that was cut off is repeated.
--
-- Every key is led by the member or by a partition of the log, so that the rows
-- of a member lie together and the engine may be one that shards. No foreign
-- keys between members, no AUTO_INCREMENT. Times are whole microseconds and not
-- DATETIME(6): they have no time zone that a session could change, compare and
-- add up as numbers, mean the same in every engine, and hold "never". To read
-- one: FROM_UNIXTIME(enrolled_at / 1000000).

CREATE TABLE IF NOT EXISTS member (
  member_id         BINARY(16) NOT NULL COMMENT 'UUIDv7; HEX() shows it',
  version           BIGINT NOT NULL COMMENT 'changes with every write of anything of the member, which checks it',
  status            TINYINT NOT NULL COMMENT '1 active, 2 suspended, 3 closed, 4 erased, 5 merged into another',
  enrolled_at       BIGINT NOT NULL COMMENT 'microseconds since 1970, UTC',
  attributes        MEDIUMTEXT NOT NULL COMMENT 'a JSON object of strings',
  entry_count       BIGINT NOT NULL COMMENT 'the number of the last ledger entry',
  advanced_until    BIGINT NOT NULL COMMENT 'what time causes is in the ledger up to here; microseconds since 1970, UTC',
  next_due_at       BIGINT NOT NULL COMMENT 'when time causes something next; 9223372036854775807: never',
  last_activity_at  BIGINT NULL COMMENT 'when the member last bought, or set points aside, spent them or gave them away; microseconds since 1970, UTC',
  record            MEDIUMBLOB NOT NULL COMMENT 'what they did, by day, as a record that "protoc --decode_raw" reads',
  advocate          TINYINT NULL COMMENT '1 where the record has something of them as somebody who speaks for the house, or a VVIP',
  referrer_id       BINARY(16) NULL COMMENT 'by whom they were brought, whoever that was merged into',
  merged_into       BINARY(16) NULL COMMENT 'who has everything of this member now: the survivor where status is 5, or else the head of the household',
  merge_json        MEDIUMTEXT NULL COMMENT 'what undoes that: a JSON object',
  purse_json        MEDIUMTEXT NULL COMMENT 'whose points lie in the purse beside the member''s, and where theirs have lain: a JSON object',
  PRIMARY KEY (member_id),
  KEY member_by_due (next_due_at),
  KEY member_by_advocate (advocate),
  KEY member_by_referrer (referrer_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
  COMMENT='Participants of the program';

CREATE TABLE IF NOT EXISTS alias (
  kind      VARCHAR(32) NOT NULL COMMENT 'card, phone, email and the like',
  value     VARCHAR(128) NOT NULL,
  member_id BINARY(16) NOT NULL,
  PRIMARY KEY (kind, value),
  KEY alias_by_member (member_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
  COMMENT='External names that find a member';

CREATE TABLE IF NOT EXISTS alias_past (
  kind      VARCHAR(32) NOT NULL,
  value     VARCHAR(128) NOT NULL,
  until     BIGINT NOT NULL COMMENT 'microseconds since 1970, UTC',
  member_id BINARY(16) NOT NULL,
  PRIMARY KEY (kind, value, until, member_id),
  KEY alias_past_by_member (member_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
  COMMENT='Who had an alias before, until when: what comes late is of whoever had it then';

CREATE TABLE IF NOT EXISTS account (
  member_id  BINARY(16) NOT NULL,
  wallet     VARCHAR(64) NOT NULL,
  pending    BIGINT NOT NULL COMMENT 'points',
  available  BIGINT NOT NULL COMMENT 'points',
  held       BIGINT NOT NULL COMMENT 'points',
  owed       BIGINT NOT NULL COMMENT 'points: what its debts come to; is in available, too',
  PRIMARY KEY (member_id, wallet)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
  COMMENT='What a member has in a wallet: the sums of the ledger';

CREATE TABLE IF NOT EXISTS lot (
  member_id      BINARY(16) NOT NULL,
  expires_at     BIGINT NOT NULL COMMENT 'microseconds since 1970, UTC; 9223372036854775807: never',
  lot            BIGINT NOT NULL COMMENT 'the number of the ledger entry that opened it',
  purse_id       BINARY(16) NOT NULL COMMENT 'the member in whose ledger that is',
  person_id      BINARY(16) NOT NULL COMMENT 'who earned it, and takes it along',
  wallet         VARCHAR(64) NOT NULL,
  points         BIGINT NOT NULL COMMENT 'as earned',
  remaining      BIGINT NOT NULL COMMENT 'neither held, spent, expired nor reversed; negative: owed',
  earned_at      BIGINT NOT NULL COMMENT 'microseconds since 1970, UTC',
  available_from BIGINT NOT NULL COMMENT 'microseconds since 1970, UTC',
  purchase_id    VARCHAR(128) NOT NULL,
  idle_months    INT NOT NULL COMMENT 'where this or idle_days is not 0: expires after so long without activity, if not at expires_at before',
  idle_days      INT NOT NULL COMMENT 'see idle_months',
  PRIMARY KEY (member_id, expires_at, lot, purse_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
  COMMENT='Points of one earning with their own life, in the order in which they are spent';

CREATE TABLE IF NOT EXISTS ledger_entry (
  member_id       BINARY(16) NOT NULL,
  number          BIGINT NOT NULL COMMENT '1, 2, 3 and so on within the member',
  wallet          VARCHAR(64) NOT NULL,
  kind            TINYINT NOT NULL COMMENT '1 earn, 2 bonus, 3 mature, 4 expire, 5 hold, 6 capture, 7 release, 8 redeem, 9 reverse, 10 restore, 11 adjust, 12 write off, 13 transfer, 14 merge',
  points          BIGINT NOT NULL COMMENT 'from debit to credit',
  debit           TINYINT NOT NULL COMMENT 'of the member: 1 pending, 2 available, 3 held; of the program: 4 issued, 5 redeemed, 6 expired, 7 reversed, 8 adjusted, 9 written off, 10 transferred',
  credit          TINYINT NOT NULL COMMENT 'likewise',
  rule_id         VARCHAR(64) NOT NULL,
  purchase_id     VARCHAR(128) NOT NULL,
  lot             BIGINT NOT NULL,
  lot_purse_id    BINARY(16) NOT NULL COMMENT 'as purse_id of a lot; zeros where it concerns no lot',
  program_version BIGINT NOT NULL,
  principal       VARCHAR(255) NOT NULL,
  effective_at    BIGINT NOT NULL COMMENT 'microseconds since 1970, UTC',
  recorded_at     BIGINT NOT NULL COMMENT 'microseconds since 1970, UTC',
  pending_after   BIGINT NOT NULL COMMENT 'points of the wallet',
  available_after BIGINT NOT NULL COMMENT 'points of the wallet',
  held_after      BIGINT NOT NULL COMMENT 'points of the wallet',
  reference       VARCHAR(128) NOT NULL COMMENT 'the return or the reservation that caused it',
  reason          VARCHAR(64) NOT NULL COMMENT 'the reason code of an adjustment',
  PRIMARY KEY (member_id, number)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
  COMMENT='Immutable movements of points between two accounts';

CREATE TABLE IF NOT EXISTS log_partition (
  partition_id  SMALLINT NOT NULL COMMENT 'of a member: the last byte of member_id, modulo 64',
  last_position BIGINT NOT NULL,
  PRIMARY KEY (partition_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
  COMMENT='The ends of the log: whoever appends to one holds its row until commit';

-- The positions of the partitions begin at nothing.
INSERT IGNORE INTO log_partition (partition_id, last_position)
SELECT high.digit * 8 + low.digit, 0 FROM
  (SELECT 0 AS digit UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3
   UNION ALL SELECT 4 UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7) AS high
  CROSS JOIN
  (SELECT 0 AS digit UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3
   UNION ALL SELECT 4 UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7) AS low;

CREATE TABLE IF NOT EXISTS command_log (
  partition_id SMALLINT NOT NULL,
  position     BIGINT NOT NULL COMMENT 'without gaps within the partition',
  scope        TINYINT NOT NULL COMMENT 'of request_id: 1 purchase, 2 request, 3 system, 4 return, 5 what follows from a request for another member',
  request_id   VARCHAR(128) NOT NULL,
  kind         TINYINT NOT NULL COMMENT 'its place in the list of actions in server/domain/command.h: 1 enroll, 4 record purchase, 7 record return',
  member_id    BINARY(16) NULL COMMENT 'whose purse is concerned; NULL where no member is',
  person_id    BINARY(16) NULL COMMENT 'who acted, where the purse is another''s',
  principal    VARCHAR(255) NOT NULL,
  recorded_at  BIGINT NOT NULL COMMENT 'microseconds since 1970, UTC',
  request_hash VARBINARY(32) NOT NULL COMMENT 'SHA-256 of what the caller said; empty where nobody did, or the member was erased',
  action       MEDIUMBLOB NOT NULL COMMENT 'what was to be done, as a record that "protoc --decode_raw" reads; empty where the member was erased',
  reply        MEDIUMBLOB NOT NULL COMMENT 'the reply, as a message of the API; empty for the server''s own commands',
  rules        BIGINT NOT NULL COMMENT 'the number of the latest that were known',
  inputs       MEDIUMTEXT NULL COMMENT 'what it was decided upon beside the action, the member and the program: a JSON object',
  news         MEDIUMBLOB NOT NULL COMMENT 'what it changed that others are told of, as a record',
  PRIMARY KEY (partition_id, position),
  UNIQUE KEY command_log_by_request (request_id, scope),
  KEY command_log_by_member (member_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
  COMMENT='Every command that took effect: what a repeated request is answered with, the stream of events, and what an audit decides again';

CREATE TABLE IF NOT EXISTS audit_log (
  partition_id SMALLINT NOT NULL,
  number       BIGINT NOT NULL COMMENT '1, 2, 3 and so on in its partition',
  position     BIGINT NOT NULL COMMENT 'of the command in the log',
  chain        BINARY(32) NOT NULL COMMENT 'SHA-256 of the one before and of the digest of this row',
  recorded_at  BIGINT NOT NULL COMMENT 'microseconds since 1970, UTC',
  scope        TINYINT NOT NULL COMMENT 'of request_id, as in command_log',
  request_id   VARCHAR(128) NOT NULL,
  kind         TINYINT NOT NULL COMMENT 'as in command_log',
  member_id    BINARY(16) NULL COMMENT 'whom it concerns; NULL where no member is',
  principal    VARCHAR(255) NOT NULL,
  reason       TEXT NOT NULL COMMENT 'why, as whoever did it said',
  changes      MEDIUMBLOB NOT NULL COMMENT 'what was changed, from what to what, as a record',
  PRIMARY KEY (partition_id, number),
  KEY audit_log_by_time (recorded_at, partition_id, number),
  KEY audit_log_by_member (member_id, recorded_at, partition_id, number)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
  COMMENT='What people with special rights did: a hash chain in each partition, only ever appended to';

CREATE TABLE IF NOT EXISTS audit_end (
  partition_id SMALLINT NOT NULL,
  number       BIGINT NOT NULL COMMENT 'of the last act',
  chain        BINARY(32) NOT NULL COMMENT 'of the last act',
  PRIMARY KEY (partition_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
  COMMENT='Where the chains of the audit log end, once they have begun';

CREATE TABLE IF NOT EXISTS purchase (
  partition_id           SMALLINT NOT NULL COMMENT 'of the command in the log',
  position               BIGINT NOT NULL COMMENT 'of the command in the log',
  member_id              BINARY(16) NOT NULL,
  occurred_at            BIGINT NOT NULL COMMENT 'microseconds since 1970, UTC',
  purchase_id            VARCHAR(128) NOT NULL,
  recorded_at            BIGINT NOT NULL COMMENT 'microseconds since 1970, UTC',
  currency               VARCHAR(3) NOT NULL COMMENT 'ISO 4217',
  total_minor            BIGINT NOT NULL COMMENT 'minor units of the currency',
  paid_with_points_minor BIGINT NOT NULL COMMENT 'minor units of the currency',
  line_count             INT NOT NULL,
  channel                VARCHAR(32) NOT NULL,
  store_id               VARCHAR(64) NOT NULL,
  program_version        BIGINT NOT NULL,
  lines_json             MEDIUMTEXT NOT NULL COMMENT 'a JSON array, with what each line earned',
  returned_minor         BIGINT NOT NULL COMMENT 'minor units of the currency, so far',
  record                 MEDIUMBLOB NOT NULL COMMENT 'what it earned and what of that stands, as a record',
  reservation_id         VARCHAR(128) NOT NULL COMMENT 'of the points that paid; empty where that is not known',
  person_id              BINARY(16) NOT NULL COMMENT 'whose it is, whoever they are merged into',
  PRIMARY KEY (partition_id, position),
  UNIQUE KEY purchase_by_member (member_id, occurred_at, purchase_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
  COMMENT='Recorded purchases';

CREATE TABLE IF NOT EXISTS purchase_return (
  partition_id    SMALLINT NOT NULL COMMENT 'of the command in the log',
  position        BIGINT NOT NULL COMMENT 'of the command in the log',
  member_id       BINARY(16) NOT NULL,
  occurred_at     BIGINT NOT NULL COMMENT 'microseconds since 1970, UTC',
  return_id       VARCHAR(128) NOT NULL,
  purchase_id     VARCHAR(128) NOT NULL COMMENT 'as said by the till; empty without a receipt',
  recorded_at     BIGINT NOT NULL COMMENT 'microseconds since 1970, UTC',
  currency        VARCHAR(3) NOT NULL COMMENT 'ISO 4217',
  reason          VARCHAR(64) NOT NULL,
  amount_minor    BIGINT NOT NULL COMMENT 'minor units of the currency',
  unmatched_minor BIGINT NOT NULL COMMENT 'of amount_minor: of lines for which no purchase was found',
  lines_json      MEDIUMTEXT NOT NULL COMMENT 'a JSON array, with the purchase and its line, counted from 0, that each came back from',
  person_id      BINARY(16) NOT NULL COMMENT 'as of a purchase',
  undone_at       BIGINT NOT NULL COMMENT '9223372036854775807: it stands; microseconds since 1970, UTC',
  PRIMARY KEY (partition_id, position),
  UNIQUE KEY purchase_return_by_member (member_id, occurred_at, return_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
  COMMENT='Recorded returns';

CREATE TABLE IF NOT EXISTS activity (
  partition_id    SMALLINT NOT NULL COMMENT 'of the command in the log',
  position        BIGINT NOT NULL COMMENT 'of the command in the log',
  member_id       BINARY(16) NOT NULL,
  occurred_at     BIGINT NOT NULL COMMENT 'microseconds since 1970, UTC',
  activity_id     VARCHAR(128) NOT NULL,
  kind            VARCHAR(64) NOT NULL COMMENT 'as the program declares it',
  rewarded        TINYINT NOT NULL COMMENT '1: somebody was paid for it',
  channel         VARCHAR(32) NOT NULL,
  reference       VARCHAR(128) NOT NULL COMMENT 'what it was about',
  recorded_at     BIGINT NOT NULL COMMENT 'microseconds since 1970, UTC',
  program_version BIGINT NOT NULL,
  suspended       TINYINT NOT NULL COMMENT '1: the member was, and it counts for nothing',
  person_id       BINARY(16) NOT NULL COMMENT 'as of a purchase',
  undone_at       BIGINT NOT NULL COMMENT '9223372036854775807: it stands; microseconds since 1970, UTC',
  PRIMARY KEY (partition_id, position),
  UNIQUE KEY activity_by_member (member_id, occurred_at, activity_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
  COMMENT='What members did beside buying';

CREATE TABLE IF NOT EXISTS reservation (
  member_id      BINARY(16) NOT NULL,
  reservation_id VARCHAR(128) NOT NULL COMMENT 'of the request that made it',
  wallet         VARCHAR(64) NOT NULL,
  points         BIGINT NOT NULL COMMENT 'as reserved',
  captured       BIGINT NOT NULL COMMENT 'of points: spent',
  restored       BIGINT NOT NULL COMMENT 'of captured: given back because goods were returned',
  purchase_id    VARCHAR(128) NOT NULL COMMENT 'that it pays for; empty while none has named it',
  goods          BIGINT NOT NULL COMMENT 'what that is worth, or its pieces where it costs nothing',
  goods_returned BIGINT NOT NULL COMMENT 'of goods: what has come back',
  status         TINYINT NOT NULL COMMENT '1 held, 2 captured, 3 voided, 4 lapsed',
  reserved_at    BIGINT NOT NULL COMMENT 'microseconds since 1970, UTC',
  lapses_at      BIGINT NOT NULL COMMENT 'when it releases itself while it is held; microseconds since 1970, UTC',
  person_id      BINARY(16) NOT NULL COMMENT 'as of a purchase',
  lots_json      MEDIUMTEXT NOT NULL COMMENT 'a JSON array of the lots that were taken from, where remaining is how much was taken',
  PRIMARY KEY (member_id, reservation_id),
  KEY reservation_by_status (member_id, status)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
  COMMENT='Points that are set aside for a payment, and what became of them';

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
  person_id      BINARY(16) NOT NULL COMMENT 'as of a purchase',
  lots_json       MEDIUMTEXT NOT NULL COMMENT 'a JSON array of the lots that paid, where remaining is how much was taken',
  PRIMARY KEY (member_id, coupon_id),
  UNIQUE KEY coupon_by_code (code),
  KEY coupon_by_status (member_id, status)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
  COMMENT='What members have taken of the catalogue of rewards';

CREATE TABLE IF NOT EXISTS award (
  member_id   BINARY(16) NOT NULL COMMENT 'in whose purse it lies',
  person_id   BINARY(16) NOT NULL COMMENT 'who was given it',
  number      BIGINT NOT NULL COMMENT '1, 2, 3 and so on, of each person',
  cause       VARCHAR(160) NOT NULL COMMENT 'tier:LADDER/TIER or incentive:ID',
  day         INT NOT NULL COMMENT 'on which it was due; days since 1970',
  wallet      VARCHAR(64) NOT NULL,
  points      BIGINT NOT NULL COMMENT 'without those that expired',
  given       BIGINT NOT NULL COMMENT 'with them',
  purse_id    BINARY(16) NOT NULL COMMENT 'names the lot, with its number',
  lot         BIGINT NOT NULL,
  expires_at  BIGINT NOT NULL COMMENT 'microseconds since 1970, UTC; 9223372036854775807: never',
  fallen      TINYINT NOT NULL COMMENT 'the facts do not say so any more: the points were taken back',
  written_off BIGINT NOT NULL COMMENT 'of a fallen one: points that were given up',
  recorded_at BIGINT NOT NULL COMMENT 'microseconds since 1970, UTC',
  PRIMARY KEY (member_id, person_id, number)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
  COMMENT='What members were given for tiers and by incentives';

CREATE TABLE IF NOT EXISTS work_item (
  member_id  BINARY(16) NOT NULL,
  kind       TINYINT NOT NULL COMMENT '1 a complaint, 2 a VVIP without a manager, 3 a hostile advocate, 4 an overdue complaint of a VVIP, 5 a complaint of an advocate without an answer, 6 an advocate who comes less often, 7 who would recommend the house less, 8 a bad answer in a survey',
  item_id    VARCHAR(128) NOT NULL,
  person_id  BINARY(16) NOT NULL COMMENT 'whom it is about, whoever they were merged into',
  department VARCHAR(64) NOT NULL,
  owner      VARCHAR(64) NOT NULL,
  status     TINYINT NOT NULL COMMENT '1 open, 2 done',
  opened_at  BIGINT NOT NULL COMMENT 'microseconds since 1970, UTC',
  due_at     BIGINT NOT NULL COMMENT 'microseconds since 1970, UTC; 9223372036854775807: never',
  body       MEDIUMBLOB NOT NULL COMMENT 'all of it, as a record that "protoc --decode_raw" reads',
  PRIMARY KEY (member_id, kind, item_id),
  KEY work_item_by_due (status, due_at, member_id, kind, item_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
  COMMENT='What somebody has to do for a member; the queue is what is open, by due_at';

CREATE TABLE IF NOT EXISTS tier_record (
  member_id   BINARY(16) NOT NULL,
  number      BIGINT NOT NULL COMMENT '1, 2, 3 and so on, of each member',
  ladder      VARCHAR(64) NOT NULL,
  recorded_at BIGINT NOT NULL COMMENT 'microseconds since 1970, UTC',
  withdrawn   TINYINT NOT NULL COMMENT 'later facts have shown that it is none',
  day         INT NOT NULL COMMENT 'days since 1970, as the others',
  tier        VARCHAR(64) NOT NULL COMMENT 'empty: the lowest, or none',
  reason      TINYINT NOT NULL COMMENT '1 reached, 2 kept, 3 in grace, 4 fell, 5 program, 6 carried, 8 a review was announced',
  reached_on  INT NOT NULL,
  valid_until INT NOT NULL COMMENT 'the last day before a review; 0: there is none',
  missed_on   INT NOT NULL COMMENT 'in grace: the last day that was too little; else 0',
  counts_from INT NOT NULL COMMENT 'where criteria count since the tier was reached',
  carried     BIGINT NOT NULL COMMENT 'left over from the year before',
  announced   MEDIUMBLOB NOT NULL COMMENT 'what the review would have come to, as a record',
  PRIMARY KEY (member_id, number)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
  COMMENT='What was found of tiers of members, and when';

CREATE TABLE IF NOT EXISTS shared_counter (
  name    VARCHAR(96) NOT NULL COMMENT 'budget/RULE: points given; stock/REWARD: pieces taken',
  version BIGINT NOT NULL COMMENT 'changes with every write, which checks it',
  used    BIGINT NOT NULL,
  PRIMARY KEY (name)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
  COMMENT='What has been used of what all members share; whoever may change it holds its row until commit';

CREATE TABLE IF NOT EXISTS rules (
  number          BIGINT NOT NULL,
  program_version BIGINT NOT NULL COMMENT '0: these are norms',
  name            VARCHAR(128) NOT NULL COMMENT 'of the program',
  effective_from  BIGINT NOT NULL COMMENT 'microseconds since 1970, UTC; -9223372036854775808: from the beginning',
  recorded_at     BIGINT NOT NULL COMMENT 'microseconds since 1970, UTC',
  program_text    MEDIUMTEXT NOT NULL,
  norms           MEDIUMBLOB NOT NULL COMMENT 'cut points of scores, as a record that "protoc --decode_raw" reads; empty of a program',
  PRIMARY KEY (number)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
  COMMENT='What everybody is judged by: versions of the program, and norms, by one row of numbers';

CREATE TABLE IF NOT EXISTS test_clock (
  number        INT NOT NULL COMMENT 'always 1',
  version       BIGINT NOT NULL COMMENT 'changes with every write, which checks it',
  stands_at     BIGINT NOT NULL COMMENT 'what it shows; microseconds since 1970, UTC',
  request_id    VARCHAR(128) NOT NULL COMMENT 'of the last advance; empty before the first one',
  advances_from BIGINT NOT NULL COMMENT 'what it showed when that was asked for; microseconds since 1970, UTC',
  advances_to   BIGINT NOT NULL COMMENT 'where it leads, later than stands_at: it is not done; microseconds since 1970, UTC',
  PRIMARY KEY (number)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
  COMMENT='The clock of a test store, in one row, which stands still until somebody advances it; empty in any other store';
