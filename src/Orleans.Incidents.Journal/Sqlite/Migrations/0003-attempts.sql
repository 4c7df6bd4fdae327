-- How often storing what a message leads to failed for what it holds: counted across restarts, so that poison ends.
ALTER TABLE message ADD COLUMN attempts INTEGER NOT NULL DEFAULT 0;
