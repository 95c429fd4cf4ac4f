"""Promises that every implementation of a port must keep."""
