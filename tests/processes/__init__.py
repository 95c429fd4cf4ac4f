"""Tests of the processes: turns, services, pages."""
