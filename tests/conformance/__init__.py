"""Cases that others wrote for BPMN engines, played through rows, turns and worker jobs."""
