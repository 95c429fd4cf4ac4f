"""Tests of people, sign-in and preferences."""
