-- Roles of Freely Given on PostgreSQL 15 or later.
--
-- Written from the models by "manage.py generate_roles"; change consent/roles.py or the two parts beside this file,
-- never this file. Load it as a superuser, in the clinic's database, after "migrate" and "createcachetable", and again
-- after every migrate:
--
--     psql --single-transaction --set ON_ERROR_STOP=1 --file consent/sql/roles.sql clinic
--
-- These are roles to be in, not accounts: they have no password and cannot sign in. Make one account for each use:
--
--     CREATE ROLE clinic_web LOGIN IN ROLE freely_given_app;           -- DATABASE_URL of the web server
--     CREATE ROLE clinic_seal LOGIN IN ROLE freely_given_sequencer;    -- manage.py run_sequencer, LEDGER_SEALING=service
--     CREATE ROLE clinic_audit LOGIN IN ROLE freely_given_auditor;     -- an inspector with a database client
--     CREATE ROLE clinic_owner LOGIN IN ROLE freely_given_owner;       -- migrate, erase_subject, ledger_restore; not kept signed in
--
-- What each guards against is a fence, not proof. The owner can disable a trigger and replace a function; a superuser
-- can do anything. Both show: in the list of altered tables (part 6), in the daily guard manifest
-- ("manage.py record_guards"), and in "manage.py verify_ledger", which computes every row again.
--
-- Ids: the app makes them, so it could choose one. The database cannot prevent that without being asked for each id.
-- An id that is taken is refused; ids of the ledger's own rows are computed from their content and verify_ledger
-- computes them again; the order of the ledger is no id but the place the sequencer gives.

-- 1. The roles. None may do anything outside this database.
DO $$
DECLARE
  one text;
BEGIN
  FOREACH one IN ARRAY ARRAY['freely_given_owner', 'freely_given_app', 'freely_given_sequencer', 'freely_given_auditor']
  LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = one) THEN
      EXECUTE format('CREATE ROLE %I', one);
    END IF;
    EXECUTE format(
      'ALTER ROLE %I NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS', one
    );
  END LOOP;
END $$;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO freely_given_app, freely_given_sequencer, freely_given_auditor;
GRANT USAGE, CREATE ON SCHEMA public TO freely_given_owner;
ALTER FUNCTION freely_given_refuse() OWNER TO freely_given_owner;
