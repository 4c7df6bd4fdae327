-- Repeats of a group that no event covers yet: one row a group, written over. It counts at its version alone.
CREATE TABLE repeats (
  head INTEGER PRIMARY KEY,
  version INTEGER NOT NULL,
  saved BLOB NOT NULL
);
