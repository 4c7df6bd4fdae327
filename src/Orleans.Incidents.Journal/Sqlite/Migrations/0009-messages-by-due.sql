-- In order of time, in one tree: a message is written beside others of its time, and what takes it up again knows its place.
ALTER TABLE message RENAME TO message_by_id;
CREATE TABLE message (
  lane INTEGER NOT NULL,
  due INTEGER NOT NULL,
  id BLOB NOT NULL,
  target TEXT NOT NULL,
  by_id TEXT NOT NULL,
  by_kind INTEGER NOT NULL,
  on_behalf_of TEXT,
  type TEXT NOT NULL,
  payload BLOB NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  trace BLOB,
  PRIMARY KEY (lane, due, id)
) WITHOUT ROWID;
INSERT INTO message (lane, due, id, target, by_id, by_kind, on_behalf_of, type, payload, attempts, trace)
  SELECT lane, due, id, target, by_id, by_kind, on_behalf_of, type, payload, attempts, trace FROM message_by_id;
DROP TABLE message_by_id;
