"""What a definition must fulfil; the door is `processes.engine.validate`."""
