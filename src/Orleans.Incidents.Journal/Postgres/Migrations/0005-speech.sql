-- What is written says what a program must read: meta "speaks". Programs that do not read as much are refused.
CREATE FUNCTION mark() RETURNS int LANGUAGE sql STABLE AS $$
SELECT coalesce((SELECT convert_from(value, 'UTF8')::int FROM meta WHERE key = 'speaks'), 0)
$$;

-- What every node reads that was seen in the last minute, and no less than was written before.
CREATE FUNCTION spoken() RETURNS int LANGUAGE sql STABLE AS $$
SELECT greatest(mark(), (SELECT min(reads) FROM node WHERE seen >= (extract(epoch FROM clock_timestamp()) * 1000)::bigint - 60000))
$$;

-- Raises the mark where every node reads as much, and says what they read. Called under the lock on the log's end, under which nodes enter:
-- from then on none enters that reads less, and no program that knows no mark.
CREATE FUNCTION speak(needed int) RETURNS int LANGUAGE plpgsql AS $$
DECLARE
  understood int := spoken();
BEGIN
  IF understood >= needed AND mark() < needed THEN
    INSERT INTO meta (key, value) VALUES ('speaks', convert_to(needed::text, 'UTF8')) ON CONFLICT (key) DO UPDATE SET value = excluded.value;
    UPDATE meta SET value = convert_to('5', 'UTF8') WHERE key = 'oldest' AND convert_from(value, 'UTF8')::int < 5;
  END IF;
  RETURN understood;
END
$$;
