"""Marsad: preserve reports, read claims, link incidents, count ranges, publish safely."""

__version__ = "0.1.0"
