-- Members, their purchases, points and coupons, and the log of every command.
--
-- Ids of members are 16 bytes. Times are microseconds since 1970 in UTC; the
-- greatest integer means "never". Money is in minor units of its currency.
-- Columns named *_json are JSON. Wide rows live in rowid tables, which hold 4 kB
-- in a page; narrow ones are clustered by member. server/storage/tables.h has
-- the columns as the program reads and writes them.

-- A participant of the program. `version` changes with every write of the
-- member or of anything that belongs to them, and every write checks it.
CREATE TABLE member (
  member_id         BLOB    NOT NULL PRIMARY KEY,
  version           INTEGER NOT NULL,
  status            INTEGER NOT NULL,  -- 1 active, 2 suspended, 3 closed, 4 erased,
                                       -- 5 merged into another
  enrolled_at       INTEGER NOT NULL,
  attributes        TEXT    NOT NULL,  -- a JSON object of strings
  entry_count       INTEGER NOT NULL,  -- the number of the last ledger entry
  advanced_until    INTEGER NOT NULL,  -- what time causes is in the ledger up to here
  next_due_at       INTEGER NOT NULL,  -- when time causes something next
  last_activity_at  INTEGER,           -- when the member last bought, or set points aside,
                                       -- spent them or gave them away
  record            BLOB    NOT NULL,  -- what they did, by day (server/domain/standing), as a
                                       -- record that "protoc --decode_raw" reads
  advocate          INTEGER,           -- 1 where the record has something of them as somebody
                                       -- who speaks for the house, or a VVIP
  referrer_id       BLOB,              -- by whom they were brought, whoever that was merged into
  merged_into       BLOB,              -- who has everything of this member now: the survivor
                                       -- where status is 5, or else the head of the household
  merge_json        TEXT,              -- what undoes that
  purse_json        TEXT               -- whose points lie in the purse beside the member's, and
                                       -- where theirs have lain
) STRICT, WITHOUT ROWID;

CREATE INDEX member_by_due ON member (next_due_at);
CREATE INDEX member_by_referrer ON member (referrer_id, member_id) WHERE referrer_id IS NOT NULL;
CREATE INDEX member_by_advocate ON member (member_id) WHERE advocate IS NOT NULL;

-- The external names that find a member.
CREATE TABLE alias (
  kind      TEXT NOT NULL,
  value     TEXT NOT NULL,
  member_id BLOB NOT NULL,
  PRIMARY KEY (kind, value)
) STRICT, WITHOUT ROWID;

CREATE INDEX alias_by_member ON alias (member_id);

-- Who had an alias before, until when: what comes late is of whoever had it then.
CREATE TABLE alias_past (
  kind      TEXT    NOT NULL,
  value     TEXT    NOT NULL,
  until     INTEGER NOT NULL,
  member_id BLOB    NOT NULL,
  PRIMARY KEY (kind, value, until, member_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX alias_past_by_member ON alias_past (member_id);

-- What a member has in a wallet: the sums of the ledger.
CREATE TABLE account (
  member_id  BLOB    NOT NULL,
  wallet     TEXT    NOT NULL,
  pending    INTEGER NOT NULL,
  available  INTEGER NOT NULL,
  held       INTEGER NOT NULL,
  owed       INTEGER NOT NULL,  -- what its debts come to; is in available, too
  PRIMARY KEY (member_id, wallet)
) STRICT, WITHOUT ROWID;

-- Points of one earning, with their own life. The key is the order in which
-- lots are spent, and keeps those that have expired out of the way.
CREATE TABLE lot (
  member_id      BLOB    NOT NULL,
  expires_at     INTEGER NOT NULL,
  lot            INTEGER NOT NULL,  -- the number of the ledger entry that opened it
  purse_id       BLOB    NOT NULL,  -- the member in whose ledger that is
  person_id      BLOB    NOT NULL,  -- who earned it, and takes it along
  wallet         TEXT    NOT NULL,
  points         INTEGER NOT NULL,  -- as earned
  remaining      INTEGER NOT NULL,  -- neither held, spent, expired nor reversed; negative: owed
  earned_at      INTEGER NOT NULL,
  available_from INTEGER NOT NULL,
  purchase_id    TEXT    NOT NULL,
  idle_months    INTEGER NOT NULL,  -- where this or idle_days is not 0: expires after so long
  idle_days      INTEGER NOT NULL,  -- without activity, if not at expires_at before
  PRIMARY KEY (member_id, expires_at, lot, purse_id)
) STRICT, WITHOUT ROWID;

-- Immutable movements of points between two accounts: 1 pending, 2 available,
-- 3 held (the member's); 4 issued, 5 redeemed, 6 expired, 7 reversed, 8 adjusted,
-- 9 written off, 10 transferred (the program's).
CREATE TABLE ledger_entry (
  member_id       BLOB    NOT NULL,
  number          INTEGER NOT NULL,
  wallet          TEXT    NOT NULL,
  kind            INTEGER NOT NULL,  -- 1 earn, 2 bonus, 3 mature, 4 expire, 5 hold, 6 capture,
                                     -- 7 release, 8 redeem, 9 reverse, 10 restore, 11 adjust,
                                     -- 12 write off, 13 transfer, 14 merge
  points          INTEGER NOT NULL,
  debit           INTEGER NOT NULL,
  credit          INTEGER NOT NULL,
  rule_id         TEXT    NOT NULL,
  purchase_id     TEXT    NOT NULL,
  lot             INTEGER NOT NULL,
  lot_purse_id    BLOB    NOT NULL,  -- as purse_id of a lot; zeros where it concerns none
  program_version INTEGER NOT NULL,
  principal       TEXT    NOT NULL,
  effective_at    INTEGER NOT NULL,
  recorded_at     INTEGER NOT NULL,
  pending_after   INTEGER NOT NULL,
  available_after INTEGER NOT NULL,
  held_after      INTEGER NOT NULL,
  reference       TEXT    NOT NULL,  -- the return or the reservation that caused it
  reason          TEXT    NOT NULL,  -- the reason code of an adjustment
  PRIMARY KEY (member_id, number)
) STRICT, WITHOUT ROWID;

-- Every command that took effect: what makes a repeated request answer as the
-- first, the stream of events, and what an audit decides again. Positions have
-- no gaps. An embedded store is one partition: its log has one end, so that a
-- batch fills a few pages and not one for each of many ends.
CREATE TABLE command_log (
  position     INTEGER PRIMARY KEY,
  scope        INTEGER NOT NULL,  -- of request_id: 1 purchase, 2 request, 3 system, 4 return,
                                  -- 5 what follows from a request for another member
  request_id   TEXT    NOT NULL,
  kind         INTEGER NOT NULL,  -- its place in the list of actions in
                                  -- server/domain/command.h: 1 enroll, 4 record purchase,
                                  -- 7 record return
  member_id    BLOB,              -- whose purse is concerned; null where no member is
  person_id    BLOB,              -- who acted, where the purse is another's
  principal    TEXT    NOT NULL,
  recorded_at  INTEGER NOT NULL,
  request_hash BLOB    NOT NULL,  -- SHA-256 of what the caller said; empty where nobody did, or
                                  -- the member was erased
  action       BLOB    NOT NULL,  -- what was to be done, as a record that "protoc --decode_raw"
                                  -- reads; empty where the member was erased
  reply        BLOB    NOT NULL,  -- the reply, as a message of the API; empty for the server's
                                  -- own commands
  rules        INTEGER NOT NULL,  -- the number of the latest that were known
  inputs       TEXT,              -- what it was decided upon beside the action, the member and
                                  -- the program: a JSON object
  news         BLOB    NOT NULL   -- what it changed that others are told of, as a record
                                  -- (server/domain/news.h)
) STRICT;

CREATE UNIQUE INDEX command_log_by_request ON command_log (request_id, scope);

-- What an audit decides again, member by member. The commands of purchases are found by
-- the purchases, and cost nothing here.
CREATE INDEX command_log_by_member ON command_log (member_id) WHERE kind <> 4;

-- What people with special rights did: a hash chain, only ever appended to.
CREATE TABLE audit_log (
  partition_id INTEGER NOT NULL,  -- 0
  number       INTEGER NOT NULL,  -- 1, 2, 3 and so on
  position     INTEGER NOT NULL,  -- of the command in the log
  chain        BLOB    NOT NULL,  -- SHA-256 of the one before and of the digest of this row
  recorded_at  INTEGER NOT NULL,
  scope        INTEGER NOT NULL,  -- of request_id, as in command_log
  request_id   TEXT    NOT NULL,
  kind         INTEGER NOT NULL,  -- as in command_log
  member_id    BLOB,              -- whom it concerns; null where no member is
  principal    TEXT    NOT NULL,
  reason       TEXT    NOT NULL,  -- why, as whoever did it said
  changes      BLOB    NOT NULL,  -- what was changed, from what to what, as a record
                                  -- (server/domain/audit/act.h)
  PRIMARY KEY (partition_id, number)
) STRICT, WITHOUT ROWID;

CREATE INDEX audit_log_by_time ON audit_log (recorded_at, partition_id, number);
CREATE INDEX audit_log_by_member ON audit_log (member_id, recorded_at, partition_id, number);

-- Where the chain of the audit log ends, once it has begun.
CREATE TABLE audit_end (
  partition_id INTEGER PRIMARY KEY,  -- 0
  number       INTEGER NOT NULL,     -- of the last act
  chain        BLOB    NOT NULL      -- of the last act
) STRICT;

-- Recorded purchases. The position is that of the command in the log.
CREATE TABLE purchase (
  position               INTEGER PRIMARY KEY,
  member_id              BLOB    NOT NULL,
  occurred_at            INTEGER NOT NULL,
  purchase_id            TEXT    NOT NULL,
  recorded_at            INTEGER NOT NULL,
  currency               TEXT    NOT NULL,
  total_minor            INTEGER NOT NULL,
  paid_with_points_minor INTEGER NOT NULL,
  line_count             INTEGER NOT NULL,
  channel                TEXT    NOT NULL,
  store_id               TEXT    NOT NULL,
  program_version        INTEGER NOT NULL,
  lines_json             TEXT    NOT NULL,  -- an array, with what each line earned
  returned_minor         INTEGER NOT NULL,  -- so far
  record                 BLOB    NOT NULL,  -- what it earned and what of that stands, as a record
  reservation_id         TEXT    NOT NULL,  -- of the points that paid; empty where not known
  person_id              BLOB    NOT NULL   -- whose it is, whoever they are merged into
) STRICT;

CREATE UNIQUE INDEX purchase_by_member ON purchase (member_id, occurred_at, purchase_id);

-- Recorded returns. The position is that of the command in the log.
CREATE TABLE purchase_return (
  position        INTEGER PRIMARY KEY,
  member_id       BLOB    NOT NULL,
  occurred_at     INTEGER NOT NULL,
  return_id       TEXT    NOT NULL,
  purchase_id     TEXT    NOT NULL,  -- as said by the till; empty without a receipt
  recorded_at     INTEGER NOT NULL,
  currency        TEXT    NOT NULL,
  reason          TEXT    NOT NULL,
  amount_minor    INTEGER NOT NULL,
  unmatched_minor INTEGER NOT NULL,  -- of amount_minor: of lines for which no purchase was found
  lines_json      TEXT    NOT NULL,  -- an array, with the purchase and its line, counted from 0,
                                     -- that each came back from
  person_id       BLOB    NOT NULL,  -- as of a purchase
  undone_at       INTEGER NOT NULL   -- 9223372036854775807: it stands
) STRICT;

CREATE UNIQUE INDEX purchase_return_by_member
  ON purchase_return (member_id, occurred_at, return_id);

-- What members did beside buying. The position is that of the command in the log.
CREATE TABLE activity (
  position        INTEGER PRIMARY KEY,
  member_id       BLOB    NOT NULL,
  occurred_at     INTEGER NOT NULL,
  activity_id     TEXT    NOT NULL,
  kind            TEXT    NOT NULL,  -- as the program declares it
  rewarded        INTEGER NOT NULL,  -- 1: somebody was paid for it
  channel         TEXT    NOT NULL,
  reference       TEXT    NOT NULL,  -- what it was about
  recorded_at     INTEGER NOT NULL,
  program_version INTEGER NOT NULL,
  suspended       INTEGER NOT NULL,  -- 1: the member was, and it counts for nothing
  person_id       BLOB    NOT NULL,  -- as of a purchase
  undone_at       INTEGER NOT NULL   -- 9223372036854775807: it stands
) STRICT;

CREATE UNIQUE INDEX activity_by_member ON activity (member_id, occurred_at, activity_id);

-- Points that are set aside for a payment, and what became of them. The lots are
-- those that were taken from; their `remaining` is how much was taken.
CREATE TABLE reservation (
  member_id      BLOB    NOT NULL,
  reservation_id TEXT    NOT NULL,  -- of the request that made it
  wallet         TEXT    NOT NULL,
  points         INTEGER NOT NULL,  -- as reserved
  captured       INTEGER NOT NULL,  -- of points: spent
  restored       INTEGER NOT NULL,  -- of captured: given back because goods were returned
  purchase_id    TEXT    NOT NULL,  -- that it pays for; empty while none has named it
  goods          INTEGER NOT NULL,  -- what that is worth, or its pieces where it costs nothing
  goods_returned INTEGER NOT NULL,  -- of goods: what has come back
  status         INTEGER NOT NULL,  -- 1 held, 2 captured, 3 voided, 4 lapsed
  reserved_at    INTEGER NOT NULL,
  lapses_at      INTEGER NOT NULL,  -- when it releases itself while it is held
  person_id      BLOB    NOT NULL,  -- as of a purchase
  lots_json      TEXT    NOT NULL,  -- an array
  PRIMARY KEY (member_id, reservation_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX reservation_held ON reservation (member_id) WHERE status = 1;

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
  person_id       BLOB    NOT NULL,  -- as of a purchase
  lots_json       TEXT    NOT NULL,  -- as of a reservation
  PRIMARY KEY (member_id, coupon_id)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX coupon_by_code ON coupon (code);
CREATE INDEX coupon_issued ON coupon (member_id) WHERE status = 1;

-- What members were given for tiers and by incentives. The points are in a lot, which is named by
-- its purse and number; where the facts do not say so any more, they were taken back.
CREATE TABLE award (
  member_id   BLOB    NOT NULL,  -- in whose purse it lies
  person_id   BLOB    NOT NULL,  -- who was given it
  number      INTEGER NOT NULL,  -- 1, 2, 3 and so on, of each person
  cause       TEXT    NOT NULL,  -- tier:LADDER/TIER or incentive:ID
  day         INTEGER NOT NULL,  -- on which it was due; days since 1970
  wallet      TEXT    NOT NULL,
  points      INTEGER NOT NULL,  -- without those that expired
  given       INTEGER NOT NULL,  -- with them
  purse_id    BLOB    NOT NULL,
  lot         INTEGER NOT NULL,
  expires_at  INTEGER NOT NULL,  -- 9223372036854775807: never
  fallen      INTEGER NOT NULL,
  written_off INTEGER NOT NULL,  -- of a fallen one: points that were given up
  recorded_at INTEGER NOT NULL,
  PRIMARY KEY (member_id, person_id, number)
) STRICT, WITHOUT ROWID;

-- What somebody has to do for a member, of whatever kind. The queue is what is open, by due_at.
CREATE TABLE work_item (
  member_id  BLOB    NOT NULL,
  kind       INTEGER NOT NULL,  -- 1 a complaint, 2 a VVIP without a manager, 3 a hostile advocate,
                                -- 4 an overdue complaint of a VVIP, 5 an advocate's without an
                                -- answer, 6 an advocate who comes less often, 7 who would recommend
                                -- the house less, 8 a bad answer in a survey
  item_id    TEXT    NOT NULL,
  person_id  BLOB    NOT NULL,  -- of a complaint: whom it is about, whoever they were merged into
  department TEXT    NOT NULL,
  owner      TEXT    NOT NULL,
  status     INTEGER NOT NULL,  -- 1 open, 2 done
  opened_at  INTEGER NOT NULL,
  due_at     INTEGER NOT NULL,  -- 9223372036854775807: never
  body       BLOB    NOT NULL,  -- all of it, as a record that "protoc --decode_raw" reads
  PRIMARY KEY (member_id, kind, item_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX work_item_by_due ON work_item (due_at, member_id, kind, item_id) WHERE status = 1;

-- What was found of the tiers of members, and when. A span of a tier holds from its day to the next one
-- that is not withdrawn; one that later facts have shown to be none is withdrawn.
CREATE TABLE tier_record (
  member_id   BLOB    NOT NULL,
  number      INTEGER NOT NULL,  -- 1, 2, 3 and so on, of each member
  ladder      TEXT    NOT NULL,
  recorded_at INTEGER NOT NULL,
  withdrawn   INTEGER NOT NULL,
  day         INTEGER NOT NULL,  -- days since 1970, as the others
  tier        TEXT    NOT NULL,  -- empty: the lowest, or none
  reason      INTEGER NOT NULL,  -- 1 reached, 2 kept, 3 in grace, 4 fell, 5 program, 6 carried,
                                 -- 8 a review was announced
  reached_on  INTEGER NOT NULL,
  valid_until INTEGER NOT NULL,  -- the last day before a review; 0: there is none
  missed_on   INTEGER NOT NULL,  -- in grace: the last day that was too little; else 0
  counts_from INTEGER NOT NULL,  -- where criteria count since the tier was reached
  carried     INTEGER NOT NULL,  -- left over from the year before
  announced   BLOB    NOT NULL,  -- what the review would have come to, as a record
  PRIMARY KEY (member_id, number)
) STRICT, WITHOUT ROWID;

-- How much has been used of what all members share. The version changes with every write,
-- which checks it.
CREATE TABLE shared_counter (
  name    TEXT    NOT NULL PRIMARY KEY,  -- budget/RULE: points given; stock/REWARD: pieces taken
  version INTEGER NOT NULL,
  used    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What everybody is judged by: versions of the program, and norms, by one row of numbers.
CREATE TABLE rules (
  number          INTEGER PRIMARY KEY,
  program_version INTEGER NOT NULL,  -- 0: these are norms
  name            TEXT    NOT NULL,  -- of the program
  effective_from  INTEGER NOT NULL,  -- the least integer: from the beginning
  recorded_at     INTEGER NOT NULL,
  program_text    TEXT    NOT NULL,
  norms           BLOB    NOT NULL   -- cut points of scores, as a record that "protoc --decode_raw"
                                     -- reads (server/domain/program/norms.h); empty of a program
) STRICT;

-- The clock of a test store, in one row: a store that has it when it is new is a test store
-- for ever. It stands still until somebody advances it. The version is that of a counter.
CREATE TABLE test_clock (
  number        INTEGER NOT NULL PRIMARY KEY,  -- always 1
  version       INTEGER NOT NULL,
  stands_at     INTEGER NOT NULL,  -- what it shows
  request_id    TEXT    NOT NULL,  -- of the last advance; empty before the first one
  advances_from INTEGER NOT NULL,  -- what it showed when that was asked for
  advances_to   INTEGER NOT NULL   -- where it leads; later than stands_at: it is not done
) STRICT;
