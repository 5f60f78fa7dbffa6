CREATE TABLE builds (
  id bigint PRIMARY KEY, job varchar(100), result varchar(20) NOT NULL, began datetime(3), ended datetime(3), note text
);
CREATE TABLE locks (
  id bigint PRIMARY KEY AUTO_INCREMENT, build_id bigint NOT NULL, resource varchar(100) NOT NULL, status varchar(20) NOT NULL,
  since datetime(3), until_at datetime(3), KEY (build_id)
);
SET @now = utc_timestamp(3);
INSERT INTO builds VALUES
  (2426, 'Tools_pipeline', 'SUCCESS', @now - INTERVAL 1 DAY, @now - INTERVAL 23 HOUR, NULL),
  (2500, 'Tools_pipeline', 'BUILDING', @now - INTERVAL 1 HOUR, NULL, NULL);
INSERT INTO locks (build_id, resource, status, since) VALUES
  (2426, 'my/private/repo-master', 'LOCKED', @now - INTERVAL 1 DAY), -- the controller crashed before it released it
  (2301, 'board-7', 'LOCKED', @now - INTERVAL 9 DAY), -- its build was deleted
  (2302, 'board-8', 'FREE', @now - INTERVAL 9 DAY), -- deleted as well, and nothing is held
  (2500, 'board-9', 'LOCKED', @now - INTERVAL 1 HOUR); -- in use
