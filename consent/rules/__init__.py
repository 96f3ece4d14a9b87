"""The rules of consent, as plain Python: no Django, no database, no clock, no network.

This room answers questions. It writes nothing and lets nothing happen by itself; `consent.actions` asks it under a lock
and acts on the answer. Where to look:

| question | module |
|---|---|
| May the patient sign now? May the procedure start now? What is missing? | `gate.decide` |
| What are the requirements, and what does each one say? | `requirements/` |
| How high is each bar here (minutes, days, ages), and by which source? | `policy`, `presets/*.toml`, `rule_table` |
| Which step may follow which, and who may take it? | `lifecycle.next_state`, `steps` |
| Does an information sheet say all it must? Which words exactly? | `disclosure`, `elements`, `sheet_text` |
| How are days, hours, ages and languages counted? | `days`, `languages` |
| What do the generated pages in `docs/` say? | `documents` |
| What is a requirement, and what is it asked about? Which sentences are translated? | `case`, `wording` |
"""
