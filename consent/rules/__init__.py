"""The rules of consent, as plain Python: no Django, no database, no clock, no network.

This room answers questions. It writes nothing and lets nothing happen by itself; `consent.actions` asks it under a lock
and acts on the answer. Where to look:

| question | module |
|---|---|
| May it be offered now, may the patient sign, may the procedure start? What is missing? | `gate.decide` |
| What are the requirements, and what does each one say? | `requirements/` |
| How high is each bar here (minutes, days, ages), and by which source? | `policy`, `presets/*.toml`, `rule_table` |
| What is each of the 78 rules about, and what do people read, in which language? | `definitions`, `sentences` |
| Which kinds of value are there, and which of two is stricter? | `rule_kinds` |
| How are the files read, and what is refused, in which line? | `rule_reader`, `definition_reader`, `toml_places` |
| What may a site change? Only to the stricter side. In which file? | `ratchet`, `site_rules` |
| Under which table was a consent signed? | `policy_digest` |
| What follows from an assessment of being able to decide? | `ability` |
| Which days make an early birth, and when is a shorter wait over? | `waits` |
| How long may a removal take, and what ends a wish for one? | `removals` |
| By when is a complaint answered? | `complaints` |
| When may an answer on paper be relied on? | `papers` |
| When may care begin although nobody could ask the patient? | `emergencies`, `additions`, `without_consent` |
| Which step may follow which, and who may take it? | `lifecycle.next_state`, `steps` |
| Does an information sheet say all it must? Which words exactly? | `disclosure`, `elements`, `sheet_text` |
| Which pages does a talk need, what does each ask, what did the clock note? | `talk_steps`, `talk_clock` |
| How are days, hours, ages and languages counted? | `days`, `languages` |
| What does a case in a file say, and what is wrong? | `facts_file`, `facts_order`, `facts_values`, `facts_schema` |
| Does anything look like pressure: on a visit, over time, in words? | `signals` |
| What would a state auditor look for? | `self_audit` |
| What do the generated pages in `docs/` say? | `documents`, `rules_page`, `markdown` |
| What is a requirement, and what is it asked about? Which sentences are translated? | `case`, `wording` |
"""
