"""The printer: turns one ConsentRecord into the paper the patient takes home, and one Slip into her proof slip.

A pure room: it reads no tables, asks no clock and knows no Django. Every word it prints is handed to it,
already in the record's language; the same record gives the same bytes. It is the only room that may import
reportlab, and only `paper.py`, `fonts.py` and `qr.py` do so.

>>> from consent.record.pdf import render_record
>>> render_record(record)[:5]  # doctest: +SKIP
b'%PDF-'
"""
