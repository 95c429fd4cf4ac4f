"""Tests of the shape of the code: who may refer to whom."""
