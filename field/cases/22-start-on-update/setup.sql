-- What old servers make of a first column that is declared as timestamp and nothing more.
CREATE TABLE jobs (
  id bigint PRIMARY KEY, name varchar(100), state varchar(20) NOT NULL,
  start_time timestamp(6) NOT NULL DEFAULT current_timestamp(6) ON UPDATE current_timestamp(6),
  end_time timestamp(6) NULL, error_msg text, exit_code varchar(20)
);
CREATE TABLE resource_allocations (
  id bigint PRIMARY KEY, job_id bigint NOT NULL, status varchar(20) NOT NULL,
  allocation_time timestamp(6) NOT NULL DEFAULT current_timestamp(6) ON UPDATE current_timestamp(6),
  released_time timestamp(6) NULL, KEY (job_id), FOREIGN KEY (job_id) REFERENCES jobs (id)
);
INSERT INTO jobs (id, name, state, start_time) VALUES (1, 'crawl', 'RUNNING', now(6) - INTERVAL 3 DAY);
INSERT INTO resource_allocations (id, job_id, status, allocation_time) VALUES (11, 1, 'ALLOCATED', now(6) - INTERVAL 3 DAY);
