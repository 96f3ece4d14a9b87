"""What things cost. Run by `make nightly` with `-s`, so that the figures are seen."""
