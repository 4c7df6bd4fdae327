-- Who is in the cluster, as Orleans keeps it. Orleans runs the statements that it finds in "OrleansQuery" under fixed keys, gives them
-- parameters of fixed names and reads columns of fixed names; the tables behind them are ours. Every change raises the version of the
-- whole membership by one and happens only if that is still the version which the silo saw.
CREATE TABLE cluster (
  id text COLLATE "C" PRIMARY KEY,
  version int NOT NULL,
  changed timestamptz NOT NULL DEFAULT clock_timestamp()
) WITH (fillfactor = 50);

CREATE TABLE silo (
  cluster text COLLATE "C" NOT NULL REFERENCES cluster (id),
  address text COLLATE "C" NOT NULL,
  port int NOT NULL,
  generation int NOT NULL,
  name text NOT NULL,
  host text NOT NULL,
  status int NOT NULL,
  gateway int NOT NULL,
  suspected text,
  started timestamptz NOT NULL,
  alive timestamptz NOT NULL,
  PRIMARY KEY (cluster, address, port, generation)
) WITH (fillfactor = 50);

CREATE TABLE OrleansQuery (
  QueryKey text COLLATE "C" PRIMARY KEY,
  QueryText text NOT NULL
);

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES
('InsertMembershipVersionKey', $$
WITH made AS (
  INSERT INTO cluster (id, version) VALUES (@DeploymentId, 0) ON CONFLICT (id) DO NOTHING RETURNING 1
)
SELECT count(*)::int FROM made
$$),

-- The lock on the cluster's row orders the changes; whoever waited for it finds another version there and changes nothing.
('InsertMembershipKey', $$
WITH next AS (
  UPDATE cluster SET version=version+1, changed=clock_timestamp()
  WHERE id=@DeploymentId AND version=@Version
    AND NOT EXISTS (SELECT 1 FROM silo s WHERE s.cluster=@DeploymentId AND s.address=@Address AND s.port=@Port AND s.generation=@Generation)
  RETURNING id
), made AS (
  INSERT INTO silo (cluster, address, port, generation, name, host, status, gateway, started, alive)
  SELECT id, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort, @StartTime, @IAmAliveTime FROM next
  RETURNING 1
)
SELECT count(*)::int FROM made
$$),

('UpdateMembershipKey', $$
WITH next AS (
  UPDATE cluster SET version=version+1, changed=clock_timestamp()
  WHERE id=@DeploymentId AND version=@Version
    AND EXISTS (SELECT 1 FROM silo s WHERE s.cluster=@DeploymentId AND s.address=@Address AND s.port=@Port AND s.generation=@Generation)
  RETURNING id
), changed AS (
  UPDATE silo s SET status=@Status, suspected=@SuspectTimes, alive=@IAmAliveTime
  FROM next WHERE s.cluster=next.id AND s.address=@Address AND s.port=@Port AND s.generation=@Generation
  RETURNING 1
)
SELECT count(*)::int FROM changed
$$),

('UpdateIAmAlivetimeKey', $$
UPDATE silo SET alive=@IAmAliveTime WHERE cluster=@DeploymentId AND address=@Address AND port=@Port AND generation=@Generation
$$),

-- The version comes back even where there is no silo: one row, whose other columns are null.
('MembershipReadRowKey', $$
SELECT c.id AS DeploymentId, s.address AS Address, s.port AS Port, s.generation AS Generation, s.name AS SiloName, s.host AS HostName, s.status AS Status,
  s.gateway AS ProxyPort, s.suspected AS SuspectTimes, s.started AS StartTime, s.alive AS IAmAliveTime, c.version AS Version
FROM cluster c LEFT JOIN silo s ON s.cluster=c.id AND s.address=@Address AND s.port=@Port AND s.generation=@Generation
WHERE c.id=@DeploymentId
$$),

('MembershipReadAllKey', $$
SELECT c.id AS DeploymentId, s.address AS Address, s.port AS Port, s.generation AS Generation, s.name AS SiloName, s.host AS HostName, s.status AS Status,
  s.gateway AS ProxyPort, s.suspected AS SuspectTimes, s.started AS StartTime, s.alive AS IAmAliveTime, c.version AS Version
FROM cluster c LEFT JOIN silo s ON s.cluster=c.id
WHERE c.id=@DeploymentId
$$),

('GatewaysQueryKey', $$
SELECT address AS Address, gateway AS ProxyPort, generation AS Generation FROM silo WHERE cluster=@DeploymentId AND status=@Status AND gateway>0
$$),

('DeleteMembershipTableEntriesKey', $$
WITH gone AS (DELETE FROM silo WHERE cluster=@DeploymentId RETURNING 1)
UPDATE cluster SET version=version+1 FROM (SELECT count(*) AS silos FROM gone) g WHERE id=@DeploymentId AND g.silos>0
$$),

-- 3: it is active, whatever it last said.
('CleanupDefunctSiloEntriesKey', $$
DELETE FROM silo WHERE cluster=@DeploymentId AND alive<@IAmAliveTime AND status<>3
$$);
