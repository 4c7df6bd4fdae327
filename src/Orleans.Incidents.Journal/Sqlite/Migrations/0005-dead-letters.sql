-- Dead letters are events now. What was kept aside before is tried once more; what fails again becomes one.
INSERT INTO message (id, lane, due, target, by_id, by_kind, type, payload)
  SELECT id, type='page:deliver', 0, target, 'engine', 1, type, payload FROM dead_letter;
DROP TABLE dead_letter;
