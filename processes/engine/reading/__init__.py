"""From bytes to definitions; the door is `processes.engine.bpmn`."""
