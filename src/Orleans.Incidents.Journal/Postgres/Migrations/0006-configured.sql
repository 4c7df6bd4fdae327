-- What was declared last is found among a million events of the same stream. A large table takes its time, once.
SET LOCAL statement_timeout = 0;
CREATE INDEX event_configured ON event (head, version) WHERE right(type, 10) = 'configured';
