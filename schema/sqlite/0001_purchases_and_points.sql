-- Members, their purchases and their points, and the log of every command.
--
-- Ids of members are 16 bytes. Times are microseconds since 1970 in UTC; the
-- greatest integer means "never". Money is in minor units of its currency.
-- Wide rows live in rowid tables, which hold 4 kB in a page; narrow ones are
-- clustered by member.

-- A participant of the program. `version` changes with every write of the
-- member or of anything that belongs to them, and every write checks it.
CREATE TABLE member (
  member_id         BLOB    NOT NULL PRIMARY KEY,
  version           INTEGER NOT NULL,
  status            INTEGER NOT NULL,  -- 1 active, 2 suspended, 3 closed, 4 erased
  enrolled_at       INTEGER NOT NULL,
  attributes        TEXT    NOT NULL,  -- a JSON object of strings
  purchase_count    INTEGER NOT NULL,
  first_purchase_at INTEGER,
  last_purchase_at  INTEGER,
  entry_count       INTEGER NOT NULL,  -- the number of the last ledger entry
  advanced_until    INTEGER NOT NULL,  -- what time causes is in the ledger up to here
  next_due_at       INTEGER NOT NULL   -- when time causes something next
) STRICT, WITHOUT ROWID;

CREATE INDEX member_by_due ON member (next_due_at);

-- The external names that find a member.
CREATE TABLE alias (
  kind      TEXT NOT NULL,
  value     TEXT NOT NULL,
  member_id BLOB NOT NULL,
  PRIMARY KEY (kind, value)
) STRICT, WITHOUT ROWID;

CREATE INDEX alias_by_member ON alias (member_id);

-- What a member has in a wallet: the sums of the ledger.
CREATE TABLE account (
  member_id  BLOB    NOT NULL,
  wallet     TEXT    NOT NULL,
  pending    INTEGER NOT NULL,
  available  INTEGER NOT NULL,
  held       INTEGER NOT NULL,
  qualifying INTEGER NOT NULL,
  PRIMARY KEY (member_id, wallet)
) STRICT, WITHOUT ROWID;

-- Points of one earning, with their own life. The key is the order in which
-- lots are spent, and keeps those that have expired out of the way.
CREATE TABLE lot (
  member_id      BLOB    NOT NULL,
  expires_at     INTEGER NOT NULL,
  lot            INTEGER NOT NULL,  -- the number of the ledger entry that opened it
  wallet         TEXT    NOT NULL,
  points         INTEGER NOT NULL,  -- as earned
  remaining      INTEGER NOT NULL,  -- neither spent, expired nor reversed
  earned_at      INTEGER NOT NULL,
  available_from INTEGER NOT NULL,
  purchase_id    TEXT    NOT NULL,
  PRIMARY KEY (member_id, expires_at, lot)
) STRICT, WITHOUT ROWID;

-- Immutable movements of points between two accounts: 1 pending, 2 available,
-- 3 held (the member's); 4 issued, 5 redeemed, 6 expired, 7 reversed (the
-- program's).
CREATE TABLE ledger_entry (
  member_id       BLOB    NOT NULL,
  number          INTEGER NOT NULL,
  wallet          TEXT    NOT NULL,
  kind            INTEGER NOT NULL,  -- 1 earn, 2 bonus, 3 mature, 4 expire
  points          INTEGER NOT NULL,
  debit           INTEGER NOT NULL,
  credit          INTEGER NOT NULL,
  rule_id         TEXT    NOT NULL,
  purchase_id     TEXT    NOT NULL,
  lot             INTEGER NOT NULL,
  program_version INTEGER NOT NULL,
  principal       TEXT    NOT NULL,
  effective_at    INTEGER NOT NULL,
  recorded_at     INTEGER NOT NULL,
  pending_after   INTEGER NOT NULL,
  available_after INTEGER NOT NULL,
  held_after      INTEGER NOT NULL,
  PRIMARY KEY (member_id, number)
) STRICT, WITHOUT ROWID;

-- Points that a capped rule has given to a member within a period.
CREATE TABLE cap_usage (
  member_id BLOB    NOT NULL,
  period    TEXT    NOT NULL,  -- 2026-11-22, 2026-11 or ever
  rule_id   TEXT    NOT NULL,
  points    INTEGER NOT NULL,
  PRIMARY KEY (member_id, period, rule_id)
) STRICT, WITHOUT ROWID;

-- Every command that took effect: what makes a repeated request answer as the
-- first, the stream of events, and what an audit decides again. Positions have
-- no gaps. An embedded store is one partition: its log has one end, so that a
-- batch fills a few pages and not one for each of many ends.
CREATE TABLE command_log (
  position     INTEGER PRIMARY KEY,
  scope        INTEGER NOT NULL,  -- of request_id: 1 purchase, 2 request, 3 system
  request_id   TEXT    NOT NULL,
  kind         INTEGER NOT NULL,  -- 1 enroll, 2 add alias, 3 remove alias, 4 record purchase,
                                  -- 5 activate program, 6 advance
  member_id    BLOB    NOT NULL,  -- empty where no member is concerned
  principal    TEXT    NOT NULL,
  recorded_at  INTEGER NOT NULL,
  payload_hash BLOB    NOT NULL,  -- SHA-256 of the request; empty for the server's own commands
  payload      BLOB    NOT NULL,  -- the request, as a message of the API; likewise
  reply        BLOB    NOT NULL   -- the reply, as a message of the API; likewise
) STRICT;

CREATE UNIQUE INDEX command_log_by_request ON command_log (request_id, scope);

-- Recorded purchases. The position is that of the command in the log.
CREATE TABLE purchase (
  position               INTEGER PRIMARY KEY,
  purchase_id            TEXT    NOT NULL,
  member_id              BLOB    NOT NULL,
  occurred_at            INTEGER NOT NULL,
  recorded_at            INTEGER NOT NULL,
  currency               TEXT    NOT NULL,
  total_minor            INTEGER NOT NULL,
  paid_with_points_minor INTEGER NOT NULL,
  line_count             INTEGER NOT NULL,
  channel                TEXT    NOT NULL,
  store_id               TEXT    NOT NULL,
  program_version        INTEGER NOT NULL,
  lines                  TEXT    NOT NULL  -- a JSON array, with what each line earned
) STRICT;

CREATE UNIQUE INDEX purchase_by_member ON purchase (member_id, occurred_at, purchase_id);

-- The versions of the program.
CREATE TABLE program_version (
  version        INTEGER PRIMARY KEY,
  name           TEXT    NOT NULL,
  effective_from INTEGER NOT NULL,  -- the least integer: from the beginning
  recorded_at    INTEGER NOT NULL,
  program_text   TEXT    NOT NULL
) STRICT;
