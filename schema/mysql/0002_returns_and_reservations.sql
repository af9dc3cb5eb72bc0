-- Returns, points that are set aside for a payment, and what caused an entry.
--
-- Columns are added at the end of their tables, and comments changed, without a
-- rebuild. MySQL has no ADD COLUMN IF NOT EXISTS, so whoever applies this takes the
-- errors 1060 and 1061, a column or a key that is there already, as done.

CREATE TABLE IF NOT EXISTS reservation (
  member_id      BINARY(16) NOT NULL,
  reservation_id VARCHAR(128) NOT NULL COMMENT 'of the request that made it',
  wallet         VARCHAR(64) NOT NULL,
  points         BIGINT NOT NULL COMMENT 'as reserved',
  captured       BIGINT NOT NULL COMMENT 'of points: spent',
  restored       BIGINT NOT NULL COMMENT 'of captured: given back because goods were returned',
  status         TINYINT NOT NULL COMMENT '1 held, 2 captured, 3 voided, 4 lapsed',
  reserved_at    BIGINT NOT NULL COMMENT 'microseconds since 1970, UTC',
  lapses_at      BIGINT NOT NULL COMMENT 'when it releases itself while it is held; microseconds since 1970, UTC',
  lots_json      MEDIUMTEXT NOT NULL COMMENT 'a JSON array of the lots that were taken from, where remaining is how much was taken',
  PRIMARY KEY (member_id, reservation_id),
  KEY reservation_by_status (member_id, status)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
  COMMENT='Points that are set aside for a payment, and what became of them';

CREATE TABLE IF NOT EXISTS purchase_return (
  partition_id    SMALLINT NOT NULL COMMENT 'of the command in the log',
  position        BIGINT NOT NULL COMMENT 'of the command in the log',
  return_id       VARCHAR(128) NOT NULL,
  member_id       BINARY(16) NOT NULL,
  purchase_id     VARCHAR(128) NOT NULL COMMENT 'as said by the till; empty without a receipt',
  occurred_at     BIGINT NOT NULL COMMENT 'microseconds since 1970, UTC',
  recorded_at     BIGINT NOT NULL COMMENT 'microseconds since 1970, UTC',
  currency        VARCHAR(3) NOT NULL COMMENT 'ISO 4217',
  reason          VARCHAR(64) NOT NULL,
  amount_minor    BIGINT NOT NULL COMMENT 'minor units of the currency',
  unmatched_minor BIGINT NOT NULL COMMENT 'of amount_minor: of lines for which no purchase was found',
  lines_json      MEDIUMTEXT NOT NULL COMMENT 'a JSON array, with the purchase and its line, counted from 0, that each came back from',
  PRIMARY KEY (partition_id, position),
  UNIQUE KEY purchase_return_by_member (member_id, occurred_at, return_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
  COMMENT='Recorded returns';

ALTER TABLE ledger_entry
  ADD COLUMN reference VARCHAR(128) NOT NULL DEFAULT '' COMMENT 'the return or the reservation that caused it';

ALTER TABLE ledger_entry
  ADD COLUMN reason VARCHAR(64) NOT NULL DEFAULT '' COMMENT 'the reason code of an adjustment';

ALTER TABLE purchase
  ADD COLUMN returned_minor BIGINT NOT NULL DEFAULT 0 COMMENT 'minor units of the currency, so far';

ALTER TABLE purchase
  ADD COLUMN reservation_id VARCHAR(128) NOT NULL DEFAULT '' COMMENT 'of the points that paid; empty where that is not known';

-- What an audit decides again, member by member.
ALTER TABLE command_log
  ADD KEY command_log_by_member (member_id);

-- Only the comments are new.
ALTER TABLE lot
  MODIFY remaining BIGINT NOT NULL COMMENT 'neither held, spent, expired nor reversed; negative: owed';

ALTER TABLE ledger_entry
  MODIFY kind TINYINT NOT NULL COMMENT '1 earn, 2 bonus, 3 mature, 4 expire, 5 hold, 6 capture, 7 release, 8 redeem, 9 reverse, 10 restore, 11 adjust, 12 write off',
  MODIFY debit TINYINT NOT NULL COMMENT 'of the member: 1 pending, 2 available, 3 held; of the program: 4 issued, 5 redeemed, 6 expired, 7 reversed, 8 adjusted, 9 written off';

ALTER TABLE command_log
  MODIFY scope TINYINT NOT NULL COMMENT 'of request_id: 1 purchase, 2 request, 3 system, 4 return',
  MODIFY kind TINYINT NOT NULL COMMENT '1 enroll, 2 add alias, 3 remove alias, 4 record purchase, 5 activate program, 6 advance, 7 record return, 8 confirm purchase, 9 reserve, 10 capture, 11 void, 12 adjust, 13 change status';
