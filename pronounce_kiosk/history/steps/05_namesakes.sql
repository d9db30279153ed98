-- Two children may choose the same nickname, or none, and the same animal.
ALTER TABLE learners ADD COLUMN number INTEGER NOT NULL DEFAULT 1;
DROP INDEX learners_by_name;
CREATE UNIQUE INDEX learners_by_name ON learners (nickname, animal, number) WHERE guest = 0;
