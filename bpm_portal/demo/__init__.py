"""Demo data: people, records, processes from several trades, and instances waiting at every kind of step."""
