-- The trace that a message continues, 25 bytes; NULL unless the work that made it was recorded. Never part of a hash.
ALTER TABLE message ADD COLUMN trace BLOB;
