-- Units that were left out, and their phones (JSON: phone, points, heard where that is known);
-- whether an attempt may earn a third star (`core.grades`), in the index that tells the best.
ALTER TABLE units ADD COLUMN said INTEGER NOT NULL DEFAULT 1 CHECK (said IN (0, 1));
ALTER TABLE units ADD COLUMN phones TEXT NOT NULL DEFAULT '';
ALTER TABLE attempts ADD COLUMN faultless INTEGER NOT NULL DEFAULT 1
    CHECK (faultless IN (0, 1));
UPDATE attempts SET faultless = 0
    WHERE id IN (SELECT attempt_id FROM units WHERE score < 59.5);
DROP INDEX attempts_by_learner;
CREATE INDEX attempts_by_learner
    ON attempts (learner_id, prompt_id, score, scorer_id, at, faultless);
