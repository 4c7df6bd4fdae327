-- Processes that write this journal, one row a start. The oldest "reads" of those seen lately says which kinds of event may be written.
CREATE TABLE node (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text COLLATE "C" NOT NULL,
  started bigint NOT NULL,
  seen bigint NOT NULL,
  reads int NOT NULL
) WITH (fillfactor = 50);

-- Who owns a shard (0: nobody, it was given up) and since which flush, and the lowest flush whose receipt block held repeats of its
-- groups at that time that no event covered. Later flushes of the same node say that themselves.
ALTER TABLE shard ADD node bigint NOT NULL DEFAULT 0, ADD position bigint NOT NULL DEFAULT 0, ADD uncovered_from bigint NOT NULL DEFAULT 0;
UPDATE shard SET
  node = CASE WHEN EXISTS (SELECT 1 FROM meta WHERE key = 'running') THEN -1 ELSE 0 END,
  position = (SELECT position FROM log),
  uncovered_from = coalesce((SELECT uncovered_from FROM flush ORDER BY position DESC LIMIT 1), 0);
DELETE FROM meta WHERE key = 'running';

ALTER TABLE flush ADD node bigint NOT NULL DEFAULT 0;
CREATE INDEX flush_by_node ON flush (node, position);

-- The end of the log: one row that is not written over but replaced, so that while a dump holds back the clean-up whoever reads it
-- comes to the living row first. The table "log" is what the version before locks; nothing writes it any more.
CREATE TABLE log_end (
  position bigint PRIMARY KEY,
  last_event bigint NOT NULL,
  merkle bytea NOT NULL
) WITH (autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_cost_delay = 0);
INSERT INTO log_end SELECT position, last_event, merkle FROM log;

-- The receiver's shard, absent in rows of the version before until a start completes them; and the flush that made a message for a
-- shard which was another node's, by which that node finds it.
ALTER TABLE message ADD shard smallint, ADD crossed bigint;
CREATE INDEX message_by_crossing ON message (crossed) WHERE crossed IS NOT NULL;
CREATE INDEX message_unplaced ON message (due) WHERE shard IS NULL;
