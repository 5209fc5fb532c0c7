-- A journal as yunwang's first schema was written: a run in every state, and one that died in a step.
BEGIN TRANSACTION;
CREATE TABLE runs (
	id VARCHAR(40) NOT NULL, 
	job VARCHAR(64) NOT NULL, 
	title TEXT NOT NULL, 
	plan_digest VARCHAR(80) NOT NULL, 
	"plan" TEXT NOT NULL, 
	operator TEXT NOT NULL, 
	host TEXT NOT NULL, 
	command TEXT NOT NULL, 
	started DATETIME NOT NULL, 
	ended DATETIME, 
	state VARCHAR(16) NOT NULL, 
	message TEXT NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "runs" VALUES('20261120-010007-aa1001','dual-stack','Dual stack 双栈','sha256:b1bf5a2d0646d5732a81298fec4bb76af92a3f49fef5923b06ccd59d5b038f68','{"changes":[{"action":"~","facts":{},"forward":{"lines":["ipv6"]},"id":"a","requires":[],"reverse":{"lines":["undo ipv6"]},"steps":[],"summary":"2 lines","target":"device/a","text":"+ipv6\n"},{"action":"~","facts":{},"forward":{"lines":["ipv6"]},"id":"b","requires":[],"reverse":{"lines":["undo ipv6"]},"steps":[],"summary":"2 lines","target":"device/b","text":"+ipv6\n"}],"created":"2026-11-20T01:00:00Z","expires":"2026-11-21T01:00:00Z","findings":[],"intent":"sha256:1111111111111111111111111111111111111111111111111111111111111111","job":"dual-stack","observations":[{"digest":"sha256:2ffd967f41ac1c7ee43c558109ecb4e86721fff4025f22c2a70aff5fcd0a3e32","summary":"no ipv6","target":"device/a"},{"digest":"sha256:2ffd967f41ac1c7ee43c558109ecb4e86721fff4025f22c2a70aff5fcd0a3e32","summary":"no ipv6","target":"device/b"}],"operator":"li-wei","options":{},"title":"Dual stack 双栈","version":1,"waves":[{"changes":["a","b"],"name":"plane a","parallel":4}],"workspace":"yunzhou"}
','li-wei','desk','yunwang net apply','2026-11-20 01:00:07.123456','2026-11-20 01:01:24.123456','succeeded','2 changes applied and verified');
INSERT INTO "runs" VALUES('20261120-010131-bb2002','dual-stack','Dual stack 双栈','sha256:1f04b6dd8c82b104845fc9fc434c05c29f01b36b82fb0db3d004e04f68f0a5d5','{"changes":[{"action":"~","facts":{},"forward":{"lines":["ipv6"]},"id":"c","requires":[],"reverse":{"lines":["undo ipv6"]},"steps":[],"summary":"2 lines","target":"device/c","text":"+ipv6\n"}],"created":"2026-11-20T01:00:00Z","expires":"2026-11-21T01:00:00Z","findings":[],"intent":"sha256:2222222222222222222222222222222222222222222222222222222222222222","job":"dual-stack","observations":[{"digest":"sha256:2ffd967f41ac1c7ee43c558109ecb4e86721fff4025f22c2a70aff5fcd0a3e32","summary":"no ipv6","target":"device/c"}],"operator":"li-wei","options":{},"title":"Dual stack 双栈","version":1,"waves":[{"changes":["c"],"name":"plane a","parallel":4}],"workspace":"yunzhou"}
','li-wei','desk','yunwang net apply','2026-11-20 01:01:31.123456','2026-11-20 01:02:13.123456','failed','device/c: refused; taken back: device/c');
INSERT INTO "runs" VALUES('20261120-010220-cc3003','dual-stack','Dual stack 双栈','sha256:d7b743f20c668f384722f1eefbc540b74a80351767837eb651239132db1feec3','{"changes":[{"action":"~","facts":{},"forward":{"lines":["ipv6"]},"id":"d","requires":[],"reverse":{"lines":["undo ipv6"]},"steps":[],"summary":"2 lines","target":"device/d","text":"+ipv6\n"},{"action":"~","facts":{},"forward":{"lines":["ipv6"]},"id":"d2","requires":[],"reverse":{"lines":["undo ipv6"]},"steps":[],"summary":"2 lines","target":"device/d2","text":"+ipv6\n"}],"created":"2026-11-20T01:00:00Z","expires":"2026-11-21T01:00:00Z","findings":[],"intent":"sha256:3333333333333333333333333333333333333333333333333333333333333333","job":"dual-stack","observations":[{"digest":"sha256:2ffd967f41ac1c7ee43c558109ecb4e86721fff4025f22c2a70aff5fcd0a3e32","summary":"no ipv6","target":"device/d"},{"digest":"sha256:2ffd967f41ac1c7ee43c558109ecb4e86721fff4025f22c2a70aff5fcd0a3e32","summary":"no ipv6","target":"device/d2"}],"operator":"li-wei","options":{},"title":"Dual stack 双栈","version":1,"waves":[{"changes":["d","d2"],"name":"plane a","parallel":4}],"workspace":"yunzhou"}
','li-wei','desk','yunwang net apply','2026-11-20 01:02:20.123456','2026-11-20 01:02:55.123456','interrupted','stopped before the rest of wave plane a; 1 changes left');
INSERT INTO "runs" VALUES('20261120-010302-dd4004','dual-stack','Dual stack 双栈','sha256:8b765cff238e91d269e8d170f713b16aec033e45e3190d52bf112a7d85fcb22c','{"changes":[{"action":"~","facts":{},"forward":{"lines":["ipv6"]},"id":"e","requires":[],"reverse":{"lines":["undo ipv6"]},"steps":[],"summary":"2 lines","target":"device/e","text":"+ipv6\n"}],"created":"2026-11-20T01:00:00Z","expires":"2026-11-21T01:00:00Z","findings":[],"intent":"sha256:4444444444444444444444444444444444444444444444444444444444444444","job":"dual-stack","observations":[{"digest":"sha256:2ffd967f41ac1c7ee43c558109ecb4e86721fff4025f22c2a70aff5fcd0a3e32","summary":"no ipv6","target":"device/e"}],"operator":"li-wei","options":{},"title":"Dual stack 双栈","version":1,"waves":[{"changes":["e"],"name":"plane a","parallel":4}],"workspace":"yunzhou"}
','li-wei','desk','yunwang net apply','2026-11-20 01:03:02.123456','2026-11-20 01:03:51.123456','rolled-back','taken back: device/e');
INSERT INTO "runs" VALUES('20261120-010358-ee5005','dual-stack','Dual stack 双栈','sha256:e3c92c7851cb5adb808c7aeb4e4026dd1a989b98ecdf2a1746bf0d4ce295cef8','{"changes":[{"action":"~","facts":{},"forward":{"lines":["ipv6"]},"id":"f","requires":[],"reverse":{"lines":["undo ipv6"]},"steps":[],"summary":"2 lines","target":"device/f","text":"+ipv6\n"},{"action":"~","facts":{},"forward":{"lines":["ipv6"]},"id":"f2","requires":[],"reverse":{"lines":["undo ipv6"]},"steps":[],"summary":"2 lines","target":"device/f2","text":"+ipv6\n"}],"created":"2026-11-20T01:00:00Z","expires":"2026-11-21T01:00:00Z","findings":[],"intent":"sha256:5555555555555555555555555555555555555555555555555555555555555555","job":"dual-stack","observations":[{"digest":"sha256:2ffd967f41ac1c7ee43c558109ecb4e86721fff4025f22c2a70aff5fcd0a3e32","summary":"no ipv6","target":"device/f"},{"digest":"sha256:2ffd967f41ac1c7ee43c558109ecb4e86721fff4025f22c2a70aff5fcd0a3e32","summary":"no ipv6","target":"device/f2"}],"operator":"li-wei","options":{},"title":"Dual stack 双栈","version":1,"waves":[{"changes":["f","f2"],"name":"plane a","parallel":4}],"workspace":"yunzhou"}
','li-wei','desk','yunwang net apply','2026-11-20 01:03:58.123456',NULL,'running','');
CREATE TABLE schema_version (
	version INTEGER NOT NULL, 
	PRIMARY KEY (version)
);
INSERT INTO "schema_version" VALUES(1);
CREATE TABLE standings (
	job VARCHAR(64) NOT NULL, 
	target VARCHAR(255) NOT NULL, 
	in_line BOOLEAN NOT NULL, 
	at DATETIME NOT NULL, 
	facts JSON NOT NULL, 
	PRIMARY KEY (job, target)
);
INSERT INTO "standings" VALUES('dual-stack','device/a',1,'2026-11-20 01:00:42.123456','{}');
INSERT INTO "standings" VALUES('dual-stack','device/b',1,'2026-11-20 01:01:17.123456','{}');
INSERT INTO "standings" VALUES('dual-stack','device/c',0,'2026-11-20 01:02:06.123456','{}');
CREATE TABLE steps (
	number INTEGER NOT NULL, 
	run VARCHAR(40) NOT NULL, 
	change TEXT NOT NULL, 
	target TEXT NOT NULL, 
	summary TEXT NOT NULL, 
	wave TEXT NOT NULL, 
	phase VARCHAR(16) NOT NULL, 
	state VARCHAR(16) NOT NULL, 
	started DATETIME NOT NULL, 
	ended DATETIME, 
	outcome TEXT NOT NULL, 
	evidence JSON NOT NULL, 
	PRIMARY KEY (number), 
	FOREIGN KEY(run) REFERENCES runs (id)
);
INSERT INTO "steps" VALUES(1,'20261120-010007-aa1001','a','device/a','2 lines','plane a','apply','done','2026-11-20 01:00:14.123456','2026-11-20 01:00:21.123456','2 lines sent','{"lines": 2}');
INSERT INTO "steps" VALUES(2,'20261120-010007-aa1001','a','device/a','2 lines','plane a','verify','done','2026-11-20 01:00:28.123456','2026-11-20 01:00:35.123456','verified','{}');
INSERT INTO "steps" VALUES(3,'20261120-010007-aa1001','b','device/b','2 lines','plane a','apply','done','2026-11-20 01:00:49.123456','2026-11-20 01:00:56.123456','2 lines sent','{"lines": 2}');
INSERT INTO "steps" VALUES(4,'20261120-010007-aa1001','b','device/b','2 lines','plane a','verify','done','2026-11-20 01:01:03.123456','2026-11-20 01:01:10.123456','verified','{}');
INSERT INTO "steps" VALUES(5,'20261120-010131-bb2002','c','device/c','2 lines','plane a','apply','failed','2026-11-20 01:01:38.123456','2026-11-20 01:01:45.123456','refused','{}');
INSERT INTO "steps" VALUES(6,'20261120-010131-bb2002','c','device/c','2 lines','plane a','undo','done','2026-11-20 01:01:52.123456','2026-11-20 01:01:59.123456','as it was','{}');
INSERT INTO "steps" VALUES(7,'20261120-010220-cc3003','d','device/d','2 lines','plane a','apply','done','2026-11-20 01:02:27.123456','2026-11-20 01:02:34.123456','2 lines sent','{"lines": 2}');
INSERT INTO "steps" VALUES(8,'20261120-010220-cc3003','d','device/d','2 lines','plane a','verify','done','2026-11-20 01:02:41.123456','2026-11-20 01:02:48.123456','verified','{}');
INSERT INTO "steps" VALUES(9,'20261120-010302-dd4004','e','device/e','2 lines','plane a','apply','done','2026-11-20 01:03:09.123456','2026-11-20 01:03:16.123456','ok','{}');
INSERT INTO "steps" VALUES(10,'20261120-010302-dd4004','e','device/e','2 lines','plane a','verify','done','2026-11-20 01:03:23.123456','2026-11-20 01:03:30.123456','verified','{}');
INSERT INTO "steps" VALUES(11,'20261120-010302-dd4004','e','device/e','2 lines','plane a','undo','done','2026-11-20 01:03:37.123456','2026-11-20 01:03:44.123456','as it was','{}');
INSERT INTO "steps" VALUES(12,'20261120-010358-ee5005','f','device/f','2 lines','plane a','apply','done','2026-11-20 01:04:05.123456','2026-11-20 01:04:12.123456','ok','{}');
INSERT INTO "steps" VALUES(13,'20261120-010358-ee5005','f','device/f','2 lines','plane a','verify','done','2026-11-20 01:04:19.123456','2026-11-20 01:04:26.123456','verified','{}');
INSERT INTO "steps" VALUES(14,'20261120-010358-ee5005','f2','device/f2','2 lines','plane a','apply','started','2026-11-20 01:04:33.123456',NULL,'','{}');
CREATE INDEX ix_runs_plan_digest ON runs (plan_digest);
CREATE INDEX ix_steps_run ON steps (run);
CREATE INDEX ix_steps_target ON steps (target);
COMMIT;
