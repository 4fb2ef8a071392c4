-- Alerts that fire, or fired and are over: who was told what.
CREATE TABLE alerts (
    alert_key VARCHAR(120) PRIMARY KEY, -- its name, and what it is about where there are several
    alert_name VARCHAR(60) NOT NULL,
    subject VARCHAR(60) NOT NULL,
    severity VARCHAR(10) NOT NULL CHECK (severity IN ('critical', 'high', 'medium', 'low')),
    status VARCHAR(10) NOT NULL CHECK (status IN ('firing', 'resolved')),
    summary VARCHAR(500) NOT NULL,
    began_at $TIME NOT NULL,
    last_true_at $TIME NOT NULL,
    ended_at $TIME,
    told_webhook VARCHAR(10) NOT NULL, -- the status last told there; empty: nothing
    told_mail VARCHAR(10) NOT NULL,
    told_at $TIME
);
