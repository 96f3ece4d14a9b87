"""What a record costs: pages, seal, last look, archive; beside bare reportlab and WeasyPrint. Run by `make bench`.

Nothing here is product code. Records are those of the tests, in six languages, all invented.
"""
