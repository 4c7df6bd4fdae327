-- One row a sender of heartbeats: since when it is known, and when it was last heard. No event and no part of the chain: a beat
-- changes nothing, and only its last time matters.
CREATE TABLE beat (
  integration TEXT PRIMARY KEY,
  since INTEGER NOT NULL,
  heard INTEGER
) WITHOUT ROWID;
