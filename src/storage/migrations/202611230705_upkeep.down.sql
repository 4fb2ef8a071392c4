DROP TABLE progress_rebuilds;
DROP INDEX access_log_by_time;
