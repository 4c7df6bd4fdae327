-- One row a flush; its position is also the id that settles an unknown outcome.
CREATE TABLE flush (
  position INTEGER PRIMARY KEY,
  id BLOB NOT NULL,
  time INTEGER NOT NULL,
  last_event INTEGER NOT NULL,
  leaf BLOB NOT NULL,
  root BLOB NOT NULL,
  block_hash BLOB,
  block BLOB,
  uncovered_from INTEGER NOT NULL
);

CREATE TABLE head (
  number INTEGER PRIMARY KEY,
  stream TEXT NOT NULL UNIQUE,
  version INTEGER NOT NULL,
  hash BLOB NOT NULL
);

CREATE TABLE event (
  n INTEGER PRIMARY KEY,
  head INTEGER NOT NULL,
  version INTEGER NOT NULL,
  position INTEGER NOT NULL,
  type TEXT NOT NULL,
  schema INTEGER NOT NULL,
  time INTEGER NOT NULL,
  actor TEXT NOT NULL,
  on_behalf_of TEXT,
  delegation TEXT,
  authority TEXT,
  approval TEXT,
  policy TEXT,
  reason TEXT NOT NULL,
  payload BLOB NOT NULL,
  hash BLOB NOT NULL
);
CREATE UNIQUE INDEX event_by_stream ON event (head, version);

-- Messages that wait: timers, pages, and what a flush cut off. Consumed rows are deleted in the commit that consumes them.
CREATE TABLE message (
  id BLOB PRIMARY KEY,
  lane INTEGER NOT NULL,
  due INTEGER NOT NULL,
  target TEXT NOT NULL,
  by_id TEXT NOT NULL,
  by_kind INTEGER NOT NULL,
  type TEXT NOT NULL,
  payload BLOB NOT NULL
) WITHOUT ROWID;
CREATE INDEX message_by_due ON message (lane, due, id);

CREATE TABLE dead_letter (
  id BLOB PRIMARY KEY,
  time INTEGER NOT NULL,
  target TEXT NOT NULL,
  type TEXT NOT NULL,
  payload BLOB NOT NULL,
  why TEXT NOT NULL
) WITHOUT ROWID;

-- Only where a sender gives its request an id: a repeat of the request gets the same receipts.
CREATE TABLE request (
  key BLOB PRIMARY KEY,
  position INTEGER NOT NULL,
  number INTEGER NOT NULL,
  time INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE refused (
  id INTEGER PRIMARY KEY,
  time INTEGER NOT NULL,
  identity TEXT NOT NULL,
  integration TEXT NOT NULL,
  reason TEXT NOT NULL,
  detail TEXT NOT NULL,
  count INTEGER NOT NULL
);

CREATE TABLE meta (
  key TEXT PRIMARY KEY,
  value BLOB NOT NULL
) WITHOUT ROWID;
