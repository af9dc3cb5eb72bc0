-- Returns, points that are set aside for a payment, and what caused an entry.
--
-- What the columns of the first migration may hold beside what it says:
--   lot.remaining        negative where points are owed; what is held is not in it
--   ledger_entry         kinds: 5 hold, 6 capture, 7 release, 8 redeem, 9 reverse,
--                        10 restore, 11 adjust, 12 write off; accounts of the
--                        program: 8 adjusted, 9 written off
--   command_log.scope    4 return
--   command_log.kind     7 record return, 8 confirm purchase, 9 reserve, 10 capture,
--                        11 void, 12 adjust, 13 change status

-- Points that are set aside for a payment, and what became of them. The lots are
-- those that were taken from; their `remaining` is how much was taken.
CREATE TABLE reservation (
  member_id      BLOB    NOT NULL,
  reservation_id TEXT    NOT NULL,  -- of the request that made it
  wallet         TEXT    NOT NULL,
  points         INTEGER NOT NULL,  -- as reserved
  captured       INTEGER NOT NULL,  -- of points: spent
  restored       INTEGER NOT NULL,  -- of captured: given back because goods were returned
  status         INTEGER NOT NULL,  -- 1 held, 2 captured, 3 voided, 4 lapsed
  reserved_at    INTEGER NOT NULL,
  lapses_at      INTEGER NOT NULL,  -- when it releases itself while it is held
  lots_json      TEXT    NOT NULL,  -- a JSON array
  PRIMARY KEY (member_id, reservation_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX reservation_held ON reservation (member_id) WHERE status = 1;

-- Recorded returns. The position is that of the command in the log.
CREATE TABLE purchase_return (
  position        INTEGER PRIMARY KEY,
  return_id       TEXT    NOT NULL,
  member_id       BLOB    NOT NULL,
  purchase_id     TEXT    NOT NULL,  -- as said by the till; empty without a receipt
  occurred_at     INTEGER NOT NULL,
  recorded_at     INTEGER NOT NULL,
  currency        TEXT    NOT NULL,
  reason          TEXT    NOT NULL,
  amount_minor    INTEGER NOT NULL,
  unmatched_minor INTEGER NOT NULL,  -- of amount_minor: of lines for which no purchase was found
  lines_json      TEXT    NOT NULL   -- a JSON array, with the purchase and its line, counted
                                     -- from 0, that each came back from
) STRICT;

CREATE UNIQUE INDEX purchase_return_by_member
  ON purchase_return (member_id, occurred_at, return_id);

-- The return or the reservation that caused it, and the reason code of an adjustment.
ALTER TABLE ledger_entry ADD COLUMN reference TEXT NOT NULL DEFAULT '';
ALTER TABLE ledger_entry ADD COLUMN reason TEXT NOT NULL DEFAULT '';

-- What came back so far, and the reservation of the points that paid, where it is known.
ALTER TABLE purchase ADD COLUMN returned_minor INTEGER NOT NULL DEFAULT 0;
ALTER TABLE purchase ADD COLUMN reservation_id TEXT NOT NULL DEFAULT '';

-- What an audit decides again, member by member. The commands of purchases are found by
-- the purchases, and cost nothing here.
CREATE INDEX command_log_by_member ON command_log (member_id) WHERE kind <> 4;
