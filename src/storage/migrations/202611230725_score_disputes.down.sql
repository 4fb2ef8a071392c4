DROP TABLE score_disputes;
