"""Business records: sections of typed fields that processes and people work on."""
