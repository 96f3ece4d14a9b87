"""Signs of pressure: on one visit, over time, and in words. Pure; nothing here writes, sends or holds anything.

A signal describes a process, or what staff did. It adds nothing up about a patient and punishes nobody. It says: stop
this step, or let the advocate look. Whoever asks acts on the answer.

| question | module |
|---|---|
| What must be known to see a signal? | `facts` |
| What shows on one visit (PS-01 to PS-15)? What over time (PS-16 to PS-24)? | `visit`, `talk`, `over_time` |
| What is a signal, and how do findings become signals? | `judging` |
| Which numbers, sentences and actions stand in the table? | `table`, `shapes`, `reader`, `presets/signals.toml` |
| Which of the site's own bars bear on it? | `bars` |
| Does a note speak of rewards, threats, quotas or conditions? | `words`, `word_table`, `text`, `presets/words.toml` |
| How are stretches of time added up? | `spans` |
| What does `docs/signals.md` say? | `page` |

>>> from consent.rules.signals.table import load_signals
>>> load_signals()["PS-05"].title.en
'A companion would not leave'
"""
