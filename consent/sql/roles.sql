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

-- 2. The owner has every table; nobody else has anything yet.
ALTER TABLE account_emailaddress OWNER TO freely_given_owner;
ALTER TABLE account_emailconfirmation OWNER TO freely_given_owner;
ALTER TABLE auth_group OWNER TO freely_given_owner;
ALTER TABLE auth_group_permissions OWNER TO freely_given_owner;
ALTER TABLE auth_permission OWNER TO freely_given_owner;
ALTER TABLE cache_entries OWNER TO freely_given_owner;
ALTER TABLE clinic_account OWNER TO freely_given_owner;
ALTER TABLE clinic_appointment OWNER TO freely_given_owner;
ALTER TABLE clinic_historicalappointment OWNER TO freely_given_owner;
ALTER TABLE clinic_historicalpatient OWNER TO freely_given_owner;
ALTER TABLE clinic_historicalpractitioner OWNER TO freely_given_owner;
ALTER TABLE clinic_historicalprocedure OWNER TO freely_given_owner;
ALTER TABLE clinic_historicalproceduretype OWNER TO freely_given_owner;
ALTER TABLE clinic_patient OWNER TO freely_given_owner;
ALTER TABLE clinic_patientcard OWNER TO freely_given_owner;
ALTER TABLE clinic_practitioner OWNER TO freely_given_owner;
ALTER TABLE clinic_procedure OWNER TO freely_given_owner;
ALTER TABLE clinic_proceduretype OWNER TO freely_given_owner;
ALTER TABLE clinic_recordview OWNER TO freely_given_owner;
ALTER TABLE clinic_site OWNER TO freely_given_owner;
ALTER TABLE clinic_tablethandover OWNER TO freely_given_owner;
ALTER TABLE consent_abdominalemergency OWNER TO freely_given_owner;
ALTER TABLE consent_alternativeopened OWNER TO freely_given_owner;
ALTER TABLE consent_bundletaken OWNER TO freely_given_owner;
ALTER TABLE consent_capacityassessment OWNER TO freely_given_owner;
ALTER TABLE consent_clinicalfact OWNER TO freely_given_owner;
ALTER TABLE consent_complaint OWNER TO freely_given_owner;
ALTER TABLE consent_complaintanswer OWNER TO freely_given_owner;
ALTER TABLE consent_consent OWNER TO freely_given_owner;
ALTER TABLE consent_conversation OWNER TO freely_given_owner;
ALTER TABLE consent_copyhandover OWNER TO freely_given_owner;
ALTER TABLE consent_correctionanswer OWNER TO freely_given_owner;
ALTER TABLE consent_correctionrequest OWNER TO freely_given_owner;
ALTER TABLE consent_emergencycare OWNER TO freely_given_owner;
ALTER TABLE consent_emergencyreview OWNER TO freely_given_owner;
ALTER TABLE consent_erasure OWNER TO freely_given_owner;
ALTER TABLE consent_erasurerequest OWNER TO freely_given_owner;
ALTER TABLE consent_errorconfirmation OWNER TO freely_given_owner;
ALTER TABLE consent_errorreport OWNER TO freely_given_owner;
ALTER TABLE consent_frozenrecord OWNER TO freely_given_owner;
ALTER TABLE consent_guardianword OWNER TO freely_given_owner;
ALTER TABLE consent_historicalconsent OWNER TO freely_given_owner;
ALTER TABLE consent_hold OWNER TO freely_given_owner;
ALTER TABLE consent_holdlift OWNER TO freely_given_owner;
ALTER TABLE consent_informationsheet OWNER TO freely_given_owner;
ALTER TABLE consent_informationsheetversion OWNER TO freely_given_owner;
ALTER TABLE consent_knowncheckpoint OWNER TO freely_given_owner;
ALTER TABLE consent_ledger OWNER TO freely_given_owner;
ALTER TABLE consent_ledgerbinding OWNER TO freely_given_owner;
ALTER TABLE consent_ledgercheckpoint OWNER TO freely_given_owner;
ALTER TABLE consent_ledgercosignature OWNER TO freely_given_owner;
ALTER TABLE consent_ledgerentry OWNER TO freely_given_owner;
ALTER TABLE consent_ledgerkey OWNER TO freely_given_owner;
ALTER TABLE consent_ledgerleaf OWNER TO freely_given_owner;
ALTER TABLE consent_ledgerlease OWNER TO freely_given_owner;
ALTER TABLE consent_ledgerstamp OWNER TO freely_given_owner;
ALTER TABLE consent_ledgertile OWNER TO freely_given_owner;
ALTER TABLE consent_ledgerwaiting OWNER TO freely_given_owner;
ALTER TABLE consent_papercheck OWNER TO freely_given_owner;
ALTER TABLE consent_paperform OWNER TO freely_given_owner;
ALTER TABLE consent_paperscan OWNER TO freely_given_owner;
ALTER TABLE consent_patienttold OWNER TO freely_given_owner;
ALTER TABLE consent_personpresent OWNER TO freely_given_owner;
ALTER TABLE consent_policyversion OWNER TO freely_given_owner;
ALTER TABLE consent_prematurebirth OWNER TO freely_given_owner;
ALTER TABLE consent_procedureend OWNER TO freely_given_owner;
ALTER TABLE consent_procedurestart OWNER TO freely_given_owner;
ALTER TABLE consent_questionasked OWNER TO freely_given_owner;
ALTER TABLE consent_recordissue OWNER TO freely_given_owner;
ALTER TABLE consent_redactedrow OWNER TO freely_given_owner;
ALTER TABLE consent_refusedoffer OWNER TO freely_given_owner;
ALTER TABLE consent_removalcontraindication OWNER TO freely_given_owner;
ALTER TABLE consent_removalend OWNER TO freely_given_owner;
ALTER TABLE consent_removalrequest OWNER TO freely_given_owner;
ALTER TABLE consent_removalsecondopinion OWNER TO freely_given_owner;
ALTER TABLE consent_shorterwaitanswer OWNER TO freely_given_owner;
ALTER TABLE consent_shorterwaitrequest OWNER TO freely_given_owner;
ALTER TABLE consent_signature OWNER TO freely_given_owner;
ALTER TABLE consent_talkdraft OWNER TO freely_given_owner;
ALTER TABLE consent_talkrequest OWNER TO freely_given_owner;
ALTER TABLE consent_teachback OWNER TO freely_given_owner;
ALTER TABLE consent_theatreaddition OWNER TO freely_given_owner;
ALTER TABLE consent_witnessedlog OWNER TO freely_given_owner;
ALTER TABLE consent_youngpersonnote OWNER TO freely_given_owner;
ALTER TABLE django_content_type OWNER TO freely_given_owner;
ALTER TABLE django_migrations OWNER TO freely_given_owner;
ALTER TABLE django_session OWNER TO freely_given_owner;
ALTER TABLE mfa_authenticator OWNER TO freely_given_owner;
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC, freely_given_app, freely_given_sequencer, freely_given_auditor;

-- 3. The app: adds to evidence and reads it, moves what may move, deletes only what other packages keep.
GRANT SELECT, INSERT, UPDATE, DELETE ON account_emailaddress TO freely_given_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON account_emailconfirmation TO freely_given_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON auth_group TO freely_given_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON auth_group_permissions TO freely_given_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON auth_permission TO freely_given_app;
GRANT SELECT, INSERT, UPDATE ON clinic_account TO freely_given_app;
GRANT SELECT, INSERT, UPDATE ON clinic_appointment TO freely_given_app;
GRANT SELECT, INSERT ON clinic_historicalappointment TO freely_given_app;
GRANT SELECT, INSERT ON clinic_historicalpatient TO freely_given_app;
GRANT SELECT, INSERT ON clinic_historicalpractitioner TO freely_given_app;
GRANT SELECT, INSERT ON clinic_historicalprocedure TO freely_given_app;
GRANT SELECT, INSERT ON clinic_historicalproceduretype TO freely_given_app;
GRANT SELECT, INSERT, UPDATE ON clinic_patient TO freely_given_app;
GRANT SELECT, INSERT, UPDATE ON clinic_patientcard TO freely_given_app;
GRANT SELECT, INSERT, UPDATE ON clinic_practitioner TO freely_given_app;
GRANT SELECT, INSERT, UPDATE ON clinic_procedure TO freely_given_app;
GRANT SELECT, INSERT, UPDATE ON clinic_proceduretype TO freely_given_app;
GRANT SELECT, INSERT ON clinic_recordview TO freely_given_app;
GRANT SELECT, INSERT, UPDATE ON clinic_site TO freely_given_app;
GRANT SELECT, INSERT, UPDATE ON clinic_tablethandover TO freely_given_app;
GRANT SELECT, INSERT ON consent_abdominalemergency TO freely_given_app;
GRANT SELECT, INSERT ON consent_alternativeopened TO freely_given_app;
GRANT SELECT, INSERT ON consent_bundletaken TO freely_given_app;
GRANT SELECT, INSERT ON consent_capacityassessment TO freely_given_app;
GRANT SELECT, INSERT ON consent_clinicalfact TO freely_given_app;
GRANT SELECT, INSERT ON consent_complaint TO freely_given_app;
GRANT SELECT, INSERT ON consent_complaintanswer TO freely_given_app;
GRANT SELECT, INSERT, UPDATE ON consent_consent TO freely_given_app;
GRANT SELECT, INSERT ON consent_conversation TO freely_given_app;
GRANT SELECT, INSERT ON consent_copyhandover TO freely_given_app;
GRANT SELECT, INSERT ON consent_correctionanswer TO freely_given_app;
GRANT SELECT, INSERT ON consent_correctionrequest TO freely_given_app;
GRANT SELECT, INSERT ON consent_emergencycare TO freely_given_app;
GRANT SELECT, INSERT ON consent_emergencyreview TO freely_given_app;
GRANT SELECT, INSERT ON consent_erasure TO freely_given_app;
GRANT SELECT, INSERT ON consent_erasurerequest TO freely_given_app;
GRANT SELECT, INSERT ON consent_errorconfirmation TO freely_given_app;
GRANT SELECT, INSERT ON consent_errorreport TO freely_given_app;
GRANT SELECT, INSERT ON consent_frozenrecord TO freely_given_app;
GRANT SELECT, INSERT ON consent_guardianword TO freely_given_app;
GRANT SELECT, INSERT ON consent_historicalconsent TO freely_given_app;
GRANT SELECT, INSERT ON consent_hold TO freely_given_app;
GRANT SELECT, INSERT ON consent_holdlift TO freely_given_app;
GRANT SELECT, INSERT ON consent_informationsheet TO freely_given_app;
GRANT SELECT, INSERT ON consent_informationsheetversion TO freely_given_app;
GRANT SELECT, INSERT ON consent_knowncheckpoint TO freely_given_app;
GRANT SELECT, INSERT ON consent_ledger TO freely_given_app;
GRANT SELECT, INSERT ON consent_ledgerbinding TO freely_given_app;
GRANT SELECT ON consent_ledgercheckpoint TO freely_given_app;
GRANT SELECT, INSERT ON consent_ledgercosignature TO freely_given_app;
GRANT SELECT, INSERT ON consent_ledgerentry TO freely_given_app;
GRANT SELECT ON consent_ledgerkey TO freely_given_app;
GRANT SELECT ON consent_ledgerleaf TO freely_given_app;
GRANT SELECT ON consent_ledgerlease TO freely_given_app;
GRANT SELECT, INSERT ON consent_ledgerstamp TO freely_given_app;
GRANT SELECT ON consent_ledgertile TO freely_given_app;
GRANT SELECT, INSERT ON consent_ledgerwaiting TO freely_given_app;
GRANT SELECT, INSERT ON consent_papercheck TO freely_given_app;
GRANT SELECT, INSERT ON consent_paperform TO freely_given_app;
GRANT SELECT, INSERT ON consent_paperscan TO freely_given_app;
GRANT SELECT, INSERT ON consent_patienttold TO freely_given_app;
GRANT SELECT, INSERT ON consent_personpresent TO freely_given_app;
GRANT SELECT, INSERT ON consent_policyversion TO freely_given_app;
GRANT SELECT, INSERT ON consent_prematurebirth TO freely_given_app;
GRANT SELECT, INSERT ON consent_procedureend TO freely_given_app;
GRANT SELECT, INSERT ON consent_procedurestart TO freely_given_app;
GRANT SELECT, INSERT ON consent_questionasked TO freely_given_app;
GRANT SELECT, INSERT ON consent_recordissue TO freely_given_app;
GRANT SELECT, INSERT ON consent_redactedrow TO freely_given_app;
GRANT SELECT, INSERT ON consent_refusedoffer TO freely_given_app;
GRANT SELECT, INSERT ON consent_removalcontraindication TO freely_given_app;
GRANT SELECT, INSERT ON consent_removalend TO freely_given_app;
GRANT SELECT, INSERT ON consent_removalrequest TO freely_given_app;
GRANT SELECT, INSERT ON consent_removalsecondopinion TO freely_given_app;
GRANT SELECT, INSERT ON consent_shorterwaitanswer TO freely_given_app;
GRANT SELECT, INSERT ON consent_shorterwaitrequest TO freely_given_app;
GRANT SELECT, INSERT ON consent_signature TO freely_given_app;
GRANT SELECT, INSERT, UPDATE ON consent_talkdraft TO freely_given_app;
GRANT SELECT, INSERT ON consent_talkrequest TO freely_given_app;
GRANT SELECT, INSERT ON consent_teachback TO freely_given_app;
GRANT SELECT, INSERT ON consent_theatreaddition TO freely_given_app;
GRANT SELECT, INSERT, UPDATE ON consent_witnessedlog TO freely_given_app;
GRANT SELECT, INSERT ON consent_youngpersonnote TO freely_given_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON django_content_type TO freely_given_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON django_session TO freely_given_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON mfa_authenticator TO freely_given_app;
GRANT SELECT ON django_migrations TO freely_given_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON cache_entries TO freely_given_app;

-- 4. The sequencer: places, tiles, heads; the queue is the one table it takes rows from.
GRANT SELECT ON clinic_site TO freely_given_sequencer;
GRANT SELECT, INSERT ON consent_knowncheckpoint TO freely_given_sequencer;
GRANT SELECT ON consent_ledger TO freely_given_sequencer;
GRANT SELECT ON consent_ledgerbinding TO freely_given_sequencer;
GRANT SELECT, INSERT ON consent_ledgercheckpoint TO freely_given_sequencer;
GRANT SELECT, INSERT ON consent_ledgercosignature TO freely_given_sequencer;
GRANT SELECT, INSERT ON consent_ledgerentry TO freely_given_sequencer;
GRANT SELECT, INSERT ON consent_ledgerkey TO freely_given_sequencer;
GRANT SELECT, INSERT ON consent_ledgerleaf TO freely_given_sequencer;
GRANT SELECT, INSERT, UPDATE ON consent_ledgerlease TO freely_given_sequencer;
GRANT SELECT, INSERT ON consent_ledgerstamp TO freely_given_sequencer;
GRANT SELECT, INSERT ON consent_ledgertile TO freely_given_sequencer;
GRANT SELECT, INSERT, DELETE ON consent_ledgerwaiting TO freely_given_sequencer;
GRANT SELECT ON consent_witnessedlog TO freely_given_sequencer;

-- 5. The auditor: open columns only, column by column.
GRANT SELECT (id, procedure_type_id) ON clinic_procedure TO freely_given_auditor;
GRANT SELECT (id, category, particular) ON clinic_proceduretype TO freely_given_auditor;
GRANT SELECT (id, name, time_zone, preset, opened_at) ON clinic_site TO freely_given_auditor;
GRANT SELECT (id, consent_id, certified_at) ON consent_abdominalemergency TO freely_given_auditor;
GRANT SELECT (id, conversation_id, key, seconds_open) ON consent_alternativeopened TO freely_given_auditor;
GRANT SELECT (id, taken_at, form_key) ON consent_bundletaken TO freely_given_auditor;
GRANT SELECT (id, consent_id, assessed_at, form_key) ON consent_capacityassessment TO freely_given_auditor;
GRANT SELECT (id, consent_id, recorded_at) ON consent_clinicalfact TO freely_given_auditor;
GRANT SELECT (id, site_id, adds_to_id, made_via, made_at, form_key) ON consent_complaint TO freely_given_auditor;
GRANT SELECT (id, complaint_id, answered_at) ON consent_complaintanswer TO freely_given_auditor;
GRANT SELECT (id, site_id, procedure_id, sheet_version_id, policy_id, supersedes_id, state, decision, proposed_at, informed_at, more_time_asked_at, given_at, given_via, signed_digest, signed_policy_id, copy_choice, confirmed_at, was_alone_at_confirmation, certified_at, ended_at, ended_reason, ended_via, form_key) ON consent_consent TO freely_given_auditor;
GRANT SELECT (id, consent_id, held_at, text_language, interpreter_qualification, interpreter_is_companion, sheet_opened_at, was_live, no_loss_spoken, anaesthetic_told, health_questions_asked, witness_offered, minutes_alone, companion_would_not_leave, referral, request_repeated_alone, form_key) ON consent_conversation TO freely_given_auditor;
GRANT SELECT (id, consent_id, frozen_id, form, handed_at) ON consent_copyhandover TO freely_given_auditor;
GRANT SELECT (id, request_id, outcome, answered_at) ON consent_correctionanswer TO freely_given_auditor;
GRANT SELECT (id, site_id, asked_via, asked_at, form_key) ON consent_correctionrequest TO freely_given_auditor;
GRANT SELECT (id, procedure_id, happened_at, declared_at, form_key) ON consent_emergencycare TO freely_given_auditor;
GRANT SELECT (id, emergency_id, finding, reviewed_at) ON consent_emergencyreview TO freely_given_auditor;
GRANT SELECT (id, request_id, key_generation, erased_by_id, erased_at) ON consent_erasure TO freely_given_auditor;
GRANT SELECT (id, patient_id, basis, authority, asked_by_id, asked_at, form_key) ON consent_erasurerequest TO freely_given_auditor;
GRANT SELECT (id, report_id, confirmed_at) ON consent_errorconfirmation TO freely_given_auditor;
GRANT SELECT (id, consent_id, patient_agreed, reported_at) ON consent_errorreport TO freely_given_auditor;
GRANT SELECT (id, consent_id, language, made_at) ON consent_frozenrecord TO freely_given_auditor;
GRANT SELECT (id, consent_id, recorded_at, form_key) ON consent_guardianword TO freely_given_auditor;
GRANT SELECT (id, state, decision, proposed_at, informed_at, more_time_asked_at, given_at, given_via, signed_digest, copy_choice, confirmed_at, was_alone_at_confirmation, certified_at, ended_at, ended_reason, ended_via, form_key, history_user_id, site_id, procedure_id, sheet_version_id, policy_id, supersedes_id, signed_policy_id, history_id, history_date, history_change_reason, history_type) ON consent_historicalconsent TO freely_given_auditor;
GRANT SELECT (id, consent_id, raised_at, form_key) ON consent_hold TO freely_given_auditor;
GRANT SELECT (id, hold_id, lifted_at) ON consent_holdlift TO freely_given_auditor;
GRANT SELECT (id, key, procedure_type_id) ON consent_informationsheet TO freely_given_auditor;
GRANT SELECT (id, sheet_id, site_id, language, major, minor, title, content, digest, reading_minutes, published_at) ON consent_informationsheetversion TO freely_given_auditor;
GRANT SELECT (id, origin, size, root_hash, note, source, received_at) ON consent_knowncheckpoint TO freely_given_auditor;
GRANT SELECT (id, site_id, incarnation, origin, created_at) ON consent_ledger TO freely_given_auditor;
GRANT SELECT (id, entry_id, model, key) ON consent_ledgerbinding TO freely_given_auditor;
GRANT SELECT (id, ledger_id, size, root_hash, frontier, note, made_at) ON consent_ledgercheckpoint TO freely_given_auditor;
GRANT SELECT (id, ledger_id, size, root_hash, key_name, line, cosigned_at, received_at) ON consent_ledgercosignature TO freely_given_auditor;
GRANT SELECT (id, ledger_id, kind, subject, sseq, body, leaf_hash, recorded_at) ON consent_ledgerentry TO freely_given_auditor;
GRANT SELECT (id, ledger_id, vkey, from_size, added_at) ON consent_ledgerkey TO freely_given_auditor;
GRANT SELECT (id, ledger_id, index, entry_id, leaf_hash) ON consent_ledgerleaf TO freely_given_auditor;
GRANT SELECT (ledger_id) ON consent_ledgerlease TO freely_given_auditor;
GRANT SELECT (id, ledger_id, size, authority, token, stamped_at) ON consent_ledgerstamp TO freely_given_auditor;
GRANT SELECT (id, ledger_id, level, number, hashes) ON consent_ledgertile TO freely_given_auditor;
GRANT SELECT (number, entry_id) ON consent_ledgerwaiting TO freely_given_auditor;
GRANT SELECT (id, scan_id, checked_at, is_right, fault, form_key) ON consent_papercheck TO freely_given_auditor;
GRANT SELECT (id, consent_id, language, printed_at, form_key) ON consent_paperform TO freely_given_auditor;
GRANT SELECT (id, consent_id, form_id, code, code_was_typed, answer, happened_at, received_at, media_type, content_digest, pages, form_key) ON consent_paperscan TO freely_given_auditor;
GRANT SELECT (id, procedure_id, told_at) ON consent_patienttold TO freely_given_auditor;
GRANT SELECT (id, conversation_id, left_before_signing, asked_for_by_patient_alone) ON consent_personpresent TO freely_given_auditor;
GRANT SELECT (id, digest, preset, document, first_used_at) ON consent_policyversion TO freely_given_auditor;
GRANT SELECT (id, consent_id, certified_at) ON consent_prematurebirth TO freely_given_auditor;
GRANT SELECT (id, start_id, outcome, stop_reason, ended_at) ON consent_procedureend TO freely_given_auditor;
GRANT SELECT (id, procedure_id, consent_id, emergency_id, addition_id, policy_id, entry_id, started_at) ON consent_procedurestart TO freely_given_auditor;
GRANT SELECT (id, conversation_id, number) ON consent_questionasked TO freely_given_auditor;
GRANT SELECT (id, consent_id, frozen_id, language, pdf_digest, issued_at) ON consent_recordissue TO freely_given_auditor;
GRANT SELECT (id, erasure_id, entry_id, model, key, commitments, link_salts) ON consent_redactedrow TO freely_given_auditor;
GRANT SELECT (id, procedure_id, unmet, offered_at, form_key) ON consent_refusedoffer TO freely_given_auditor;
GRANT SELECT (id, request_id, recorded_at, form_key) ON consent_removalcontraindication TO freely_given_auditor;
GRANT SELECT (id, request_id, outcome, procedure_id, ended_via, ended_at) ON consent_removalend TO freely_given_auditor;
GRANT SELECT (id, site_id, asked_via, asked_at, form_key) ON consent_removalrequest TO freely_given_auditor;
GRANT SELECT (id, contraindication_id, agrees, told_patient, given_at) ON consent_removalsecondopinion TO freely_given_auditor;
GRANT SELECT (id, request_id, is_agreed, was_private, answered_at) ON consent_shorterwaitanswer TO freely_given_auditor;
GRANT SELECT (id, consent_id, asked_at) ON consent_shorterwaitrequest TO freely_given_auditor;
GRANT SELECT (id, consent_id, meaning, method, signed_via, signed_at, sheet_digest, is_reused, language, witness_is_independent, paper_id) ON consent_signature TO freely_given_auditor;
GRANT SELECT (id, consent_id, asked_at) ON consent_talkrequest TO freely_given_auditor;
GRANT SELECT (id, conversation_id, key, is_understood, attempts, answered_by_companion) ON consent_teachback TO freely_given_auditor;
GRANT SELECT (id, during_id, procedure_id, declared_at, form_key) ON consent_theatreaddition TO freely_given_auditor;
GRANT SELECT (origin, size, root_hash) ON consent_witnessedlog TO freely_given_auditor;
GRANT SELECT (id, consent_id, noted_at, form_key) ON consent_youngpersonnote TO freely_given_auditor;

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
