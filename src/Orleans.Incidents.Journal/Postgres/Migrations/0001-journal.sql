-- A flush's id is the first row that it writes. What settles an unknown outcome inserts the id alone: an id without a row in
-- "flush" is of a flush that never committed and never can.
CREATE TABLE flush_id (
  number bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
  id bytea PRIMARY KEY
);

-- The end of the log, one row, locked last and until the commit. The epochs of shards change under the same lock.
CREATE TABLE log (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  position bigint NOT NULL,
  last_event bigint NOT NULL,
  merkle bytea NOT NULL
) WITH (fillfactor = 10, autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_cost_delay = 0);
INSERT INTO log (position, last_event, merkle) VALUES (0, 0, '');

CREATE TABLE shard (
  number smallint PRIMARY KEY,
  epoch bigint NOT NULL
);
INSERT INTO shard SELECT n, 0 FROM generate_series(0, 255) n;

-- Written last: its position is dense, and whoever sees one sees all before it.
CREATE TABLE flush (
  position bigint PRIMARY KEY,
  number bigint NOT NULL UNIQUE,
  time bigint NOT NULL,
  events int NOT NULL,
  last_event bigint NOT NULL,
  leaf bytea NOT NULL,
  root bytea NOT NULL,
  block_hash bytea,
  uncovered_from bigint NOT NULL
);

-- Receipt blocks; pruned by age, the hash stays with the flush. Their bytes do not compress.
CREATE TABLE block (
  flush bigint PRIMARY KEY,
  bytes bytea NOT NULL
);
ALTER TABLE block ALTER COLUMN bytes SET STORAGE EXTERNAL;

-- Updated in place in every flush: room in the page keeps the updates off the indexes.
CREATE TABLE head (
  number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  stream text COLLATE "C" NOT NULL UNIQUE,
  version bigint NOT NULL,
  hash bytea NOT NULL
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_cost_delay = 0);

-- Payloads and times as they were hashed: bytes, and nanoseconds since 1970. "place" counts from 1 within the flush.
CREATE TABLE event (
  head bigint NOT NULL,
  version bigint NOT NULL,
  flush bigint NOT NULL,
  place int NOT NULL,
  type text COLLATE "C" NOT NULL,
  schema int NOT NULL,
  time bigint NOT NULL,
  actor text COLLATE "C" NOT NULL,
  on_behalf_of text COLLATE "C",
  delegation text COLLATE "C",
  authority text COLLATE "C",
  approval text COLLATE "C",
  policy text COLLATE "C",
  reason text COLLATE "C" NOT NULL,
  payload bytea NOT NULL,
  hash bytea NOT NULL,
  PRIMARY KEY (head, version)
);
CREATE UNIQUE INDEX event_by_flush ON event (flush, place);

-- Messages that wait, found in order of time: a message is entered beside others of its time, and what takes it up again knows its
-- place. Rows come and go with every problem, so the table is vacuumed by count and not by share, and without pauses; counting attempts
-- changes no index.
CREATE TABLE message (
  lane smallint NOT NULL,
  due bigint NOT NULL,
  id bytea NOT NULL,
  target text COLLATE "C" NOT NULL,
  by_id text COLLATE "C" NOT NULL,
  by_kind smallint NOT NULL,
  on_behalf_of text COLLATE "C",
  type text COLLATE "C" NOT NULL,
  payload bytea NOT NULL,
  attempts int NOT NULL DEFAULT 0,
  trace bytea,
  PRIMARY KEY (lane, due, id)
) WITH (fillfactor = 85, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000, autovacuum_vacuum_cost_delay = 0, autovacuum_analyze_scale_factor = 0.1);
CREATE INDEX message_by_target ON message (target);

-- Only where a sender gives its request an id: a repeat of the request gets the same receipts.
CREATE TABLE request (
  key bytea PRIMARY KEY,
  flush bigint NOT NULL,
  number int NOT NULL,
  time bigint NOT NULL
);
CREATE INDEX request_by_time ON request (time);

-- Repeats of a group that no event covers yet: one row a group, written over. It counts at its version alone.
CREATE TABLE repeats (
  head bigint PRIMARY KEY,
  version bigint NOT NULL,
  saved bytea NOT NULL
) WITH (fillfactor = 70);

-- A cache of folded states: may be emptied at any moment and then costs time only.
CREATE TABLE snapshot (
  head bigint PRIMARY KEY,
  version bigint NOT NULL,
  fold int NOT NULL,
  state bytea NOT NULL
) WITH (fillfactor = 85);

CREATE TABLE refused (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  time bigint NOT NULL,
  identity text COLLATE "C" NOT NULL,
  integration text COLLATE "C" NOT NULL,
  reason text COLLATE "C" NOT NULL,
  detail text COLLATE "C" NOT NULL,
  count bigint NOT NULL
);

-- One row a sender of heartbeats. No event and no part of the chain: a beat changes nothing, and only its last time matters.
CREATE TABLE beat (
  integration text COLLATE "C" PRIMARY KEY,
  since bigint NOT NULL,
  heard bigint
) WITH (fillfactor = 50);
