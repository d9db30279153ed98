-- The oldest kept takes are looked for at every take once their room is used up.
CREATE INDEX attempts_with_take ON attempts (id, take_file) WHERE take_file != '';
