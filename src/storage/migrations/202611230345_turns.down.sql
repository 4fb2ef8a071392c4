DROP TABLE speech_practice_turns;
