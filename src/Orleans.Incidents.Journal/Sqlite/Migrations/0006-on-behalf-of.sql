-- Whom a message's sender acted for; absent: for itself.
ALTER TABLE message ADD COLUMN on_behalf_of TEXT;
