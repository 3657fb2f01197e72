-- The last four characters of a key, by which whoever holds it tells it from others; keys made before have none here.
alter table keys add column ending text not null default '';
