-- Members who were merged or belong to a household, and what came with them.

-- Who has everything of this member now: the survivor where status is 5, merged, or else
-- the head of the household. And what undoes that: a JSON object.
ALTER TABLE member ADD COLUMN merged_into BLOB;
ALTER TABLE member ADD COLUMN merge_json TEXT;
-- The last origin that members who handed everything to this one have taken.
ALTER TABLE member ADD COLUMN last_origin INTEGER NOT NULL DEFAULT 0;

-- Not 0: came with a merge, by which one tells the origin. Lots with an origin have
-- numbers from origin * 2^40 on; in the lots of a reservation or a coupon with this origin
-- they have those that they had before.
ALTER TABLE purchase ADD COLUMN origin INTEGER NOT NULL DEFAULT 0;
ALTER TABLE purchase_return ADD COLUMN origin INTEGER NOT NULL DEFAULT 0;
ALTER TABLE reservation ADD COLUMN origin INTEGER NOT NULL DEFAULT 0;
ALTER TABLE coupon ADD COLUMN origin INTEGER NOT NULL DEFAULT 0;

-- Points of purchases that came from another member, where they expired with that one: to
-- be added to what the ledger of the member says.
CREATE TABLE expired_elsewhere (
  member_id   BLOB    NOT NULL,
  purchase_id TEXT    NOT NULL,
  wallet      TEXT    NOT NULL,
  points      INTEGER NOT NULL,
  PRIMARY KEY (member_id, purchase_id, wallet)
) STRICT, WITHOUT ROWID;
