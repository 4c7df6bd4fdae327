-- What was declared last is found among a million events of the same stream.
CREATE INDEX event_configured ON event (head, version) WHERE substr(type, -10) = 'configured';
