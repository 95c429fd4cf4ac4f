"""The pages of sections and records: fetch what may be seen, call one service, show."""
