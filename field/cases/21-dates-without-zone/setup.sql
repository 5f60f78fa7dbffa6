-- What TypeORM makes of a column of type Date, and what a host in New York wrote into it: its own digits.
CREATE TABLE jobs (
  id serial PRIMARY KEY, name varchar NOT NULL, state varchar NOT NULL, "startTime" timestamp, "endTime" timestamp,
  "errorMsg" text, "exitCode" varchar
);
CREATE TABLE leases (
  id serial PRIMARY KEY, "jobId" integer NOT NULL REFERENCES jobs, status varchar NOT NULL, "allocationTime" timestamp,
  "releasedTime" timestamp
);
INSERT INTO jobs (name, state, "startTime")
VALUES ('render', 'RUNNING', now() AT TIME ZONE 'America/New_York' - interval '1 minute');
INSERT INTO leases ("jobId", status, "allocationTime")
VALUES (1, 'RESERVED', now() AT TIME ZONE 'America/New_York' - interval '1 minute');
