"""Stands in for the database where none is named and no portal runs here."""
