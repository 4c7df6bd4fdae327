-- A cache of folded states: may be emptied at any moment and then costs time only.
CREATE TABLE snapshot (
  head INTEGER PRIMARY KEY,
  version INTEGER NOT NULL,
  fold INTEGER NOT NULL,
  state BLOB NOT NULL
);

-- Blocks are pruned by age; the walk over old flushes finds them by time.
CREATE INDEX request_by_time ON request (time);
