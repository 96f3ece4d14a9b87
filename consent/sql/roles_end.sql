-- 6. Every statement that alters a table, a trigger or a function is noted. The list is append-only like the evidence;
--    the guard manifest carries its length, so that a new line without a new release and without an erasure stands out.
--    Switching this trigger itself off is not noted here: the manifest shows it.
CREATE TABLE IF NOT EXISTS freely_given_ddl (
  number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  noted_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  noted_by name NOT NULL DEFAULT session_user,
  statement text NOT NULL,
  object text NOT NULL
);

CREATE OR REPLACE FUNCTION freely_given_note_ddl() RETURNS event_trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_EVENT = 'sql_drop' THEN
    INSERT INTO freely_given_ddl (statement, object)
    SELECT TG_TAG, concat_ws(' ', object_type, object_identity) FROM pg_event_trigger_dropped_objects()
    WHERE original AND NOT is_temporary;
  ELSE
    INSERT INTO freely_given_ddl (statement, object)
    SELECT command_tag, concat_ws(' ', object_type, object_identity) FROM pg_event_trigger_ddl_commands()
    WHERE schema_name IS DISTINCT FROM 'pg_temp';
  END IF;
END $$;

DROP EVENT TRIGGER IF EXISTS freely_given_ddl_end;
DROP EVENT TRIGGER IF EXISTS freely_given_ddl_drop;
CREATE OR REPLACE TRIGGER freely_given_ddl_row BEFORE UPDATE OR DELETE ON freely_given_ddl
  FOR EACH ROW EXECUTE FUNCTION freely_given_refuse();
CREATE OR REPLACE TRIGGER freely_given_ddl_truncate BEFORE TRUNCATE ON freely_given_ddl
  FOR EACH STATEMENT EXECUTE FUNCTION freely_given_refuse();
ALTER TABLE freely_given_ddl ENABLE ALWAYS TRIGGER freely_given_ddl_row;
ALTER TABLE freely_given_ddl ENABLE ALWAYS TRIGGER freely_given_ddl_truncate;
REVOKE ALL ON freely_given_ddl FROM PUBLIC;
GRANT SELECT ON freely_given_ddl TO freely_given_owner, freely_given_app, freely_given_sequencer, freely_given_auditor;
CREATE EVENT TRIGGER freely_given_ddl_end ON ddl_command_end EXECUTE FUNCTION freely_given_note_ddl();
CREATE EVENT TRIGGER freely_given_ddl_drop ON sql_drop EXECUTE FUNCTION freely_given_note_ddl();
ALTER EVENT TRIGGER freely_given_ddl_end ENABLE ALWAYS;
ALTER EVENT TRIGGER freely_given_ddl_drop ENABLE ALWAYS;

-- 7. OPTIONAL, small clinics only: LEDGER_SEALING=writer lets whoever has just written also seal, and then the account
--    of the web server needs the sequencer's rights. The log key is then readable by the web server (key level 0).
--    Take this line out of its comment, or do the same for the account alone:
-- GRANT freely_given_sequencer TO freely_given_app;
