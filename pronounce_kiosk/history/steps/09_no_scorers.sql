-- Which models scored a learner was counted, and shown nowhere.
DROP TABLE learner_scorers;
