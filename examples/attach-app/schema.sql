-- The tables of an application that renders films: runs, and the machines that runs lease. Integer codes, milliseconds
-- since 1970, several tenants in one database.
CREATE SCHEMA render;

CREATE TABLE render.runs (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  tenant      integer  NOT NULL,
  kind        text     NOT NULL,
  phase       smallint NOT NULL DEFAULT 0, -- 0 queued, 1 running, 2 rendered, 3 rendered with warnings, 4 failed, 5 withdrawn
  pinned      boolean  NOT NULL DEFAULT false, -- a person looks at it: hands off
  begun_ms    bigint   NOT NULL DEFAULT 0,
  ended_ms    bigint   NOT NULL DEFAULT 0,
  reason      text,
  exit        smallint,
  changed_ms  bigint   NOT NULL DEFAULT 0,
  revision    integer  NOT NULL DEFAULT 0
);

CREATE TABLE render.leases (
  id          uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  run         bigint   NOT NULL REFERENCES render.runs,
  machine     text     NOT NULL,
  status      smallint NOT NULL, -- 10 reserved, 20 held, 30 given back
  since_ms    bigint   NOT NULL,
  until_ms    bigint   NOT NULL DEFAULT 0
);

-- What runs have made. A film outlives its run in the plans of this application, so its key has no ON DELETE.
CREATE TABLE render.films (
  id   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  run  bigint NOT NULL REFERENCES render.runs
);

-- Each strategy looks for few rows among many; indexes with a condition hold just these.
CREATE INDEX leases_live ON render.leases (id) WHERE status IN (10, 20);
CREATE INDEX leases_reserved ON render.leases (since_ms, id) WHERE status = 10;
CREATE INDEX leases_run ON render.leases (run);
CREATE INDEX runs_running ON render.runs (begun_ms, id) WHERE phase = 1;
CREATE INDEX runs_ended ON render.runs (ended_ms, id) WHERE phase IN (2, 3, 4, 5);
CREATE INDEX films_run ON render.films (run);
