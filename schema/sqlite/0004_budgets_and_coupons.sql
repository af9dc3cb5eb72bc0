-- What all members share (budgets of rules, stocks of rewards), and coupons.

-- How much has been used. The version changes with every write, which checks it.
CREATE TABLE shared_counter (
  name    TEXT    NOT NULL PRIMARY KEY,  -- budget/RULE: points given; stock/REWARD: pieces taken
  version INTEGER NOT NULL,
  used    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What a command was decided upon beside its request, the member and the program: a JSON
-- object, empty where there is nothing. What counters had been at before, by name.
ALTER TABLE command_log ADD COLUMN inputs TEXT NOT NULL DEFAULT '';

-- What members have taken of the catalogue of rewards. The lots are those that paid;
-- their `remaining` is how much was taken.
CREATE TABLE coupon (
  member_id       BLOB    NOT NULL,
  coupon_id       TEXT    NOT NULL,  -- of the request that issued it
  code            TEXT    NOT NULL,  -- what a member shows; unguessable
  reward_id       TEXT    NOT NULL,
  prize_id        TEXT    NOT NULL,  -- of a scratch coupon; empty of any other
  wallet          TEXT    NOT NULL,
  points          INTEGER NOT NULL,  -- what it cost
  program_version INTEGER NOT NULL,  -- whose terms it has
  status          INTEGER NOT NULL,  -- 1 issued, 2 used, 3 expired, 4 cancelled
  issued_at       INTEGER NOT NULL,
  expires_at      INTEGER NOT NULL,  -- 9223372036854775807: never
  ended_at        INTEGER,           -- null while it is issued
  reference       TEXT    NOT NULL,  -- what it was used for, as said by the till
  lots_json       TEXT    NOT NULL,  -- a JSON array
  PRIMARY KEY (member_id, coupon_id)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX coupon_by_code ON coupon (code);
CREATE INDEX coupon_issued ON coupon (member_id) WHERE status = 1;
