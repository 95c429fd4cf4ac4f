"""Processes: definitions, their instances, and the steps that wait for people, time and machines."""
